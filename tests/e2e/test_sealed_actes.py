#!/usr/bin/python3
"""Acts that the gateway signs and has stamped, verified with OpenSSL's tools; an authority for stamps that fails for a while."""

import base64
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import rig
from pieces import pdf
from stamps import Stamps
from town_hall import TownHall

SIGNER = """
[[signer]]
name = "sceau"
key = "pki/signer.key"
certificate = "pki/signer.pem"
flows = ["actes"]
role = "Maire"
city = "Valjoie"
postal_code = "34000"
timestamp = "tsa"
"""


class SealedActes(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ds-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.stamps = Stamps(self.folder / "t")
        self.addCleanup(self.stamps.stop)
        self.town = TownHall(self.folder, self.stamps.settings() + SIGNER)
        self.addCleanup(self.town.close)

    def route(self, signer):
        self.town.put(f"/v1/authorities/{rig.VALJOIE_SIREN}/routes/actes", {"destination": "actes", "p_dest": "", "signer": signer})

    def kept(self, flow, role):
        items = self.town.agent.json("GET", f"/v1/flows/{flow}/documents")[1]["items"]
        return [self.town.agent.raw("GET", f"/v1/flows/{flow}/documents/{one['number']}")[2] for one in items if one["role"] == role]

    def unpacked(self, flow):
        folder = self.folder / flow
        folder.mkdir()
        (folder / "e.tar.gz").write_bytes(self.kept(flow, "envelope")[0])
        subprocess.run(["tar", "xzf", "e.tar.gz"], cwd=folder, check=True)
        return folder

    def openssl(self, *words):
        return subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True, check=False)

    def verify(self, signature, content):
        """As the controller's tools would; the token inside, too."""
        (self.folder / "s.p7s").write_bytes(signature)
        (self.folder / "content").write_bytes(content)
        ran = self.openssl("cms", "-verify", "-binary", "-cades", "-purpose", "any", "-inform", "DER", "-in", self.folder / "s.p7s", "-content",
                           self.folder / "content", "-CAfile", self.town.gateway.pki / "ca.pem", "-out", "/dev/null")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        told = self.openssl("cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", self.folder / "s.p7s").stdout
        self.assertIn("id-smime-aa-timeStampToken", told)
        self.assertIn("id-smime-aa-signingCertificateV2", told)
        self.verify_stamp()

    def verify_stamp(self):
        """Cuts value and token out of the CMS with asn1parse."""
        whole = (self.folder / "s.p7s").read_bytes()
        lines = self.openssl("asn1parse", "-inform", "DER", "-in", self.folder / "s.p7s").stdout.splitlines()

        def span(line):
            """Where an element lies: its start, its content, its end."""
            start, head, length = (int(number) for number in re.match(r" *(\d+):d= *\d+ +hl= *(\d+) l= *(\d+)", line).groups())
            return start, start + head, start + head + length

        at = next(i for i, line in enumerate(lines) if "id-smime-aa-timeStampToken" in line)
        start, _, end = span(lines[at + 2])
        (self.folder / "token").write_bytes(whole[start:end])
        _, start, end = span(next(line for line in reversed(lines[:at]) if "OCTET STRING" in line))
        (self.folder / "value").write_bytes(whole[start:end])
        ran = self.openssl("ts", "-verify", "-token_in", "-in", self.folder / "token", "-data", self.folder / "value", "-CAfile",
                           self.stamps.folder / "ca.pem", "-untrusted", self.stamps.folder / "tsa.pem")
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)

    def test_signed_where_the_route_says_so_and_only_there(self):
        plain = self.town.post("NU")
        self.town.ends(plain)
        self.assertEqual(self.kept(plain, "signature"), [])
        self.route("sceau")
        files = [pdf("Acte SCELLE"), pdf("Annexe")]
        flow = self.town.post("SCELLE", files)
        self.assertEqual(self.town.ends(flow)["state"], "acknowledged")
        folder = self.unpacked(flow)
        message = next(path for path in folder.glob("*-1-1_0.xml")).read_text(encoding="iso-8859-1")
        signatures = [base64.b64decode(one, validate=True) for one in re.findall(r"<actes:Signature>([^<]+)</actes:Signature>", message)]
        self.assertEqual(signatures, self.kept(flow, "signature"))
        for signature, content in zip(signatures, files, strict=True):
            self.verify(signature, content)
        steps = [event for event in self.town.agent.json("GET", f"/v1/flows/{flow}/events")[1]["items"] if event["code"] == "sign"]
        self.assertEqual(len(steps), 1)

    def test_an_authority_that_fails_delays_and_loses_nothing(self):
        self.route("sceau")
        self.stamps.misbehave("nonsense")
        flow = self.town.post("ATTEND")
        rig.until("the flow waits", lambda: self.stamps.questions() >= 2)
        self.assertIn("timestamp.failing", self.town.alarms())
        self.assertEqual(self.town.arrived("ATTEND"), 0)
        self.assertEqual(self.town.agent.flow(flow)["waiting_code"], "timestamp.response_unreadable")
        self.stamps.misbehave("down")
        rig.until("another reason", lambda: self.town.agent.flow(flow).get("waiting_code") == "timestamp.unreachable")
        self.stamps.misbehave()
        self.assertEqual(self.town.ends(flow)["state"], "acknowledged")
        self.assertEqual(self.town.arrived("ATTEND"), 1)
        self.verify(self.kept(flow, "signature")[0], pdf("Acte ATTEND"))
        rig.until("the alarm ends", lambda: "timestamp.failing" not in self.town.alarms())


if __name__ == "__main__":
    unittest.main(verbosity=2)
