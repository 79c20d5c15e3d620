#!/usr/bin/python3
"""A valid flow broken in ten ways in which accounting programs really break them, and what is then read.

Each report of `dematctl check` is compared, word for word, with reports/<fault>.txt: those are meant to be read. The
same files go through a running gateway, which must find the same. `test_faults.py --write` writes the reports anew.
"""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

import rig

REPORTS = pathlib.Path(__file__).resolve().parent / "reports"


def replaced(old, new, count=1):
    """One text for another, in the bytes of the file."""
    old, new = old.encode("latin-1"), new.encode("latin-1")

    def fault(flow):
        assert flow.count(old) >= count, old
        return flow.replace(old, new, count)
    return fault


def changed(pattern, new):
    """The first match of a pattern."""
    def fault(flow):
        out, found = re.subn(pattern.encode("latin-1"), new.encode("latin-1"), flow, count=1, flags=re.S)
        assert found, pattern
        return out
    return fault


FAULTS = {
    # what the program did: (kind of flow, how)
    "montant_a_virgule": ("depense", replaced('<MtHT V="4234.65"/>', '<MtHT V="4234,65"/>')),
    "date_francaise": ("depense", replaced('<DteBordEm V="2026-01-15"/>', '<DteBordEm V="15/01/2026"/>')),
    "esperluette_nue": ("depense", replaced("Nettoyage Mirandeau", "Nettoyage Mirandeau & Fils")),
    "faux_encodage": ("depense", replaced('encoding="ISO-8859-1"', 'encoding="UTF-8"')),
    "nature_oubliee": ("depense", changed(r'\s*<NatPce V="01"/>', "")),
    "iban_mal_recopie": ("depense", replaced("FR7690318429581288982788136", "FR7690318429581288982788163")),
    "siret_mal_recopie": ("depense", replaced('<IdTiers V="99951426800047"/>', '<IdTiers V="99951426800074"/>')),
    "nombre_de_mandats": ("depense", replaced('<NbrPce V="2"/>', '<NbrPce V="5"/>')),
    "code_postal_ampute": ("depense", replaced('<CP V="34910"/>', '<CP V="3491"/>')),
    "piece_jointe_illisible": ("recette", changed(r"(<Fichier[^>]*>\s*)H4sI", r"\1JVBE")),
}


class Faults(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        flows = {kind: rig.sample(kind, rig.VALJOIE_SIREN, "DIX-FAUTES", "--dematerialise", "--ids", "--pieces", "2",
                                  *(("--pj", "1", "--pj-size", "200") if kind == "recette" else ()))
                 for kind in ("depense", "recette")}
        cls.files = {}
        for kind, flow in flows.items():
            cls.files[kind] = cls.put(kind, flow)
        for name, (kind, fault) in FAULTS.items():
            cls.files[name] = cls.put(name, fault(flows[kind]))

    @classmethod
    def put(cls, name, content):
        file = cls.folder / f"{name}.xml"
        file.write_bytes(content)
        return file

    def offline(self, name, *options):
        command = [str(rig.BUILD / "tools/dematctl/dematctl"), *options, "check", "--offline", "--to-be-signed", "--lang", "fr",
                   str(self.files[name])]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("DEMATCTL_")}
        return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment | {"HOME": str(self.folder)})

    def test_the_flows_are_valid_before(self):
        for kind in ("depense", "recette"):
            done = self.offline(kind)
            self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
            self.assertIn("\naccepté : ", done.stdout)

    def test_each_report_is_as_it_should_read(self):
        for name in FAULTS:
            with self.subTest(name):
                done = self.offline(name)
                self.assertEqual(done.stderr, "")
                self.assertEqual(done.stdout, (REPORTS / f"{name}.txt").read_text())
                refused = "\nrefusé : " in done.stdout
                self.assertEqual(done.returncode, 1 if refused else 0)
                self.assertNotIn("\naccepté : aucune remarque", done.stdout)

    def running(self, name):
        """A gateway, and an agent of the authority."""
        simulator = rig.Simulator(self.folder / f"sim-{name}", "sftp")
        self.addCleanup(simulator.stop)
        gateway = rig.Gateway(self.folder / name, simulator)
        gateway.start()
        self.addCleanup(gateway.stop)
        gateway.declare()
        agent = gateway.api("valjoie")
        self.addCleanup(agent.close)
        return gateway, agent

    def test_how_serious_a_rule_is_is_data(self):
        gateway, agent = self.running("serious")
        flow = self.files["nombre_de_mandats"].read_bytes()

        def accepted():
            return json.loads(agent.raw("POST", "/v1/check", flow, {"Content-Type": "application/xml"})[2])["accepted"]

        def severity():
            rules = json.loads(agent.raw("GET", "/v1/rules")[2])["items"]
            return next(rule["severity"] for rule in rules if rule["name"] == "P26")

        self.assertEqual((accepted(), severity()), (True, "warning"))
        before = gateway.config.read_text()
        rows = f'[[rules]]\nrule = "P26"\nseverity = "error"\nauthorities = ["{rig.VALJOIE_SIREN}"]\n'
        gateway.config.write_text(before + rows)
        gateway.process.send_signal(signal.SIGHUP)
        rig.until("the rule to refuse", lambda: not accepted())
        self.assertEqual(severity(), "error")
        gateway.config.write_text(before + '[[rules]]\nrule = "P99"\nseverity = "off"\n')
        checked = subprocess.run([str(rig.BUILD / "gateway/dematd"), "check-config", "--config", str(gateway.config)],
                                 capture_output=True, text=True, timeout=60)
        self.assertEqual(checked.returncode, 1)
        self.assertIn("rules.unknown", checked.stderr)
        self.assertIn("P99", checked.stderr)

    def test_the_gateway_finds_the_same(self):
        _, agent = self.running("same")
        for name in FAULTS:
            with self.subTest(name):
                offline = json.loads(self.offline(name, "--json").stdout)
                status, _, body = agent.raw("POST", "/v1/check", self.files[name].read_bytes(),
                                            {"Content-Type": "application/xml"})
                self.assertEqual(status, 200, body)
                online = json.loads(body)
                self.assertEqual(online["verdict"], offline["verdict"])
                self.assertEqual(online["findings"], offline["findings"])
                status, headers, page = agent.raw("POST", "/v1/check", self.files[name].read_bytes(),
                                                  {"Content-Type": "application/xml", "Accept": "text/html"})
                self.assertEqual(status, 200)
                self.assertIn(online["verdict"]["fr"], page.decode())


def write():
    Faults.setUpClass()
    REPORTS.mkdir(exist_ok=True)
    for name in FAULTS:
        (REPORTS / f"{name}.txt").write_text(Faults("test_the_flows_are_valid_before").offline(name).stdout)
    Faults.doClassCleanups()


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    else:
        unittest.main(verbosity=2)
