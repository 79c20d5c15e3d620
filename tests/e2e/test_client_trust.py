#!/usr/bin/python3
"""Who may come in: client certificates judged by a trust profile, with curl and openssl as clients."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

import rig
from test_trust import DEMATCTL, Authority

SETTINGS = """
[[trust]]
name = "clients"
folder = "clients"
policies = ["1.2.250.1.999.1.7.1"]
"""
ISSUING = """
[ca]
default_ca = sample
[sample]
database = issued.txt
unique_subject = no
serial = serial
default_md = sha256
policy = any
[any]
countryName = optional
commonName = supplied
"""
# A client that shows weak certificates, as OpenSSL would not by default.
CARELESS = """
openssl_conf = start
[start]
ssl_conf = ssl
[ssl]
system_default = careless
[careless]
CipherString = DEFAULT@SECLEVEL=0
"""
POLICY = "certificatePolicies=1.2.250.1.999.1.7.1"
CLIENT = ["keyUsage=critical,digitalSignature", "extendedKeyUsage=clientAuth", POLICY]

# What differs from a good certificate: extensions, options of openssl, the key, and what is said of it.
CASES = {
    "expired": (CLIENT, ["-not_before", "20200101000000Z", "-not_after", "20210101000000Z"], "rsa:2048",
                "access.certificate_expired", "certificate expired"),
    "signature-only": (["keyUsage=critical,nonRepudiation", POLICY], [], "rsa:2048",
                       "access.certificate_usage", "unsupported certificate"),
    "of-a-server": (["keyUsage=critical,digitalSignature,keyEncipherment", "extendedKeyUsage=serverAuth", POLICY], [],
                    "rsa:2048", "access.certificate_usage", "unsupported certificate"),
    "other-policy": ([*CLIENT[:2], "certificatePolicies=1.2.3.4"], [], "rsa:2048",
                     "access.certificate_policy", "unsupported certificate"),
    "rsa-1024": (CLIENT, [], "rsa:1024", "access.certificate_weak", "bad certificate"),
    "sha-1": (CLIENT, ["-sha1"], "rsa:2048", "access.certificate_weak", "bad certificate"),
}


def openssl(*arguments, cwd=None):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=cwd)


class ClientTrust(unittest.TestCase):
    refusal = "request"

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.simulator = rig.Simulator(cls.folder / "sim", "sftp")
        cls.addClassCleanup(cls.simulator.stop)

    def setUp(self):
        self.gateway = rig.Gateway(self.folder / self.id().rsplit(".", 2)[1] / self._testMethodName, self.simulator)
        self.pki = self.gateway.pki
        self.trust = self.gateway.folder / "clients"
        for name in ("anchors", "issuers", "crls"):
            (self.trust / name).mkdir(parents=True)
        for name in ("anchors", "issuers"):
            shutil.copy(self.pki / "ca.pem", self.trust / name / "sample.pem")
        self.authority = Authority(self.pki, self.gateway.folder / "authority")
        for name in ("operator", "valjoie"):
            self.issue(name, CLIENT, [], "rsa:2048")
        # Those of the sample PKI state no policy: begin again with these.
        shutil.rmtree(self.gateway.folder / "data")
        self.gateway.run("init", "--operator-certificate", str(self.pki / "operator.pem"))
        text = self.gateway.config.read_text()
        self.gateway.config.write_text(text.replace(
            'client_ca = "pki/ca.pem"', f'client_trust = "clients"\nclient_refusal = "{self.refusal}"', 1) + SETTINGS)

        self.careless = self.gateway.folder / "careless.cnf"
        self.careless.write_text(CARELESS)

    def start(self, lists=True):
        if lists:
            self.authority.publish(self.trust / "crls")
        self.gateway.start()
        self.addCleanup(lambda: self.gateway.process.poll() is None and self.gateway.kill())

    def issue(self, name, extensions, options, key, ca=None):
        """NAME.pem and NAME.key beside those of the sample PKI, by its authority or another."""
        ca = ca or self.pki
        request, file = self.pki / f"{name}.csr", self.pki / f"{name}.ext"
        file.write_text("\n".join(["basicConstraints=critical,CA:FALSE", *extensions]) + "\n")
        openssl("req", "-new", "-newkey", key, "-nodes", "-subj", f"/C=FR/CN=Jeanne {name}", "-keyout",
                str(self.pki / f"{name}.key"), "-out", str(request))
        dates = options if "-not_before" in options else []
        digest = [option for option in options if option == "-sha1"] or ["-sha256"]
        if dates:
            # `openssl x509` of this version knows no dates; `openssl ca` does.
            (self.authority.folder / "issuing.cnf").write_text(ISSUING)
            (self.authority.folder / "issued.txt").touch()
            openssl("ca", "-batch", "-config", "issuing.cnf", "-cert", str(ca / "ca.pem"), "-keyfile", str(ca / "ca.key"),
                    "-in", str(request), "-out", str(self.pki / f"{name}.pem"), "-startdate", dates[1], "-enddate", dates[3],
                    "-extfile", str(file), "-outdir", ".", "-create_serial", "-notext",
                    cwd=self.authority.folder)
        else:
            openssl("x509", "-req", "-in", str(request), "-CA", str(ca / "ca.pem"), "-CAkey", str(ca / "ca.key"),
                    "-set_serial", "0x" + os.urandom(8).hex(), *digest, "-days", "30", "-extfile", str(file), "-out",
                    str(self.pki / f"{name}.pem"))

    def curl(self, name, *options):
        """Status, body and messages of a request with curl."""
        done = subprocess.run(["curl", "-sS", "--max-time", "30", "--cacert", str(self.pki / "ca.pem"), "--cert",
                               str(self.pki / f"{name}.pem"), "--key", str(self.pki / f"{name}.key"), "-w", "\n%{http_code}", *options,
                               f"https://localhost:{self.gateway.port}/v1/identities"], capture_output=True, text=True,
                              env={**os.environ, "OPENSSL_CONF": str(self.careless)})
        body, _, status = done.stdout.rpartition("\n")
        return int(status), body, done.stderr

    def explain(self, name):
        done = subprocess.run([DEMATCTL, "--url", f"https://localhost:{self.gateway.port}", "--ca", str(self.pki / "ca.pem"),
                               "--cert", str(self.pki / "operator.pem"), "--key", str(self.pki / "operator.key"), "certs",
                               "explain", str(self.pki / f"{name}.pem"), "--profile", "clients", "--client"],
                              capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    def journal(self):
        operator = self.gateway.api("operator")
        answer = operator.json("GET", "/v1/journal?code=access.certificate_refused")[1]
        operator.close()
        return answer["items"]

    def make_cases(self):
        for name, (extensions, options, key, _, _) in CASES.items():
            self.issue(name, extensions, options, key)
        other = self.gateway.folder / "other"
        subprocess.run(["sh", str(rig.SOURCE / "certs-sample/make_pki.sh"), str(other)], check=True, capture_output=True)
        self.issue("stranger", CLIENT, [], "rsa:2048", ca=other)

    def hang_up(self):
        self.gateway.process.send_signal(signal.SIGHUP)


class AtTheRequest(ClientTrust):
    """client_refusal = "request": an answer that says why."""

    def test_each_refusal_is_explained(self):
        self.make_cases()
        self.start()
        self.assertEqual(self.curl("operator")[0], 200)
        said = {name: code for name, (_, _, _, code, _) in CASES.items()}
        said["stranger"] = "access.certificate_untrusted"
        for name, code in said.items():
            with self.subTest(name):
                status, body, errors = self.curl(name)
                self.assertEqual(status, 403, errors)
                self.assertIn(f'"code":"{code}"', body)
        self.assertIn("fait pour signer", self.curl("signature-only")[1])
        for name, passes in (("operator", True), ("valjoie", True), ("signature-only", False), ("stranger", False)):
            code, text = self.explain(name)
            self.assertEqual(code, 0 if passes else 1, text)
        # Probes are for anybody.
        operator = self.gateway.api("stranger")
        self.assertEqual(operator.raw("GET", "/livez")[0], 200)
        operator.close()
        # Serial and issuer, no name of a person; a stranger is in the log only.
        rig.until("the journal", lambda: len(self.journal()) == len(CASES))
        serial = subprocess.run(["openssl", "x509", "-in", str(self.pki / "rsa-1024.pem"), "-noout", "-serial"],
                                capture_output=True, text=True, check=True).stdout.strip().partition("=")[2]
        text = str(self.journal())
        self.assertIn(serial.lstrip("0"), text)
        self.assertIn("CN=Sample CA", text)
        log = (self.gateway.folder / "dematd.log").read_text()
        self.assertIn(self.gateway.fingerprint("stranger"), log)
        for place in (text, log):
            self.assertNotIn("Jeanne", place)

    def test_without_a_list_the_door_waits(self):
        self.start(lists=False)
        status, body, _ = self.curl("operator")
        self.assertEqual(status, 503)
        self.assertIn('"code":"access.certificate_unchecked"', body)
        self.authority.publish(self.trust / "crls")
        self.hang_up()
        rig.until("the list", lambda: self.curl("operator")[0] == 200, 20, 0.3)


class AtTheHandshake(ClientTrust):
    """client_refusal = "handshake": an alert of TLS, and an answer on connections that stand already."""
    refusal = "handshake"

    def test_each_refusal_is_an_alert(self):
        self.make_cases()
        self.start()
        self.assertEqual(self.curl("operator")[0], 200)
        said = {name: alert for name, (_, _, _, _, alert) in CASES.items()}
        said["stranger"] = "unknown ca"
        for name, alert in said.items():
            for version in ("1.2", "1.3"):
                with self.subTest(name, version=version):
                    status, _, errors = self.curl(name, "-v", "--tls-max", version)
                    self.assertEqual(status, 0)
                    self.assertIn(alert, errors)
        rig.until("the journal", lambda: len(self.journal()) == len(CASES))

    def session(self, name, *options):
        done = subprocess.run(["openssl", "s_client", "-connect", f"localhost:{self.gateway.port}", "-CAfile",
                               str(self.pki / "ca.pem"), "-cert", str(self.pki / f"{name}.pem"), "-key",
                               str(self.pki / f"{name}.key"), "-ign_eof", *options],
                              input="GET /v1/identities HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                              capture_output=True, text=True, timeout=30)
        return done.stdout

    def test_a_revocation_reaches_what_is_open(self):
        self.start()
        self.gateway.declare()
        # A connection that stays, and a session that can be resumed.
        agent = self.gateway.api("valjoie")
        self.addCleanup(agent.close)
        self.assertEqual(agent.json("GET", "/v1/flows")[0], 200)
        port = agent.connection.sock.getsockname()[1]
        kept = str(self.gateway.folder / "session")
        self.assertIn("New, TLSv1.3", self.session("valjoie", "-sess_out", kept))
        self.authority.revoke("valjoie")
        self.authority.publish(self.trust / "crls")
        self.hang_up()
        rig.until("the refusal", lambda: agent.json("GET", "/v1/flows")[0] == 403, 20, 0.2)
        status, answer = agent.json("GET", "/v1/flows")
        self.assertEqual((status, answer["code"]), (403, "access.certificate_revoked"))
        self.assertIn("révoqué", answer["detail"])
        self.assertEqual(agent.connection.sock.getsockname()[1], port, "it was another connection")
        status, _, errors = self.curl("valjoie", "-v")
        self.assertEqual(status, 0)
        self.assertIn("certificate revoked", errors)
        resumed = self.session("valjoie", "-sess_in", kept)
        # Refused, whether the reload had the session forgotten or not.
        self.assertNotIn("HTTP/1.1 200", resumed)
        self.assertEqual(self.curl("operator")[0], 200)
        events = rig.until("the journal", self.journal)
        self.assertEqual(events[0]["detail"]["because"], "trust.revocation.revoked")


del ClientTrust

if __name__ == "__main__":
    unittest.main()
