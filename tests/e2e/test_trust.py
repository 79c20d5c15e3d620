#!/usr/bin/python3
"""Who is believed: flows that arrive signed, judged by the trust profile of their destination, as an operator sees it."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import rig

DEMATCTL = str(rig.BUILD / "tools/dematctl/dematctl")
SIGN_SAMPLE = str(rig.BUILD / "tools/sign_sample/sign_sample")

CA_CONFIG = """
[ca]
default_ca = sample
[sample]
database = index.txt
crlnumber = number
default_md = sha256
default_crl_days = 1
"""

SETTINGS = """
[[trust]]
name = "essai"
folder = "trust"
level = "RGS **"
"""


class Authority:
    """The sample CA as one that publishes revocation lists."""

    def __init__(self, pki, folder):
        self.pki, self.folder = pki, folder
        folder.mkdir()
        (folder / "ca.cnf").write_text(CA_CONFIG)
        (folder / "index.txt").write_text("")
        (folder / "number").write_text("01")

    def openssl(self, *arguments):
        subprocess.run(["openssl", "ca", "-config", "ca.cnf", "-cert", str(self.pki / "ca.pem"), "-keyfile",
                        str(self.pki / "ca.key"), *arguments], cwd=self.folder, check=True, capture_output=True)

    def publish(self, crls):
        """A fresh list, written beside and renamed as an operator's script does."""
        self.openssl("-gencrl", "-out", str(crls / "sample.crl.tmp"))
        (crls / "sample.crl.tmp").rename(crls / "sample.crl")

    def revoke(self, name):
        self.openssl("-revoke", str(self.pki / f"{name}.pem"), "-crl_reason", "superseded")


