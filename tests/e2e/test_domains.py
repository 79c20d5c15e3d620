#!/usr/bin/python3
"""The domains beside dépense and recette on their whole road, and the pack in force deciding what is valid."""

import hashlib
import pathlib
import shutil
import tempfile
import unittest

import rig

FINAL = {"acknowledged", "partly_rejected", "rejected", "refused", "cancelled"}

# make_sample command, its options, whether the gateway signs it
DOMAINS = [
    ("facture", ("--pieces", "3"), False),
    ("asap", ("--pieces", "2"), True),
    ("marche", (), False),
    ("concession", ("--contrat", "DSP2026"), False),
]


class Domains(unittest.TestCase):
    """One simulated Hélios and two gateways: one with the pack in force, one kept at 5.17."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-e2e-"))
        cls.simulator = rig.Simulator(cls.folder / "sim", "sftp", "--delay", "0.05")
        cls.gateways, cls.agents = {}, {}
        for version in ("5.30", "5.17"):
            settings = f'[schemas]\npes = "{version}"'
            gateway = rig.Gateway(cls.folder / version, cls.simulator, settings)
            gateway.start()
            gateway.declare()
            cls.gateways[version] = gateway
            cls.agents[version] = gateway.api("valjoie")

    @classmethod
    def tearDownClass(cls):
        for agent in cls.agents.values():
            agent.close()
        for gateway in cls.gateways.values():
            gateway.stop()
        cls.simulator.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def finished(self, content, version="5.30"):
        agent = self.agents[version]
        status, _, answer = agent.submit(content)
        self.assertEqual(status, 202, answer)
        return rig.until("an answer", lambda: next(
            (f for f in [agent.flow(answer["id"])] if f["state"] in FINAL), None))

    def sample(self, kind, nom_fic, *options):
        return rig.sample(kind, rig.VALJOIE_SIREN, nom_fic, *options)

    def findings(self, flow, version):
        return self.agents[version].json("GET", f"/v1/flows/{flow['id']}/report")[1]["findings"]

    def test_every_domain_reaches_its_acquit(self):
        for kind, options, signed in DOMAINS:
            with self.subTest(kind):
                name = f"DOMAINE-{kind.upper()}"
                content = self.sample(kind, name, *options)
                flow = self.finished(content)
                self.assertEqual(flow["state"], "acknowledged", self.findings(flow, "5.30"))
                received = [d["sha256"] for d in self.simulator.ledger("deposit") if d["nomfic"] == name]
                self.assertEqual(len(received), 1)
                self.assertEqual(received[0] == hashlib.sha256(content).hexdigest(), not signed)

    def test_the_pack_in_force_decides(self):
        """CCAG 07 came after 5.17: one gateway refuses the flow, the other sends it."""
        new = lambda name: self.sample("marche", name, "--contrat", f"2026{name}").replace(
            b'CCAGReference V="01"', b'CCAGReference V="07"')
        flow = self.finished(new("CCAG1"), "5.17")
        self.assertEqual(flow["state"], "refused")
        self.assertIn("CCAGReference", next(f["place"]["path"] for f in self.findings(flow, "5.17")
                                            if f["severity"] == "error"))
        self.assertEqual(self.finished(new("CCAG2"), "5.30")["state"], "acknowledged")
        self.assertEqual(self.finished(self.sample("marche", "ANCIEN", "--contrat", "2026ANC"), "5.17")["state"],
                         "acknowledged")

    def test_a_fault_in_a_new_domain_is_told_with_its_place(self):
        content = self.sample("facture", "FACTURE-FAUTE").replace(b"<MtTotalTTC V=", b"<MtTotalTTc V=", 1)
        flow = self.finished(content)
        self.assertEqual(flow["state"], "refused")
        finding = next(f for f in self.findings(flow, "5.30") if f["severity"] == "error")
        self.assertTrue(finding["code"].startswith("xsd."), finding)
        self.assertIn("/PES_Facture/", finding["place"]["path"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
