#!/usr/bin/python3
"""The acceptance list of the PES road, tried on the installed programs as a user would."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import rig

SHARED = pathlib.Path(os.environ.get("DEMAT_SHARED", rig.SOURCE.parent / "shared"))
FINAL = {"acknowledged", "partly_rejected", "rejected", "refused", "cancelled"}


class FirstFlow(unittest.TestCase):
    mode = "sftp"

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-e2e-"))
        cls.simulator = rig.Simulator(cls.folder / "sim", cls.mode, "--delay", "0.05")
        cls.gateway = rig.Gateway(cls.folder / "gateway", cls.simulator)
        cls.gateway.start()
        cls.gateway.declare()
        cls.agent = cls.gateway.api("valjoie")
        cls.other = cls.gateway.api("montbrume")
        cls.operator = cls.gateway.api("operator")

    @classmethod
    def tearDownClass(cls):
        for api in (cls.agent, cls.other, cls.operator):
            api.close()
        cls.gateway.stop()
        cls.simulator.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def depense(self, nom_fic, *options, siren=None):
        return rig.sample("depense", siren or rig.VALJOIE_SIREN, nom_fic, "--dematerialise", "--ids", *options)

    def accept(self, content, agent=None):
        status, headers, answer = (agent or self.agent).submit(content)
        self.assertEqual(status, 202, answer)
        self.assertEqual(headers["Location"], f"/v1/flows/{answer['id']}")
        return answer["id"]

    def finished(self, flow_id, agent=None, states=FINAL):
        agent = agent or self.agent
        return rig.until(f"{flow_id} in {states}",
                         lambda: next((f for f in [agent.flow(flow_id)] if f["state"] in states), None))

    def document(self, flow_id, role):
        documents = self.agent.json("GET", f"/v1/flows/{flow_id}/documents")[1]["items"]
        number = next(d["number"] for d in documents if d["role"] == role)
        return self.agent.raw("GET", f"/v1/flows/{flow_id}/documents/{number}")[2]

    def test_signed_by_the_gateway_and_acknowledged(self):
        content = self.depense("SIGNE-0001")
        flow_id = self.accept(content)
        flow = self.finished(flow_id)
        self.assertEqual(flow["state"], "acknowledged")
        self.assertEqual(self.agent.raw("GET", f"/v1/flows/{flow_id}/payload")[2], content)
        signed = self.document(flow_id, "signed")
        received = [d for d in self.simulator.ledger("deposit") if d["nomfic"] == "SIGNE-0001"]
        self.assertEqual([d["sha256"] for d in received], [hashlib.sha256(signed).hexdigest()])
        self.assertIn(b"PES_ACQUIT", self.document(flow_id, "acquit"))
        self.check_with_stock_tools(content, signed)

    def check_with_stock_tools(self, content, signed):
        """xmlsec1 verifies what we signed; without the signatures every byte is as it came."""
        file = self.folder / "signed.xml"
        file.write_bytes(signed)
        begin, end = signed.index(b"<ds:Signature"), signed.rindex(b"</ds:Signature>") + len(b"</ds:Signature>")
        self.assertEqual(signed.count(b"<ds:Signature "), 1)
        self.assertEqual(signed[:begin] + signed[end:], content)
        command = ["xmlsec1", "--verify", "--insecure", "--id-attr:Id", "Bordereau", "--id-attr:Id",
                   "http://uri.etsi.org/01903/v1.2.2#:SignedProperties", "--id-attr:Id",
                   "http://uri.etsi.org/01903/v1.1.1#:SignedProperties", "--pubkey-cert-pem",
                   str(self.gateway.pki / "signer.pem"), str(file)]
        done = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        published = SHARED / "schemas/pes/v5.30/PES_V2/Rev0/PES_Aller.xsd"
        if published.exists():
            done = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", str(published), str(file)],
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_partly_rejected_names_each_anomaly(self):
        flow_id = self.accept(self.depense("BUDGET_MIXTE-1", "--bordereaux", "2"))
        flow = self.finished(flow_id)
        self.assertEqual(flow["state"], "partly_rejected")
        anomalies = self.agent.json("GET", f"/v1/flows/{flow_id}/report")[1]["anomalies"]
        self.assertTrue(any(a.get("piece") for a in anomalies), anomalies)
        self.assertTrue(any(a.get("ligne") for a in anomalies), anomalies)
        self.assertTrue(all(a["num_ano_ack"] for a in anomalies), anomalies)
        self.assertTrue(all(a["explanation"]["fr"] and a["explanation"]["en"] for a in anomalies), anomalies)

    def test_answers_of_every_shape(self):
        for marker, state in (("_REJET", "rejected"), ("_BOITE1", "rejected"), ("_V1", "acknowledged"),
                              ("_DOUBLE", "acknowledged")):
            with self.subTest(marker):
                flow_id = self.accept(self.depense("FORMES" + marker))
                self.assertEqual(self.finished(flow_id)["state"], state)
        acquits = lambda: [d for d in self.agent.json("GET", f"/v1/flows/{flow_id}/documents")[1]["items"]
                           if d["role"] == "acquit"]
        rig.until("both acquits kept", lambda: len(acquits()) == 2)

    def test_return_reaches_its_authority_only(self):
        self.finished(self.accept(self.depense("AVEC_RETOUR-1")))
        mine = rig.until("a PES_Retour", lambda: self.agent.json("GET", "/v1/returns?kind=PES_Retour")[1]["items"])
        return_id = mine[0]["id"]
        self.assertIn(b"PES_Retour", self.agent.raw("GET", f"/v1/returns/{return_id}/payload")[2])
        self.assertEqual(self.other.json("GET", f"/v1/returns/{return_id}")[0], 404)
        self.assertNotIn(return_id, [r["id"] for r in self.other.json("GET", "/v1/returns")[1]["items"]])

    def test_invalid_flow_says_what_is_wrong_and_where(self):
        content = self.depense("INVALIDE-0001").replace(b"<MtHT V=", b"<MontantHT V=", 1)
        flow_id = self.accept(content)
        self.assertEqual(self.finished(flow_id)["state"], "refused")
        report = self.agent.json("GET", f"/v1/flows/{flow_id}/report")[1]
        finding = next(f for f in report["findings"] if f["severity"] == "error")
        self.assertTrue(finding["code"].startswith("xsd."), finding)
        self.assertGreater(finding["place"]["line"], 0)
        self.assertIn("/PES_Aller/", finding["place"]["path"])
        self.assertTrue(finding["fr"] and finding["en"])
        self.assertFalse([d for d in self.simulator.ledger("deposit") if d["nomfic"] == "INVALIDE-0001"])

    def test_the_same_file_twice(self):
        content = self.depense("DEUXFOIS-0001")
        first = self.accept(content)
        status, _, answer = self.agent.submit(content)
        self.assertEqual((status, answer["id"]), (200, first))
        status, _, problem = self.agent.submit(self.depense("DEUXFOIS-0001", "--pieces", "4"))
        self.assertEqual(status, 409, problem)
        self.finished(first)
        self.assertEqual(len([d for d in self.simulator.ledger("deposit") if d["nomfic"] == "DEUXFOIS-0001"]), 1)

    def test_a_refused_flow_may_come_again(self):
        bad = self.depense("REPRISE-0001").replace(b"<MtHT V=", b"<MontantHT V=", 1)
        self.assertEqual(self.finished(self.accept(bad))["state"], "refused")
        self.assertEqual(self.finished(self.accept(self.depense("REPRISE-0001")))["state"], "acknowledged")

    def test_nothing_of_another_authority_is_visible(self):
        flow_id = self.accept(self.depense("SECRET-0001"))
        unknown = "01890000-0000-7000-8000-000000000000"
        for suffix in ("", "/events", "/attempts", "/payload", "/documents", "/documents/1", "/report"):
            theirs = self.other.raw("GET", f"/v1/flows/{flow_id}{suffix}")
            nobody = self.other.raw("GET", f"/v1/flows/{unknown}{suffix}")
            self.assertEqual(theirs[0], 404, suffix)
            without_ids = [t[2].replace(flow_id.encode(), b"").replace(unknown.encode(), b"") for t in (theirs, nobody)]
            without_requests = [b",".join(p for p in t.split(b",") if b"request_id" not in p) for t in without_ids]
            self.assertEqual(*without_requests, suffix)
        self.assertNotIn(flow_id, [f["id"] for f in self.other.flows()])

    def test_hostile_documents_are_refused_at_the_door(self):
        deep = b'<?xml version="1.0" encoding="ISO-8859-1"?>' + b"<a>" * 300_000 + b"</a>" * 300_000
        doctype = self.depense("DOCTYPE-1").replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', 1)
        cases = {"xml.doctype": doctype, "xml.too_deep": deep, "intake.empty": b"", "xml.malformed": b"not xml at all"}
        for code, content in cases.items():
            with self.subTest(code):
                status, _, problem = self.agent.submit(content)
                self.assertEqual((status // 100, problem["code"]), (4, code), problem)

    def test_another_ones_siret_is_refused(self):
        status, _, problem = self.agent.submit(self.depense("AUTRUI-1", siren=rig.MONTBRUME_SIREN))
        self.assertEqual((status, problem["code"]), (422, "intake.not_owner"), problem)

    def test_check_keeps_nothing(self):
        content = self.depense("ESSAI-0001")
        status, _, body = self.agent.raw("POST", "/v1/check", content, {"Content-Type": "application/xml"})
        self.assertEqual(status, 200, body)
        self.assertFalse([f for f in self.agent.flows() if f["nom_fic"] == "ESSAI-0001"])

    def test_too_large_is_said_before_the_body(self):
        status, _, body = self.agent.raw("POST", "/v1/flows", b"", {"Content-Length": "200000000"})
        self.agent.close()
        self.assertEqual(status, 413, body)

    def test_logs_hold_no_personal_data(self):
        content = self.depense("JOURNAUX-0001")
        self.finished(self.accept(content))
        private = re.findall(rb'<(?:Nom|Prenom|Adr1|Adr2|IBAN|IdTiers|TitCpte|Obj) V="([^"]{4,})"', content)
        self.assertTrue(private, "the sample names nobody: this test would see nothing")
        log = (self.gateway.folder / "dematd.log").read_bytes() + (self.gateway.folder / "serve.out").read_bytes()
        self.assertIn(b"flow.state", log)
        for value in private:
            self.assertNotIn(value, log)
            self.assertNotIn(value.decode("latin-1").encode(), log)

    def test_verbs(self):
        flow_id = self.accept(self.depense("VERBES_MUET-1"))
        self.finished(flow_id, states={"sent"})
        status, problem = self.agent.json("POST", f"/v1/flows/{flow_id}/cancel", {"reason": "trop tard"})
        self.assertEqual((status, problem["code"]), (409, "verb.not_now"))
        status, problem = self.agent.json("POST", f"/v1/flows/{flow_id}/replay", {"reason": ""})
        self.assertEqual(problem["code"], "verb.reason")
        status, again = self.agent.json("POST", f"/v1/flows/{flow_id}/replay",
                                        {"reason": "acquit perdu, vu avec le poste", "accept_duplicate": True})
        self.assertEqual(status, 201, again)
        self.assertEqual(again["replay_of"], flow_id)


class FirstFlowOverGatewayFtp(FirstFlow):
    mode = "gateway"


class FirstFlowOverFtps(FirstFlow):
    mode = "ftps"


class Trouble(unittest.TestCase):
    """Hélios down, and a kill in mid-send: flows wait, nothing is lost, they leave by themselves."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-e2e-"))
        self.simulator = rig.Simulator(self.folder / "sim", "sftp", "--delay", "0.05")
        self.gateway = rig.Gateway(self.folder / "gateway", self.simulator)
        self.gateway.start()
        self.gateway.declare()
        self.agent = self.gateway.api("valjoie")

    def tearDown(self):
        self.agent.close()
        self.gateway.stop()
        self.simulator.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def submit(self, nom_fic):
        status, _, answer = self.agent.submit(
            rig.sample("depense", rig.VALJOIE_SIREN, nom_fic, "--dematerialise", "--ids"))
        self.assertEqual(status, 202, answer)
        return answer["id"]

    def states(self, ids):
        return [self.agent.flow(flow_id)["state"] for flow_id in ids]

    def test_flows_wait_while_helios_is_down(self):
        self.simulator.stop()
        ids = [self.submit(f"PANNE-{i}") for i in range(5)]
        waiting = rig.until("a flow says why it waits",
                            lambda: next((f for f in map(self.agent.flow, ids) if f.get("waiting_code")), None))
        self.assertEqual(waiting["state"], "ready")
        self.simulator.start()
        rig.until("all acknowledged", lambda: self.states(ids) == ["acknowledged"] * 5, 60)
        self.assertEqual(len(self.simulator.ledger("deposit")), 5)

    def test_a_kill_in_mid_send_is_found_out(self):
        self.gateway.stop()
        self.gateway.start({"DEMAT_CRASH_AT": "after_put:1"})
        self.agent = self.gateway.api("valjoie")
        flow_id = self.submit("COUPURE-1")
        rig.until("the crash", lambda: self.gateway.process.poll() is not None)
        self.agent.close()
        self.gateway.start()
        self.agent = self.gateway.api("valjoie")
        rig.until("acknowledged", lambda: self.states([flow_id]) == ["acknowledged"], 60)
        self.assertEqual(len(self.simulator.ledger("deposit")), 1)
        codes = [e["code"] for e in self.agent.json("GET", f"/v1/flows/{flow_id}/events")[1]["items"]]
        self.assertIn("lose_send", codes)

    def restart_with(self, settings="", destination=""):
        self.agent.close()
        self.gateway.stop()
        self.gateway.config.write_text(self.gateway.configuration(settings, destination))
        self.gateway.start()
        self.agent = self.gateway.api("valjoie")

    def test_a_dead_destination_holds_nobody_else_back(self):
        dead = self.gateway.destination_text("mort", port=1)
        self.restart_with(destination=dead)
        operator = self.gateway.api("operator")
        status, answer = operator.json("PUT", f"/v1/authorities/{rig.MONTBRUME_SIREN}/routes/pes",
                                       {"destination": "mort", "p_dest": "MHPCE11", "signer": ""})
        self.assertIn(status, (200, 201), answer)
        operator.close()
        other = self.gateway.api("montbrume")
        stuck = [other.submit(rig.sample("pj", rig.MONTBRUME_SIREN, f"MORT-{i}", "--size", "5000"))[2]["id"]
                 for i in range(5)]
        ids = [self.submit(f"VIVANT-{i}") for i in range(5)]
        rig.until("the others pass", lambda: self.states(ids) == ["acknowledged"] * 5)
        flows = [other.flow(flow_id) for flow_id in stuck]
        self.assertEqual({f["state"] for f in flows} - {"ready", "sending"}, set())
        other.close()

    def test_a_scanner_that_is_down_makes_flows_wait(self):
        scanner = '[antivirus]\nenabled = true\nhost = "127.0.0.1"\nport = 1\ntimeout = "1s"'
        self.restart_with(settings=scanner)
        flow_id = self.submit("ANTIVIRUS-1")
        waiting = rig.until("a wait", lambda: next((f for f in [self.agent.flow(flow_id)] if f.get("waiting_code")), None))
        self.assertEqual((waiting["state"], waiting["waiting_code"]), ("received", "antivirus.down"))
        self.restart_with()
        rig.until("it leaves by itself", lambda: self.states([flow_id]) == ["acknowledged"], 60)

    def drop_return(self, name, content):
        """A file of the State, written beside and renamed as Hélios does."""
        sortie = self.simulator.folder / "home" / "sortie"
        (sortie / ("." + name)).write_bytes(content)
        (sortie / ("." + name)).rename(sortie / name)

    def acquits_of(self, flow_id):
        documents = self.agent.json("GET", f"/v1/flows/{flow_id}/documents")[1]["items"]
        return [d for d in documents if d["role"] == "acquit"]

    def test_a_repeated_acquit_does_not_decide_a_later_flow(self):
        first = self.submit("REPOST_REJET-1")
        rig.until("rejected", lambda: self.states([first]) == ["rejected"])
        (self.simulator.folder / "misbehave.json").write_text('{"pause_office": true}')
        corrected = rig.sample("depense", rig.VALJOIE_SIREN, "REPOST_REJET-1", "--dematerialise", "--ids", "--pieces", "4")
        status, _, answer = self.agent.submit(corrected)
        self.assertEqual(status, 202, answer)
        rig.until("the corrected flow is sent", lambda: self.states([answer["id"]]) == ["sent"])
        number = self.acquits_of(first)[0]["number"]
        acquit = self.agent.raw("GET", f"/v1/flows/{first}/documents/{number}")[2]
        self.drop_return("034000_260101000000-ACK-AGAIN.xml", acquit)
        rig.until("kept as the first flow's", lambda: len(self.acquits_of(first)) == 2)
        self.assertEqual(self.states([first, answer["id"]]), ["rejected", "sent"])

    def test_what_belongs_to_nobody_goes_to_the_orphan_bank(self):
        self.drop_return("illisible-ACK-1.xml", b"<?xml version='1.0'?><PES_ACQUIT")
        operator = self.gateway.api("operator")
        orphans = rig.until("an orphan", lambda: operator.json("GET", "/v1/orphans")[1]["items"])
        self.assertEqual(orphans[0]["remote_name"], "illisible-ACK-1.xml")
        self.assertEqual(self.agent.json("GET", "/v1/orphans")[0], 403)
        operator.close()

    def test_a_lease_shorter_than_a_batch_of_slow_sends(self):
        for put, senders in (("direct", 1), ("temporary_then_rename", 2)):
            with self.subTest(put=put, senders=senders):
                self.slow_batch(put, senders)

    def slow_batch(self, put, senders):
        """Each send takes 2 s of a lease of 7 s (with its timeouts); nine are claimed at once."""
        simulator = rig.Simulator(self.folder / f"sim-{put}", "gateway", "--delay", "0.05", "--misbehave", "late_226=2")
        gateway = rig.Gateway(self.folder / f"gateway-{put}", simulator)
        text = gateway.config.read_text()
        for old, new in (('lease = "20s"', 'lease = "1s"'), ('connect_timeout = "5s"', 'connect_timeout = "1s"'),
                         ('transfer_timeout = "20s"', f'transfer_timeout = "5s"\nput = "{put}"\nsenders = {senders}')):
            self.assertIn(old, text)
            text = text.replace(old, new)
        gateway.config.write_text(text)
        try:
            gateway.start()
            gateway.declare()
            agent = gateway.api("valjoie")
            names = [f"LENT-{i}" for i in range(9)]
            ids = []
            for name in names:
                status, _, answer = agent.submit(
                    rig.sample("depense", rig.VALJOIE_SIREN, name, "--dematerialise", "--ids"))
                self.assertEqual(status, 202, answer)
                ids.append(answer["id"])
            states = lambda: [agent.flow(flow_id)["state"] for flow_id in ids]
            try:
                rig.until("all acknowledged", lambda: states() == ["acknowledged"] * 9, 90, 0.5)
            except TimeoutError:
                self.assertEqual(states(), ["acknowledged"] * 9)
            agent.close()
            self.assertEqual(sorted(d["nomfic"] for d in simulator.ledger("deposit")), names)
        finally:
            gateway.stop()
            simulator.stop()

    def test_stops_cleanly(self):
        self.submit("ARRET-1")
        self.assertEqual(self.gateway.stop(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
