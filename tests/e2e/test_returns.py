#!/usr/bin/python3
"""What Hélios sends by itself: read to the line, found by its pièces, acquitted once, kept apart by SIRET, of any size."""

import datetime
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import rig
import vitals

RETOUR = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour"
LARGE = int(os.environ.get("DEMAT_LARGE_RETURN", "160000000"))  # bytes; above what S²LOW took
MEMORY = int(os.environ.get("DEMAT_MEMORY_LIMIT", "192"))  # MB that dematd may hold while it takes it


def head(siret, name):
    return (f'<?xml version="1.0" encoding="ISO-8859-1"?>\n<n:PES_Retour xmlns:n="{RETOUR}"><Enveloppe><Parametres><Version V="2"/>'
            f'<TypFic V="PES2R_DEP"/><NomFic V="{name}"/></Parametres></Enveloppe><EnTetePES><DteStr V="2026-03-15"/>'
            f'<IdPost V="034000"/><IdColl V="{siret}"/><CodColl V="710"/><CodBud V="00"/></EnTetePES><PES_DepenseRetour>'
            '<EnTeteDepense><TypRestit V="02"/><IdVer V="2"/><NatInf V="2"/></EnTeteDepense><Bordereau><BlocBordereau>'
            '<Exer V="2026"/><IdBord V="12"/><TypBord V="01"/></BlocBordereau>')


def piece(number, rejected=False):
    why = '<ObsEtat V="03"/><Commentaire V="Chapitre 011"/>' if rejected else ""
    return (f'<Piece><InfoPiece><IdPce V="{number}"/><TypPce V="01"/><NatPce V="01"/><EtatPce V="{"04" if rejected else "02"}"/>'
            f'{why}</InfoPiece><LigneDePiece><BlocLignePiece><InfoLignePiece><IdLigne V="1"/><EtatLigPce V="01"/><MtHT V="10.00"/>'
            '</InfoLignePiece><InfoPaiement><NbrPay V="1"/><MtPayTot V="12.00"/></InfoPaiement></BlocLignePiece><PaiementEmargement>'
            '<OrgEma V="01"/><DtePay V="2026-03-01"/><MtPay V="12.00"/></PaiementEmargement></LigneDePiece></Piece>\n')


END = "</Bordereau></PES_DepenseRetour></n:PES_Retour>\n"


