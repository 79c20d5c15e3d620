#!/usr/bin/python3
"""Keys in PKCS#11 tokens, as a user would try them: SoftHSM as the token, pulled and plugged under a running gateway."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

import rig

PIN = "739164"
MODULE = next((f for f in ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
                           "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so") if os.path.exists(f)), None)
FINAL = {"acknowledged", "partly_rejected", "rejected", "refused", "cancelled"}


def must(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise RuntimeError(" ".join(command) + "\n" + done.stdout + done.stderr)
    return done.stdout


class Token:
    """A SoftHSM token with one RSA-3072 key that cannot leave it."""

    def __init__(self, folder, pki):
        self.folder = pathlib.Path(folder)
        self.pki = pki
        (self.folder / "tokens").mkdir(parents=True)
        conf = self.folder / "softhsm.conf"
        conf.write_text(f"directories.tokendir = {self.folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
        self.environment = {"SOFTHSM2_CONF": str(conf)}
        environment = {**os.environ, **self.environment}
        must("softhsm2-util", "--init-token", "--free", "--label", "mairie", "--so-pin", "12345678", "--pin", PIN,
             env=environment)
        tool = ["pkcs11-tool", "--module", MODULE, "--token-label", "mairie", "--login", "--pin", PIN]
        must(*tool, "--keypairgen", "--usage-sign", "--key-type", "rsa:3072", "--label", "maire", "--id", "a1",
             env=environment)
        public, certificate = self.folder / "public.der", self.folder / "certificate.pem"
        must(*tool, "--read-object", "--type", "pubkey", "--id", "a1", "-o", str(public), env=environment)
        must("openssl", "pkey", "-pubin", "-inform", "DER", "-in", str(public), "-out", str(self.folder / "public.pem"))
        (self.folder / "usage").write_text("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,nonRepudiation\n")
        must("openssl", "req", "-new", "-key", str(pki / "signer.key"), "-subj", "/C=FR/O=Valjoie/CN=Jeton d'essai",
             "-out", str(self.folder / "request.pem"))
        must("openssl", "x509", "-req", "-in", str(self.folder / "request.pem"), "-force_pubkey",
             str(self.folder / "public.pem"), "-CA", str(pki / "ca.pem"), "-CAkey", str(pki / "ca.key"), "-set_serial",
             "4711", "-days", "20", "-extfile", str(self.folder / "usage"), "-out", str(certificate))
        must("openssl", "x509", "-in", str(certificate), "-outform", "DER", "-out", str(self.folder / "certificate.der"))
        must(*tool, "--write-object", str(self.folder / "certificate.der"), "--type", "cert", "--label", "maire", "--id",
             "a1", env=environment)
        self.certificate = certificate

    def pull(self):
        (self.folder / "tokens").rename(self.folder / "drawer")
        (self.folder / "tokens").mkdir()

    def plug(self):
        (self.folder / "tokens").rmdir()
        (self.folder / "drawer").rename(self.folder / "tokens")


def signer(name, *lines):
    return "\n".join(["[[signer]]", f'name = "{name}"', f'pkcs11_module = "{MODULE}"', 'token = "mairie"',
                      'key = "maire"', 'pin_file = "pin"', "require_hardware = true", 'role = "Ordonnateur"',
                      'city = "Valjoie"', 'postal_code = "34000"', *lines])


@unittest.skipUnless(MODULE and shutil.which("softhsm2-util") and shutil.which("pkcs11-tool"),
                     "softhsm2 and opensc are not installed")
class Tokens(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-e2e-"))
        cls.simulator = rig.Simulator(cls.folder / "sim", "sftp", "--delay", "0.05")
        settings = signer("jeton", f'authorities = ["{rig.VALJOIE_SIREN}"]') + "\n" + signer("exigeant",
                                                                                         "signatories_only = true")
        (cls.folder / "gateway").mkdir()
        cls.write_pin(PIN)
        cls.gateway = rig.Gateway(cls.folder / "gateway", cls.simulator, settings=settings)
        cls.token = Token(cls.folder / "hsm", cls.gateway.pki)
        cls.gateway.start(cls.token.environment)
        cls.gateway.declare()
        cls.agent = cls.gateway.api("valjoie")
        cls.other = cls.gateway.api("montbrume")
        cls.operator = cls.gateway.api("operator")
        cls.route("jeton")

    @classmethod
    def tearDownClass(cls):
        for api in (cls.agent, cls.other, cls.operator):
            api.close()
        cls.gateway.stop()
        cls.simulator.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    @classmethod
    def write_pin(cls, value, mode=0o600):
        file = cls.folder / "gateway" / "pin"
        file.write_text(value + "\n")
        file.chmod(mode)

    @classmethod
    def route(cls, name, siren=rig.VALJOIE_SIREN):
        return cls.operator.json("PUT", f"/v1/authorities/{siren}/routes/pes",
                                 {"destination": "helios", "p_dest": "MHPCE11", "signer": name})

    def depense(self, nom_fic):
        return rig.sample("depense", rig.VALJOIE_SIREN, nom_fic, "--dematerialise", "--ids", "--bordereaux", "2")

    def accept(self, content, agent=None):
        status, _, answer = (agent or self.agent).submit(content)
        self.assertEqual(status, 202, answer)
        return answer["id"]

    def reaches(self, flow_id, what, agent=None, seconds=30):
        agent = agent or self.agent
        return rig.until(f"{flow_id}: {what}", lambda: next((f for f in [agent.flow(flow_id)] if what(f)), None), seconds)

    def finished(self, flow_id, agent=None):
        return self.reaches(flow_id, lambda flow: flow["state"] in FINAL, agent)

    def waits_with(self, flow_id, code):
        return self.reaches(flow_id, lambda flow: flow.get("waiting_code") == code)

    def alarms(self):
        return [a["subject"] for a in self.operator.json("GET", "/v1/alarms")[1]["items"] if a["code"] == "signing.unready"]

    def signature_event(self, flow_id):
        events = self.agent.json("GET", f"/v1/flows/{flow_id}/events")[1]["items"]
        detail = next(e["detail"] for e in events if e["code"] == "sign")
        return json.loads(detail) if isinstance(detail, str) else detail

    def check_with_stock_tools(self, content, flow_id):
        documents = self.agent.json("GET", f"/v1/flows/{flow_id}/documents")[1]["items"]
        number = next(d["number"] for d in documents if d["role"] == "signed")
        signed = self.agent.raw("GET", f"/v1/flows/{flow_id}/documents/{number}")[2]
        bare = signed
        while b"<ds:Signature" in bare:
            begin = bare.index(b"<ds:Signature")
            bare = bare[:begin] + bare[bare.index(b"</ds:Signature>", begin) + len(b"</ds:Signature>"):]
        self.assertEqual(bare, content)
        file = self.folder / "signed.xml"
        file.write_bytes(signed)
        self.assertEqual(signed.count(b"<ds:SignatureValue"), 2)
        for place in (1, 2):
            must("xmlsec1", "--verify", "--id-attr:Id", "Bordereau", "--id-attr:Id",
                 "http://uri.etsi.org/01903/v1.2.2#:SignedProperties", "--enabled-key-data", "x509", "--trusted-pem",
                 str(self.gateway.pki / "ca.pem"), "--node-xpath",
                 f"(//*[local-name()='Signature'])[{place}]", str(file))

    def test_a_key_that_never_left_its_token_signs(self):
        content = self.depense("JETON-0001")
        flow_id = self.accept(content)
        self.assertEqual(self.finished(flow_id)["state"], "acknowledged")
        self.check_with_stock_tools(content, flow_id)
        event = self.signature_event(flow_id)
        self.assertEqual(event["signer"], "jeton")
        self.assertEqual((event["key"]["in"], event["key"]["model"], event["key"]["never_left"]),
                         ("token", "SoftHSM v2", True))
        self.assertEqual(event["certificate"]["serial"], "4711")
        self.assertEqual(len(event["elements"]), 2)
        self.assertEqual(event["requested_by"], self.gateway.fingerprint("valjoie"))

    def test_flows_wait_for_a_token_that_was_pulled(self):
        self.assertEqual(self.finished(self.accept(self.depense("AVANT-0001")))["state"], "acknowledged")
        self.token.pull()
        try:
            waiting = [self.accept(self.depense(f"SANS-{n:04}")) for n in range(5)]
            for flow_id in waiting:
                self.waits_with(flow_id, "signing.token.absent")
            rig.until("the alarm", lambda: "jeton" in self.alarms())
            # Nobody else is held up.
            theirs = self.accept(rig.sample("depense", rig.MONTBRUME_SIREN, "VOISIN-0001"), self.other)
            self.assertEqual(self.finished(theirs, self.other)["state"], "acknowledged")
        finally:
            self.token.plug()
        for flow_id in waiting:
            flow = self.finished(flow_id)
            self.assertEqual(flow["state"], "acknowledged")
        rig.until("the end of the alarm", lambda: not self.alarms())
        sent = [d["nomfic"] for d in self.simulator.ledger("deposit") if d["nomfic"].startswith("SANS-")]
        self.assertEqual(sorted(sent), [f"SANS-{n:04}" for n in range(5)])

    def test_a_wrong_pin_is_tried_once(self):
        self.gateway.stop()
        self.write_pin("000000")
        try:
            self.gateway.start(self.token.environment)
            for api in (self.agent, self.other, self.operator):
                api.port = self.gateway.port
                api.close()
            flow_id = self.accept(self.depense("PIN-0001"))
            self.waits_with(flow_id, "signing.token.pin")
            rig.until("the alarm", lambda: "jeton" in self.alarms())
            self.write_pin(PIN)
            self.assertEqual(self.agent.flow(flow_id)["waiting_code"], "signing.token.pin")
        finally:
            self.write_pin(PIN)
            self.gateway.process.send_signal(signal.SIGHUP)
        self.assertEqual(self.finished(flow_id)["state"], "acknowledged")
        self.assertNotIn(PIN, (self.gateway.folder / "dematd.log").read_text())

    def test_a_signatory_is_asked_where_the_key_wants_one(self):
        self.operator.json("PUT", f"/v1/identities/{self.gateway.fingerprint('reader')}",
                           {"name": "maire", "active": True,
                            "grants": [{"authority": rig.VALJOIE_SIREN, "role": "signatory"}]})
        mayor = self.gateway.api("reader")
        self.assertEqual(self.route("exigeant")[0], 200)
        try:
            flow_id = self.accept(self.depense("MAIRE-0001"))
            flow = self.reaches(flow_id, lambda flow: flow["state"] == "held")
            self.assertEqual(flow["hold_reason"], "signature")
            release = f"/v1/flows/{flow_id}/release"
            self.assertEqual(self.agent.json("POST", release, {"reason": "pressé"})[0], 403)
            self.assertEqual(mayor.json("POST", release, {"reason": "vu et approuvé"})[0], 200)
            self.assertEqual(self.finished(flow_id)["state"], "acknowledged")
        finally:
            self.route("jeton")
            mayor.close()

    def test_a_key_serves_its_own_authority_only(self):
        status, problem = self.route("jeton", rig.MONTBRUME_SIREN)
        self.assertEqual((status, problem["code"]), (422, "route.signer_authority"))

    def test_check_config_says_what_is_wrong(self):
        dematd = [str(rig.BUILD / "gateway/dematd"), "check-config", "--config"]

        def verdict(text):
            file = self.gateway.folder / "trial.toml"
            file.write_text(text)
            return subprocess.run([*dematd, str(file)], capture_output=True, text=True,
                                  env={**os.environ, **self.token.environment})

        good = self.gateway.config.read_text()
        self.assertEqual(verdict(good).returncode, 0)
        loose = self.gateway.folder / "loose-pin"
        loose.write_text(PIN)
        loose.chmod(0o640)
        key = 'key = "pki/signer.key"'
        for text, code in ((good.replace('pin_file = "pin"', 'pin_file = "loose-pin"'), "config.secret_mode"),
                           (good.replace('key = "maire"', 'key = "personne"'), "signing.token.no_key"),
                           (good.replace('token = "mairie"', 'token = "absent"'), "signing.token.absent"),
                           (good.replace(MODULE, "/nowhere/module.so"), "config.file"),
                           (good.replace(key, key + "\nrequire_hardware = true"), "config.conflict")):
            done = verdict(text)
            self.assertNotEqual(done.returncode, 0, code)
            self.assertIn(code, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
