#!/usr/bin/python3
"""Acts that arrive signed (CAdES or XAdES beside the file): the chain comes with the signature, OCSP and lists lie in the profile."""

import base64
import datetime
import hashlib
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


DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"


def digest(content):
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def element(prefix, namespace, name, content, **attributes):
    """As exclusive canonicalisation writes it; `namespace` is declared when it is not empty."""
    declared = f' xmlns:{prefix}="{namespace}"' if namespace else ""
    written = "".join(f' {key}="{value}"' for key, value in sorted(attributes.items()))
    return f"<{prefix}:{name}{declared}{written}>{content}</{prefix}:{name}>"


def digested(content, namespace=""):
    return element("ds", namespace, "DigestMethod", "", Algorithm=SHA256) + element("ds", namespace, "DigestValue", digest(content))


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


    def der(self, name):
        return self.openssl("x509", "-in", f"{name}.pem", "-outform", "DER")

    def sign_xades(self, content):
        """A ds:Signature of its own; its parts are written as they are digested, so that nothing has to canonicalise them."""
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        cert = element("xades", "", "CertDigest", digested(self.der("signer"), DS))
        statement = (element("xades", "", "SigningTime", now)
                     + element("xades", "", "SigningCertificateV2", element("xades", "", "Cert", cert))
                     + element("xades", "", "SignerRoleV2", element("xades", "", "ClaimedRoles", element(
                         "xades", "", "ClaimedRole", "Maire"))))
        data = element("xades", "", "DataObjectFormat", element("xades", "", "MimeType", "application/pdf"), ObjectReference="#r-1")
        properties = element("xades", XADES, "SignedProperties", element("xades", "", "SignedSignatureProperties", statement)
                             + element("xades", "", "SignedDataObjectProperties", data), Id="p-1")
        transforms = element("ds", "", "Transforms", element("ds", "", "Transform", "", Algorithm=EXCLUSIVE))
        info = element("ds", DS, "SignedInfo", element("ds", "", "CanonicalizationMethod", "", Algorithm=EXCLUSIVE) + element(
            "ds", "", "SignatureMethod", "", Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256") + element(
                "ds", "", "Reference", digested(content), Id="r-1") + element(
                    "ds", "", "Reference", transforms + digested(properties.encode()), URI="#p-1",
                    Type="http://uri.etsi.org/01903#SignedProperties"))
        (self.folder / "info").write_bytes(info.encode())
        value = base64.b64encode(self.openssl("dgst", "-sha256", "-sign", "signer.key", "info")).decode()
        certificates = "".join(element("ds", "", "X509Certificate", base64.b64encode(self.der(name)).decode())
                               for name in ("signer", "sub"))
        return element("ds", DS, "Signature", info + element("ds", "", "SignatureValue", value) + element(
            "ds", "", "KeyInfo", element("ds", "", "X509Data", certificates)) + element("ds", "", "Object", element(
                "xades", XADES, "QualifyingProperties", properties, Target="#s-1")), Id="s-1").encode()


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

    def test_a_xades_beside_the_file_is_judged_like_the_others(self):
        content = pdf("Acte 2026_705")
        signature = self.chain.sign_xades(content)
        flow = self.post("2026_705", signature)
        self.assertEqual(self.town.ends(flow)["state"], "acknowledged", self.town.report(flow))
        report = self.report(flow)
        part = report["signatures"][0]
        self.assertEqual((report["verdict"], part["format"], part["level"]), ({"indication": "passed"}, "XAdES", "RGS **"))
        self.assertEqual([one["anchor"] for one in part["path"]], [False, False, True])
        for words in ("Signataire : Madame le maire", "VALABLE", "Maire"):
            self.assertIn(words, self.text(flow))
        other = self.post("2026_706", signature)
        self.assertEqual(self.town.ends(other)["state"], "refused")
        self.assertEqual([one["code"] for one in self.town.report(other)["findings"]], ["xades.detached_content"])
        self.assertEqual(self.report(other)["verdict"], {"indication": "failed", "sub_indication": "HASH_FAILURE"})
        broken = self.post("2026_707", b"<ds:Signature")
        self.assertEqual(self.town.ends(broken)["state"], "refused")
        self.assertEqual([one["code"] for one in self.town.report(broken)["findings"]], ["actes.xades.unreadable"])


if __name__ == "__main__":
    unittest.main()