class Returns(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-returns-"))
        cls.simulator = rig.Simulator(cls.folder / "sim")
        cls.gateway = rig.Gateway(cls.folder / "gateway", cls.simulator)
        cls.gateway.start()
        cls.gateway.declare()
        cls.siren = rig.MONTBRUME_SIREN
        cls.siret = rig.luhn_siret(cls.siren)

    def setUp(self):
        # Of its own for each test: the gateway closes what stays idle during a long one.
        self.operator, self.agent = self.gateway.api("operator"), self.gateway.api("montbrume")
        self.addCleanup(self.operator.close)
        self.addCleanup(self.agent.close)

    @classmethod
    def tearDownClass(cls):
        cls.gateway.stop()
        cls.simulator.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def ctl(self, who, *words):
        pki = self.gateway.pki
        command = [str(rig.BUILD / "tools/dematctl/dematctl"), "--url", f"https://localhost:{self.gateway.port}", "--cert", str(pki / f"{who}.pem"),
                   "--key", str(pki / f"{who}.key"), "--ca", str(pki / "ca.pem"), *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def send(self, name, chunks):
        """Hélios leaves a file: under a dot name first, then whole."""
        sortie = self.simulator.folder / "home/sortie"
        with open(sortie / ("." + name), "w", encoding="iso-8859-1") as out:
            for chunk in chunks:
                out.write(chunk)
        (sortie / ("." + name)).rename(sortie / name)

    def arrived(self, api, path, name, seconds=60):
        return rig.until(f"{name} in {path}", lambda: [one for one in api.json("GET", path)[1]["items"]
                                                      if one["remote_name"] == name], seconds)[0]

    def acquits(self):
        return [line for line in self.simulator.ledger("deposit") if line["root"] == "PES_ACQUIT_RETOUR"]

    def test_a_return_is_read_to_the_line_and_acquitted_once_when_read(self):
        self.ctl("operator", "authority", "returns", self.siren, "--acquit", "on_read")
        self.send("PES2R_LIGNES.xml", [head(self.siret, "PES2R_LIGNES.xml"), piece(345), piece(346, True), END])
        item = self.arrived(self.agent, "/v1/returns?piece=346&etat=04&exercice=2026&bordereau=12", "PES2R_LIGNES.xml")
        self.assertEqual((item["read"], item["typ_restit"], item["domaines"]), (False, "02", ["depense"]))
        self.assertEqual(self.agent.json("GET", "/v1/returns?piece=345&etat=04")[1]["items"], [])
        shown = self.ctl("montbrume", "returns", "lines", item["id"], "--etat", "04")
        self.assertIn("346", shown)
        self.assertIn("04 rejetée", shown)
        self.assertIn("Chapitre 011", shown)
        self.assertNotIn("345", shown)
        self.assertIn("PES2R_LIGNES.xml", self.ctl("montbrume", "returns", "ls", "--unread", "--piece", "345"))
        self.assertIn("rejetée", self.ctl("montbrume", "returns", "show", item["id"]))
        before = len(self.acquits())
        self.ctl("montbrume", "returns", "read", item["id"])
        made = rig.until("the acquit", lambda: self.agent.json("GET", f"/v1/returns/{item['id']}")[1].get("acquit"))
        flow = rig.until("the acquit sent for good",
                         lambda: (self.agent.flow(made) if self.agent.flow(made)["state"] in ("sent_final", "refused") else None))
        self.assertEqual(flow["state"], "sent_final", self.agent.json("GET", f"/v1/flows/{made}/report")[1])
        self.assertIn(made, self.ctl("montbrume", "returns", "acquit", item["id"]))
        sent = rig.until("the acquit at Hélios", lambda: self.acquits()[before:])
        self.assertEqual([one["codcol"] for one in sent], ["710"])
        self.assertTrue(sent[0]["wellformed"])
        bytes_sent = (self.simulator.folder / "received" / sent[0]["file"]).read_bytes()
        self.assertIn(b'<NomFichierRetour V="PES2R_LIGNES.xml"/><TypRestit V="02"/>', bytes_sent)

    def test_a_blocked_siret_keeps_its_returns_apart(self):
        self.ctl("operator", "siret", "block", self.siret, "--reason", "fusion")
        try:
            self.send("PES2R_BLOQUE.xml", [head(self.siret, "PES2R_BLOQUE.xml"), piece(1), END])
            orphan = self.arrived(self.operator, "/v1/orphans?rule=siret_blocked", "PES2R_BLOQUE.xml")
            self.assertEqual(self.agent.json("GET", f"/v1/returns/{orphan['id']}")[0], 404)
            self.assertIn("fusion", self.ctl("operator", "siret", "ls", "--blocked"))
        finally:
            self.ctl("operator", "siret", "unblock", self.siret, "--reason", "fini")
        self.assertEqual(self.agent.json("GET", f"/v1/returns/{orphan['id']}")[1]["state"], "available")

    def test_the_report_of_unassigned_returns_says_whose_they_may_be(self):
        other = next(siret for siret in (f"{self.siren}{nic:05d}" for nic in range(100000)) if rig.luhn_right(siret) and siret != self.siret)
        self.send("PES2R_AUTRE.xml", [head(other, "PES2R_AUTRE.xml"), piece(1), END])
        self.arrived(self.operator, "/v1/orphans?siret=" + other, "PES2R_AUTRE.xml")
        self.assertIn(f"siret add {self.siren} {other}", self.ctl("operator", "siret", "unassigned"))
        self.ctl("operator", "siret", "add", self.siren, other)
        self.ctl("operator", "orphans", "reanalyse", "--reason", "SIRET enregistré")
        self.arrived(self.agent, "/v1/returns?siret=" + other, "PES2R_AUTRE.xml")
        self.assertNotIn(other, self.ctl("operator", "siret", "unassigned"))

    def test_ocre_is_stored_and_left_alone(self):
        self.send("A.ocre", ["not XML\n"])
        item = self.arrived(self.operator, "/v1/returns?kind=ocre&state=ignored", "A.ocre")
        self.assertEqual(self.operator.raw("GET", f"/v1/returns/{item['id']}/payload")[2], b"not XML\n")
        self.assertEqual(self.agent.json("GET", f"/v1/returns/{item['id']}")[0], 404)

    def test_a_large_return_is_streamed_from_end_to_end(self):
        # One page of lines of it is a pass over the whole file, slow on a busy machine.
        self.agent.timeout = 600
        one = len(piece(1000000))
        count = LARGE // one + 1

        def chunks():
            yield head(self.siret, "PES2R_GROS.xml")
            for first in range(0, count, 1000):
                yield "".join(piece(1000000 + number) for number in range(first, min(first + 1000, count)))
            yield piece(77, True) + END

        began = datetime.datetime.now()
        self.send("PES2R_GROS.xml", chunks())
        last = 1000000 + count - 1
        item = self.arrived(self.agent, f"/v1/returns?piece={last}", "PES2R_GROS.xml", 300)
        took = datetime.datetime.now() - began
        self.assertGreater(item["size"], LARGE)
        self.assertEqual(item["summary"]["pieces"], count + 1)
        found = self.agent.json("GET", f"/v1/returns/{item['id']}/pieces?piece=77")[1]["items"]
        self.assertEqual([one["etat"] for one in found], ["04"])
        self.ctl("montbrume", "returns", "fetch", item["id"], "-o", str(self.folder / "gros.xml"))
        self.assertEqual((self.folder / "gros.xml").stat().st_size, item["size"])
        self.ctl("montbrume", "returns", "acquit", item["id"])
        self.agent.close()  # it stood idle during the fetch: the gateway may have closed it
        made = self.agent.json("GET", f"/v1/returns/{item['id']}")[1]["acquit"]
        rig.until("its acquit sent for good", lambda: self.agent.flow(made)["state"] == "sent_final")
        peak = vitals.peak(self.gateway.process.pid) / 1e6
        rig.note(f"a return of {item['size'] / 1e6:.0f} MB, {count + 1} pièces: settled {took.total_seconds():.0f} s after it was begun, "
                 f"peak RSS {peak:.0f} MB")
        self.assertLess(peak, MEMORY)


if __name__ == "__main__":
    unittest.main(verbosity=2)
