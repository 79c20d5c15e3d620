#!/usr/bin/python3
"""Acts that arrive signed (CAdES beside the file): the chain comes with the signature, OCSP and lists lie in the profile."""

import base64
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import rig
from pieces import form, pdf
from town_hall import TownHall

AUTHORITY = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
SIGNER = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,nonRepudiation\n"

CA_CONFIG = """
[ca]
default_ca = root
[root]
database = root.index
crlnumber = root.number
default_md = sha256
default_crl_days = 1
"""


class Chain:
    """Root, authority of signers, and one signer; the root publishes a list, the authority answers OCSP."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem", "-days", "30",
                     "-subj", "/CN=Racine", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        self.issue("sub", "Autorité des signataires", "root", AUTHORITY, 2)
        self.issue("signer", "Madame le maire", "sub", SIGNER, 0x4D61)
        (folder / "ca.cnf").write_text(CA_CONFIG)
        (folder / "root.index").write_text("")
        (folder / "root.number").write_text("01")

    def openssl(self, *arguments):
        return subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True).stdout

    def issue(self, name, subject, issuer, extensions, serial):
        (self.folder / f"{name}.ext").write_text(extensions + "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-utf8", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj",
                     f"/C=FR/O=Commune d'essai/CN={subject}")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key", "-set_serial",
                     str(serial), "-days", "20", "-sha256", "-extfile", f"{name}.ext", "-out", f"{name}.pem")

    def publish(self, crls):
        self.openssl("ca", "-config", "ca.cnf", "-cert", "root.pem", "-keyfile", "root.key", "-gencrl", "-out", "root.crl")
        shutil.copy(self.folder / "root.crl", crls / "root.crl")

    def answer(self, ocsp, status="V", revoked=""):
        """What the authority's responder says of the signer, written beside and renamed."""
        (self.folder / "sub.index").write_text(f"{status}\t440101000000Z\t{revoked}\t4D61\tunknown\t/CN=Madame le maire\n")
        self.openssl("ocsp", "-index", "sub.index", "-CA", "sub.pem", "-rsigner", "sub.pem", "-rkey", "sub.key", "-issuer",
                     "sub.pem", "-cert", "signer.pem", "-noverify", "-respout", "answer.der", "-nmin", "60")
        shutil.copy(self.folder / "answer.der", ocsp / "signer.der.tmp")
        (ocsp / "signer.der.tmp").rename(ocsp / "signer.der")

    def sign(self, content):
        (self.folder / "content").write_bytes(content)
        return self.openssl("cms", "-sign", "-cades", "-binary", "-in", "content", "-signer", "signer.pem", "-inkey", "signer.key",
                            "-certfile", "sub.pem", "-md", "sha256", "-outform", "DER")


class SignedActs(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.chain = Chain(self.folder / "chain")
        self.trust = self.folder / "trust"
        for name in ("anchors", "issuers", "crls", "ocsp"):
            (self.trust / name).mkdir(parents=True)
        # The authority of signers is not in the profile: signatures bring it.
        for name in ("anchors", "issuers"):
            shutil.copy(self.chain.folder / "root.pem", self.trust / name / "root.pem")
        self.chain.publish(self.trust / "crls")
        self.chain.answer(self.trust / "ocsp")
        settings = f'\n[[trust]]\nname = "essai"\nfolder = {json.dumps(str(self.trust))}\nlevel = "RGS **"\n'
        self.town = TownHall(self.folder / "t", settings, trust="essai")
        self.addCleanup(self.town.close)

    def post(self, number, signature, content=None):
        content = content or pdf(f"Acte {number}")
        metadata = {"number": number, "date": "2026-03-02", "nature": 1, "matieres": "7.1", "object": f"Objet de {number}",
                    "type": "99_DE", "signature": base64.b64encode(signature).decode(), "annexes": []}
        body, kind = form([("metadata", "", json.dumps(metadata).encode()), ("acte", "délibération.pdf", content)])
        status, _, answer = self.town.agent.raw("POST", "/v1/actes", body, {"Content-Type": kind})
        self.assertEqual(status, 202, answer)
        return json.loads(answer)["id"]

    def report(self, flow):
        return self.town.agent.json("GET", f"/v1/flows/{flow}/signatures")[1]

    def text(self, flow):
        return self.town.agent.raw("GET", f"/v1/flows/{flow}/signatures?text=fr")[2].decode()

    def profile_version(self):
        return self.town.operator.json("GET", "/v1/trust")[1]["items"][0]["version"]

    def test_a_signature_brings_its_chain_and_leaves_its_proof(self):
        flow = self.post("2026_701", self.chain.sign(pdf("Acte 2026_701")))
        self.assertEqual(self.town.ends(flow)["state"], "acknowledged", self.town.report(flow))
        report = self.report(flow)
        part = report["signatures"][0]
        self.assertEqual((report["verdict"], part["format"], part["level"]), ({"indication": "passed"}, "CAdES", "RGS **"))
        self.assertEqual([one["anchor"] for one in part["path"]], [False, False, True])
        self.assertEqual([(one["kind"], one["status"]) for one in part["revocation"]], [("ocsp", "good"), ("crl", "good")])
        # The very bytes that it rests on, for its readers and nobody else.
        self.assertEqual({one["kind"] for one in report["evidence"]}, {"crl", "ocsp"})
        for one in part["revocation"]:
            path = f"/v1/flows/{flow}/signatures/evidence/{one['evidence']}"
            status, _, content = self.town.agent.raw("GET", path)
            self.assertEqual((status, content), (200, (self.trust / one["source"]).read_bytes()
                                                 if one["kind"] == "ocsp" else content))
            other = self.town.gateway.api("montbrume")
            self.assertEqual(other.raw("GET", path)[0], 404)
            other.close()
        text = self.text(flow)
        for words in ("Signataire : Madame le maire", "VALABLE", "réponse OCSP de « Autorité des signataires »",
                      "Niveau du certificat : RGS **", "Pièces conservées à l'appui : 2"):
            self.assertIn(words, text)
        # The next flow refers to the same bytes.
        second = self.post("2026_702", self.chain.sign(pdf("Acte 2026_702")))
        self.assertEqual(self.town.ends(second)["state"], "acknowledged")
        self.assertEqual(self.report(second)["evidence"], report["evidence"])

    def test_a_revoked_signer_is_refused_by_the_answer_alone(self):
        before = self.profile_version()
        self.chain.answer(self.trust / "ocsp", "R", "260201100000Z,keyCompromise")
        rig.until("the answer", lambda: self.profile_version() != before, 40)
        flow = self.post("2026_703", self.chain.sign(pdf("Acte 2026_703")))
        self.assertEqual(self.town.ends(flow)["state"], "refused")
        self.assertEqual(self.report(flow)["verdict"], {"indication": "failed", "sub_indication": "REVOKED"})
        self.assertIn("Pourquoi : Le certificat « Madame le maire » est révoqué", self.text(flow))

    def test_a_signature_of_another_file_is_refused(self):
        flow = self.post("2026_704", self.chain.sign(b"something else"))
        self.assertEqual(self.town.ends(flow)["state"], "refused")
        self.assertIn("actes.pkcs7.broken", [one["code"] for one in self.town.report(flow)["findings"]])


if __name__ == "__main__":
    unittest.main()