class Believing(unittest.TestCase):
    """A gateway whose destination names the trust profile `essai`; it judges flows that arrive signed."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.simulator = rig.Simulator(self.folder / "sim", "sftp", "--delay", "0.05")
        self.addCleanup(self.simulator.stop)
        self.gateway = rig.Gateway(self.folder / "gateway", self.simulator)
        text = self.gateway.config.read_text()
        text = text.replace('name = "helios"', 'name = "helios"\ntrust = "essai"', 1)
        self.gateway.config.write_text(self.adapted(text + SETTINGS))
        self.trust = self.gateway.folder / "trust"
        for name in ("anchors", "issuers", "crls"):
            (self.trust / name).mkdir(parents=True)
        for name in ("anchors", "issuers"):
            shutil.copy(self.gateway.pki / "ca.pem", self.trust / name / "sample.pem")
        self.authority = Authority(self.gateway.pki, self.folder / "authority")
        self.gateway.start()
        self.addCleanup(lambda: self.gateway.process.poll() is None and self.gateway.kill())
        self.gateway.declare()
        self.agent = self.gateway.api("montbrume")
        self.addCleanup(self.agent.close)

    def adapted(self, text):
        """The configuration as it is to be; its last lines are [[trust]]."""
        return text

    def signed(self, nom_fic, name="montbrume-signer", pki=None):
        pki = pki or self.gateway.pki
        plain, signed = self.folder / f"{nom_fic}.xml", self.folder / f"{nom_fic}-signed.xml"
        plain.write_bytes(rig.sample("recette", rig.MONTBRUME_SIREN, nom_fic, "--dematerialise", "--ids"))
        subprocess.run([SIGN_SAMPLE, str(pki / f"{name}.key"), str(pki / f"{name}.pem"), str(plain), str(signed)], check=True)
        return signed

    def post(self, file):
        status, _, answer = self.agent.submit(file.read_bytes())
        self.assertEqual(status, 202, answer)
        return answer["id"]

    def comes_to(self, flow, state, seconds=40):
        rig.until(f"{state} of {flow}", lambda: self.agent.flow(flow)["state"] == state, seconds)

    def ctl(self, *arguments, who="operator"):
        pki = self.gateway.pki
        done = subprocess.run([DEMATCTL, "--url", f"https://localhost:{self.gateway.port}", "--ca", f"{pki}/ca.pem", "--cert",
                               f"{pki}/{who}.pem", "--key", f"{pki}/{who}.key", *arguments],
                              capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    def alarms(self):
        operator = self.gateway.api("operator")
        answer = operator.json("GET", "/v1/alarms")[1]
        operator.close()
        return {(alarm["code"], alarm["subject"]) for alarm in answer["items"]}


class Trust(Believing):
    def test_a_signer_is_believed_doubted_and_revoked(self):
        # Without a list nothing is certain: the flow waits, and its report says why.
        flow = self.post(self.signed("TRUST-1"))
        rig.until("the wait", lambda: self.agent.flow(flow).get("waiting_code") == "trust.indeterminate")
        code, text = self.ctl("signatures", flow, who="montbrume")
        self.assertEqual(code, 6, text)
        self.assertIn("INDÉTERMINÉ", text)
        self.assertIn("il manque une liste de révocation de « Sample CA »", text)
        rig.until("the alarm", lambda: ("trust.profile_doubtful", "essai") in self.alarms())
        self.assertEqual(self.ctl("certs", "check")[0], 1)
        # The list comes; the folder is watched.
        self.authority.publish(self.trust / "crls")
        self.comes_to(flow, "acknowledged")
        code, text = self.ctl("signatures", flow, who="montbrume")
        self.assertEqual(code, 0, text)
        for part in ("Résultat : VALABLE", "Signataire : Ordonnateur de Montbrume", "Profil de confiance : essai"):
            self.assertIn(part, text)
        self.assertIn("Result : VALID", self.ctl("signatures", flow, "--english", who="montbrume")[1])
        report = self.agent.json("GET", f"/v1/flows/{flow}/signatures")[1]
        self.assertEqual(report["verdict"], {"indication": "passed"})
        self.assertEqual(report["signatures"][0]["level"], "RGS **")
        rig.until("the end of the alarm", lambda: ("trust.profile_doubtful", "essai") not in self.alarms())
        self.assertEqual(self.ctl("certs", "check")[0], 0)
        # Nobody else sees it.
        neighbour = self.gateway.api("valjoie")
        status, _ = neighbour.json("GET", f"/v1/flows/{flow}/signatures")
        neighbour.close()
        self.assertEqual(status, 404)
        # Revoked: what is signed from now on is refused, with the reason.
        self.authority.revoke("montbrume-signer")
        self.authority.publish(self.trust / "crls")
        time.sleep(1.1)  # signing times have seconds
        file = self.signed("TRUST-2")
        rig.until("the new list", lambda: self.ctl("verify", str(file), who="montbrume")[0] == 1, 40, 0.5)
        flow = self.post(file)
        self.comes_to(flow, "refused")
        code, text = self.ctl("signatures", flow, who="montbrume")
        self.assertEqual(code, 1, text)
        self.assertIn("est révoqué depuis le", text)
        findings = self.agent.json("GET", f"/v1/flows/{flow}/report")[1]["findings"]
        self.assertIn("trust.revocation.revoked", [finding["code"] for finding in findings])
        log = (self.gateway.folder / "dematd.log").read_text()
        self.assertNotIn("Ordonnateur de Montbrume", log)

    def test_a_stranger_is_refused_and_a_bad_file_changes_nothing(self):
        self.authority.publish(self.trust / "crls")
        other = self.folder / "other"
        subprocess.run(["sh", str(rig.SOURCE / "certs-sample/make_pki.sh"), str(other)], check=True, capture_output=True)
        stranger = self.signed("TRUST-3", pki=other)
        known = self.signed("TRUST-4")
        rig.until("the list", lambda: self.ctl("verify", str(known), who="montbrume")[0] == 0, 40, 0.5)
        flow = self.post(stranger)
        self.comes_to(flow, "refused")
        self.assertEqual(self.agent.json("GET", f"/v1/flows/{flow}/signatures")[1]["verdict"],
                         {"indication": "failed", "sub_indication": "NO_CERTIFICATE_CHAIN_FOUND"})
        # A broken file: an alarm that names it, and the profile in force stays.
        before = self.ctl("--json", "certs", "ls")[1]
        (self.trust / "anchors" / "broken.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n")
        rig.until("the alarm", lambda: ("trust.profile_broken", "essai") in self.alarms())
        self.assertEqual(json.loads(self.ctl("--json", "certs", "ls")[1])["version"], json.loads(before)["version"])
        flow = self.post(known)
        self.comes_to(flow, "acknowledged")
        (self.trust / "anchors" / "broken.pem").unlink()
        rig.until("the end of the alarm", lambda: ("trust.profile_broken", "essai") not in self.alarms())
        # What a profile says of a certificate.
        pki = self.gateway.pki
        code, text = self.ctl("certs", "explain", str(pki / "montbrume-signer.pem"), "--profile", "essai")
        self.assertEqual(code, 0, text)
        code, text = self.ctl("certs", "explain", str(pki / "server.pem"), "--profile", "essai")
        self.assertEqual(code, 1, text)
        self.assertIn("n'est pas fait pour signer", text)
        self.assertEqual(self.ctl("certs", "explain", str(pki / "server.pem"), "--profile", "nobody")[0], 3)
        self.assertEqual(self.ctl("certs", "ls", who="montbrume")[0], 4)
        self.assertIn("anchors/sample.pem", self.ctl("certs", "ls")[1])


if __name__ == "__main__":
    unittest.main()
