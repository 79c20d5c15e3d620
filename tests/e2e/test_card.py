#!/usr/bin/python3
"""Signature by the agent's own card, as users would: dematctl with a SoftHSM token and with a key file, and openssl as a signer
of its own over the bytes that were handed out; killed between the steps, with the wrong key, too late, for somebody else."""

import base64
import hashlib
import json
import os
import pathlib
import pty
import select
import shutil
import subprocess
import tempfile
import time
import unittest

import rig
from test_tokens import FINAL, MODULE, PIN, Token, must

AGENT = "\n".join(["[[signer]]", 'name = "{name}"', "agent = true", 'role = "Maire"', 'city = "Valjoie"', 'postal_code = "34000"', "{more}"])


class Card(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.simulator = rig.Simulator(cls.folder / "sim", "sftp", "--delay", "0.05")
        cls.addClassCleanup(cls.simulator.stop)
        settings = AGENT.format(name="carte", more="") + "\n" + AGENT.format(name="bref", more='request_life = "5s"')
        cls.gateway = rig.Gateway(cls.folder / "gateway", cls.simulator, settings=settings)
        cls.gateway.start()
        cls.addClassCleanup(cls.gateway.stop)
        cls.gateway.declare()
        cls.operator, cls.agent, cls.mayor = (cls.gateway.api(name) for name in ("operator", "valjoie", "reader"))
        for api in (cls.operator, cls.agent, cls.mayor):
            cls.addClassCleanup(api.close)
        cls.operator.json("PUT", f"/v1/identities/{cls.gateway.fingerprint('reader')}",
                          {"name": "maire", "active": True, "grants": [{"authority": rig.VALJOIE_SIREN, "role": "signatory"}]})
        cls.route("carte")

    @classmethod
    def route(cls, signer):
        status, answer = cls.operator.json("PUT", f"/v1/authorities/{rig.VALJOIE_SIREN}/routes/pes",
                                           {"destination": "helios", "p_dest": "MHPCE11", "signer": signer})
        assert status == 200, answer

    def waiting(self, nom_fic, bordereaux=2):
        """A flow that waits for its agent, and its bytes."""
        content = rig.sample("depense", rig.VALJOIE_SIREN, nom_fic, "--dematerialise", "--ids", "--bordereaux", str(bordereaux))
        status, _, answer = self.agent.submit(content)
        self.assertEqual(status, 202, answer)
        self.reaches(answer["id"], lambda flow: flow.get("waiting_code") == "signature.agent")
        self.assertEqual(self.agent.flow(answer["id"])["state"], "to_sign")
        return answer["id"], content

    def reaches(self, flow_id, what):
        return rig.until(f"{flow_id}: {what}", lambda: next((f for f in [self.agent.flow(flow_id)] if what(f)), None))

    def finished(self, flow_id):
        return self.reaches(flow_id, lambda flow: flow["state"] in FINAL)["state"]

    def ask(self, flow_id, name="signer"):
        pem = (self.gateway.pki / f"{name}.pem").read_text()
        return self.mayor.json("POST", f"/v1/flows/{flow_id}/signature-request", {"certificate": pem})

    def values(self, offer, name="signer"):
        """Made by openssl over the bytes that were handed out."""
        out = []
        for one in offer["elements"]:
            signed_info = base64.b64decode(one["signed_info"])
            self.assertEqual(one["digest_hex"], hashlib.sha256(signed_info).hexdigest())
            done = subprocess.run(["openssl", "dgst", "-sha256", "-sign", str(self.gateway.pki / f"{name}.key")], input=signed_info,
                                  capture_output=True, check=True)
            out.append({"element": one["element"], "value": base64.b64encode(done.stdout).decode()})
        return {"request": offer["request"], "signatures": out}

    def bring(self, flow_id, values, api=None):
        return (api or self.mayor).json("PUT", f"/v1/flows/{flow_id}/signature", values)

    def signed_form(self, flow_id):
        documents = self.agent.json("GET", f"/v1/flows/{flow_id}/documents")[1]["items"]
        number = next(d["number"] for d in documents if d["role"] == "signed")
        return self.agent.raw("GET", f"/v1/flows/{flow_id}/documents/{number}")[2]

    def check_with_stock_tools(self, content, flow_id, signatures):
        """xmlsec1 accepts each signature, and outside them no byte has changed."""
        signed = bare = self.signed_form(flow_id)
        while b"<ds:Signature" in bare:
            begin = bare.index(b"<ds:Signature")
            bare = bare[:begin] + bare[bare.index(b"</ds:Signature>", begin) + len(b"</ds:Signature>"):]
        self.assertEqual(bare, content)
        self.assertEqual(signed.count(b"<ds:SignatureValue"), signatures)
        file = self.folder / "signed.xml"
        file.write_bytes(signed)
        for place in range(1, signatures + 1):
            must("xmlsec1", "--verify", "--id-attr:Id", "Bordereau", "--id-attr:Id", "http://uri.etsi.org/01903/v1.2.2#:SignedProperties",
                 "--enabled-key-data", "x509", "--trusted-pem", str(self.gateway.pki / "ca.pem"), "--node-xpath",
                 f"(//*[local-name()='Signature'])[{place}]", str(file))

    def events(self, flow_id, code):
        out = []
        for event in self.agent.json("GET", f"/v1/flows/{flow_id}/events")[1]["items"]:
            if event["code"] == code:
                detail = event["detail"]
                out.append(json.loads(detail) if isinstance(detail, str) else detail)
        return out

    def ctl(self, *arguments, name="reader", environment=None):
        pki = self.gateway.pki
        command = [str(rig.BUILD / "tools/dematctl/dematctl"), "--url", f"https://localhost:{self.gateway.port}", "--ca",
                   str(pki / "ca.pem"), "--cert", str(pki / f"{name}.pem"), "--key", str(pki / f"{name}.key"), *arguments]
        # No terminal: whoever would ask a question must give up.
        return subprocess.run(command, capture_output=True, text=True, timeout=90, start_new_session=True,
                              env={**os.environ, **(environment or {})})

    def test_openssl_signs_what_was_handed_out(self):
        flow_id, content = self.waiting("CARTE-OPENSSL")
        status, offer = self.ask(flow_id)
        self.assertEqual(status, 201, offer)
        self.assertEqual([one["covers"] for one in offer["elements"]], ["bordereau", "bordereau"])
        self.assertIn("Bordereau de dépense", offer["elements"][0]["lines"][0]["fr"])
        self.assertEqual((offer["role"], offer["city"]), ("Maire", "Valjoie"))
        values = self.values(offer)
        status, taken = self.bring(flow_id, values)
        self.assertEqual(status, 200, taken)
        self.assertEqual(self.bring(flow_id, values), (200, taken))
        self.assertEqual(self.finished(flow_id), "acknowledged")
        self.check_with_stock_tools(content, flow_id, 2)
        self.assertEqual(hashlib.sha256(self.signed_form(flow_id)).hexdigest(), taken["signed_sha256"])
        audit = self.events(flow_id, "sign")
        self.assertEqual(len(audit), 1)
        self.assertEqual(audit[0]["requested_by"], self.gateway.fingerprint("reader"))
        self.assertEqual(audit[0]["certificate"]["serial"], offer["certificate"]["serial"])
        self.assertEqual(self.bring(flow_id, values), (200, taken), "long after, too")

    def test_dematctl_signs_with_a_key_file(self):
        flow_id, content = self.waiting("CARTE-FICHIER")
        listed = self.ctl("sign", "--list")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertIn(flow_id, listed.stdout)
        key = ["--key", str(self.gateway.pki / "signer.key"), "--certificate", str(self.gateway.pki / "signer.pem")]
        unasked = self.ctl("sign", flow_id, *key)
        self.assertEqual(unasked.returncode, 1, unasked.stderr)
        self.assertIn("ctl.not_signed", unasked.stderr)
        done = self.ctl("sign", flow_id, *key, "--yes", "--role", "Première adjointe")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Bordereau de dépense n°", done.stdout)
        self.assertIn("Première adjointe", done.stdout)
        self.assertEqual(self.finished(flow_id), "acknowledged")
        self.check_with_stock_tools(content, flow_id, 2)
        again = self.ctl("sign", flow_id, *key, "--yes")
        self.assertEqual(again.returncode, 5, again.stderr)
        self.assertIn("signature.not_waiting", again.stderr)

    @unittest.skipUnless(MODULE and shutil.which("softhsm2-util") and shutil.which("pkcs11-tool"), "softhsm2 and opensc are not installed")
    def test_dematctl_signs_with_a_card(self):
        token = Token(self.folder / "hsm", self.gateway.pki)
        pin = self.folder / "pin"
        pin.write_text(PIN + "\n")
        pin.chmod(0o600)
        flow_id, content = self.waiting("CARTE-JETON", 3)
        card = ["--module", MODULE, "--token", "mairie", "--label", "maire"]
        without = self.ctl("sign", flow_id, *card, "--yes", environment=token.environment)
        self.assertEqual(without.returncode, 2, without.stderr)
        self.assertIn("ctl.pin", without.stderr)
        wrong = self.folder / "wrong-pin"
        wrong.write_text("000000\n")
        wrong.chmod(0o600)
        refused = self.ctl("sign", flow_id, *card, "--yes", "--pin-file", str(wrong), environment=token.environment)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("signing.token.pin", refused.stderr)
        self.assertEqual(self.agent.flow(flow_id)["state"], "to_sign")
        done = self.ctl("--json", "sign", flow_id, *card, "--yes", "--pin-file", str(pin), environment=token.environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["certificate"]["serial"], "4711")
        self.assertEqual(self.finished(flow_id), "acknowledged")
        self.check_with_stock_tools(content, flow_id, 3)
        self.assertNotIn(PIN, (self.gateway.folder / "dematd.log").read_text())

    def typed(self, arguments, answers, environment):
        """Runs dematctl on a terminal of its own; answers each question when it comes. Its exit code and what was seen."""
        pki = self.gateway.pki
        command = [str(rig.BUILD / "tools/dematctl/dematctl"), "--url", f"https://localhost:{self.gateway.port}", "--ca",
                   str(pki / "ca.pem"), "--cert", str(pki / "reader.pem"), "--key", str(pki / "reader.key"), *arguments]
        child, terminal = pty.fork()
        if child == 0:
            os.execve(command[0], command, {**os.environ, **environment})
        seen, asked = "", 0
        for question, answer in answers:
            while question not in seen[asked:]:
                self.assertTrue(select.select([terminal], [], [], 60)[0], seen)
                seen += os.read(terminal, 4096).decode(errors="replace")
            asked = len(seen)
            os.write(terminal, answer.encode() + b"\n")
        while select.select([terminal], [], [], 60)[0]:
            try:
                piece = os.read(terminal, 4096)
            except OSError:
                break
            if not piece:
                break
            seen += piece.decode(errors="replace")
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), seen

    @unittest.skipUnless(MODULE and shutil.which("softhsm2-util") and shutil.which("pkcs11-tool"), "softhsm2 and opensc are not installed")
    def test_the_pin_is_typed_once_and_not_shown(self):
        token = Token(self.folder / "hsm-typed", self.gateway.pki)
        flows = [self.waiting(f"CARTE-TAPE-{n}", 1)[0] for n in (1, 2)]
        code, seen = self.typed(["sign", *flows, "--module", MODULE, "--token", "mairie", "--label", "maire"],
                                [("Code PIN", PIN), ("Signer ?", "o"), ("Signer ?", "o")], token.environment)
        self.assertEqual(code, 0, seen)
        self.assertNotIn(PIN, seen)
        self.assertEqual(seen.count("Code PIN"), 1, seen)
        for flow_id in flows:
            self.assertEqual(self.finished(flow_id), "acknowledged")

    def test_a_certificate_that_can_never_pass_is_refused_before_any_pin(self):
        flow_id, _ = self.waiting("CARTE-REFUS")
        status, problem = self.ask(flow_id, "valjoie")
        self.assertEqual((status, problem["code"]), (422, "signature.certificate_usage"))
        pki = self.gateway.pki
        # The key is not there: nobody got as far as to open it.
        done = self.ctl("sign", flow_id, "--key", str(self.folder / "nowhere.key"), "--certificate", str(pki / "valjoie.pem"), "--yes")
        self.assertEqual(done.returncode, 1)
        self.assertIn("signature.certificate_usage", done.stderr)

    def kill_and_start(self):
        self.gateway.kill()
        self.gateway.start()
        for api in (self.operator, self.agent, self.mayor):
            api.port = self.gateway.port
            api.close()

    def test_a_kill_between_the_steps_loses_nothing(self):
        flow_id, content = self.waiting("CARTE-KILL")
        # Nothing leaves: a kill in the middle of a transfer is another matter.
        paused = self.ctl("queue", "pause", "helios", "--for", "1h", "--reason", "essai", name="operator")
        self.assertEqual(paused.returncode, 0, paused.stderr)
        offer = self.ask(flow_id)[1]
        self.kill_and_start()
        values = self.values(offer)
        status, taken = self.bring(flow_id, values)
        self.assertEqual(status, 200, taken)
        self.kill_and_start()
        self.assertEqual(self.agent.flow(flow_id)["state"], "ready")
        self.assertEqual(self.bring(flow_id, values), (200, taken))
        resumed = self.ctl("queue", "resume", "helios", "--reason", "essai", name="operator")
        self.assertEqual(resumed.returncode, 0, resumed.stderr)
        self.assertEqual(self.finished(flow_id), "acknowledged")
        self.check_with_stock_tools(content, flow_id, 2)
        self.assertEqual(len(self.events(flow_id, "sign")), 1)

    def test_another_key_is_told_and_the_flow_waits_on(self):
        flow_id, _ = self.waiting("CARTE-CLE")
        offer = self.ask(flow_id)[1]
        status, problem = self.bring(flow_id, self.values(offer, "montbrume-signer"))
        self.assertEqual((status, problem["code"]), (422, "signature.value"))
        self.assertEqual(self.agent.flow(flow_id)["state"], "to_sign")
        self.assertEqual(self.events(flow_id, "signature.not_taken")[0]["code"], "signature.value")
        newer = self.ask(flow_id)[1]
        status, problem = self.bring(flow_id, self.values(offer))
        self.assertEqual((status, problem["code"]), (409, "signature.replaced"))
        self.assertEqual(self.bring(flow_id, self.values(newer))[0], 200)
        self.assertEqual(self.finished(flow_id), "acknowledged")

    def test_a_request_expires(self):
        self.route("bref")
        try:
            flow_id, _ = self.waiting("CARTE-TARD")
            offer = self.ask(flow_id)[1]
            time.sleep(5.2)
            status, problem = self.bring(flow_id, self.values(offer))
            self.assertEqual((status, problem["code"]), (409, "signature.expired"))
            offer = self.ask(flow_id)[1]
            self.assertEqual(self.bring(flow_id, self.values(offer))[0], 200)
            self.assertEqual(self.finished(flow_id), "acknowledged")
        finally:
            self.route("carte")

    def test_it_is_nobody_elses(self):
        flow_id, _ = self.waiting("CARTE-VOISIN")
        offer = self.ask(flow_id)[1]
        values = self.values(offer)
        stranger = self.gateway.api("montbrume")
        try:
            self.assertEqual(self.bring(flow_id, values, stranger)[0], 404)
        finally:
            stranger.close()
        self.assertEqual(self.bring(flow_id, values, self.agent)[0], 403, "a transmitter is no signatory")
        self.assertEqual(self.agent.flow(flow_id)["state"], "to_sign")

    def test_people_hold_and_cancel_it_as_ever(self):
        flow_id, _ = self.waiting("CARTE-VERBES")
        offer = self.ask(flow_id)[1]
        self.assertEqual(self.agent.json("POST", f"/v1/flows/{flow_id}/hold", {"reason": "à revoir"})[0], 200)
        self.assertEqual(self.bring(flow_id, self.values(offer))[1]["code"], "signature.not_waiting")
        self.assertEqual(self.agent.json("POST", f"/v1/flows/{flow_id}/release", {"reason": "revu"})[0], 200)
        self.reaches(flow_id, lambda flow: flow.get("waiting_code") == "signature.agent")
        self.assertEqual(self.agent.json("POST", f"/v1/flows/{flow_id}/cancel", {"reason": "erreur"})[0], 200)
        self.assertEqual(self.bring(flow_id, self.values(offer))[1]["code"], "signature.not_waiting")
        self.assertEqual(self.agent.flow(flow_id)["state"], "cancelled")

    def test_what_arrives_signed_does_not_wait(self):
        flow_id, _ = self.waiting("CARTE-DEJA")
        self.assertEqual(self.bring(flow_id, self.values(self.ask(flow_id)[1]))[0], 200)
        signed = self.signed_form(flow_id)
        self.assertEqual(self.finished(flow_id), "acknowledged")
        status, _, answer = self.agent.submit(signed.replace(b"CARTE-DEJA", b"CARTE-DEJB"))
        self.assertEqual(status, 202, answer)
        self.assertEqual(self.finished(answer["id"]), "acknowledged")


if __name__ == "__main__":
    unittest.main(verbosity=2)
