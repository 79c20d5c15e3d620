#!/usr/bin/python3
"""People are told by mail of what comes from the ministry: a real mail server beside a gateway and a simulated préfecture."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import rig
from mail_sink import MailSink
from prefecture import Prefecture
from test_actes import form, pdf

MAYOR, CLERK = "maire@valjoie.exemple.fr", "secretariat@valjoie.exemple.fr"


class Mails(unittest.TestCase):
    """One gateway for all cases: the numbers of acts tell them apart."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="dm-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.prefecture = Prefecture(cls.folder / "p")
        cls.addClassCleanup(cls.prefecture.stop)
        cls.helios = rig.Simulator(cls.folder / "sim", "ftp", "--delay", "0")
        cls.addClassCleanup(cls.helios.stop)
        pki = cls.folder / "mail-pki"
        subprocess.run(["sh", str(rig.SOURCE / "certs-sample/make_pki.sh"), str(pki)], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        cls.sink = MailSink(cls.folder / "sink", pki)
        cls.addClassCleanup(lambda: cls.sink.stop())
        cls.gateway = rig.Gateway(cls.folder / "gateway", cls.helios, cls.sink.settings(), cls.prefecture.destination())
        cls.gateway.start()
        cls.addClassCleanup(cls.gateway.stop)
        cls.gateway.declare()
        operator = cls.gateway.api("operator")
        for path, value in (("routes/actes", {"destination": "actes", "p_dest": "", "signer": ""}),
                            ("actes", {"departement": "034", "arrondissement": "1", "nature": "31", "convention_date": "2026-01-05",
                                       "notify": [MAYOR, CLERK]})):
            status, answer = operator.json("PUT", f"/v1/authorities/{rig.VALJOIE_SIREN}/{path}", value)
            assert status in (200, 201, 204), (status, answer)
        operator.close()
        first = cls("setUp")
        first.setUp()
        first.all_sent(first.acknowledged("M_0"))  # the classification came before it, and was told
        first.agent.close()

    def setUp(self):
        self.agent = self.gateway.api("valjoie")

    def tearDown(self):
        self.agent.close()
        self.sink.misbehave()

    def restart(self, environment=None):
        self.agent.close()
        self.gateway.start(environment)
        self.agent = self.gateway.api("valjoie")

    def deposit(self, number, title="Budget primitif 2026 : équilibre"):
        words = {"number": number, "date": "2026-03-02", "nature": 1, "matieres": "7.1", "object": title, "type": "99_DE"}
        body, kind = form([("metadata", "", json.dumps(words).encode()), ("acte", "a.pdf", pdf(f"Acte {number}"))])
        status, _, answer = self.agent.raw("POST", "/v1/actes", body, {"Content-Type": kind})
        self.assertEqual(status, 202, answer)
        return json.loads(answer)["id"]

    def acknowledged(self, number):
        flow = self.deposit(number)
        rig.until("its AR", lambda: self.agent.json("GET", f"/v1/actes/{flow}")[1].get("state") == "acknowledged", 60)
        return flow

    def states(self, flow):
        return {one["recipient"]: one["state"] for one in self.agent.json("GET", f"/v1/mails?flow={flow}")[1]["items"]}

    def all_sent(self, flow):
        rig.until("both mails", lambda: self.states(flow) == {MAYOR: "sent", CLERK: "sent"}, 60)

    def mail_health(self):
        operator = self.gateway.api("operator")
        parts = operator.json("GET", "/healthz?verbose=true")[1]["parts"]
        operator.close()
        return next(part for part in parts if part["name"] == "mail")

    def test_every_address_is_told_of_a_receipt(self):
        flow = self.acknowledged("M_1")
        self.all_sent(flow)
        mails = self.sink.taken("M_1")
        self.assertEqual({mail.recipient for mail in mails}, {MAYOR, CLERK})
        for mail in mails:
            self.assertEqual(mail["To"], mail.recipient)
            self.assertTrue(mail["Subject"].startswith("[TEST] ACTES, acte M_1 : accusé de réception de l'acte"), mail["Subject"])
            text = mail.get_content()
            for words in ("Objet : Budget primitif 2026 : équilibre", "034-", "(message 1-2)", "PASSERELLE D'ESSAI"):
                self.assertIn(words, text)
        self.assertEqual(len({mail["Message-ID"] for mail in mails}), 2)
        codes = [event["code"] for event in self.agent.json("GET", f"/v1/flows/{flow}/events")[1]["items"]]
        self.assertEqual(codes.count("mail.sent"), 2)
        self.assertEqual(self.mail_health()["state"], "ok")

    def test_one_refused_address_does_not_hold_the_other(self):
        self.sink.misbehave(recipients={CLERK: "550 5.1.1 no such user"})
        flow = self.acknowledged("M_2")
        rig.until("the ends", lambda: self.states(flow) == {MAYOR: "sent", CLERK: "failed"}, 60)
        failed = self.agent.json("GET", f"/v1/mails?flow={flow}&state=failed")[1]["items"][0]
        self.assertEqual((failed["error_code"], failed["reply"], failed["reason"]), ("mail.refused", 550, "550 5.1.1 no such user"))
        operator = self.gateway.api("operator")
        alarms = operator.json("GET", "/v1/alarms")[1]["items"]
        operator.close()
        self.assertIn(("mail.failed", failed["id"]), [(alarm["code"], alarm["subject"]) for alarm in alarms])
        self.assertNotIn(CLERK, (self.gateway.folder / "dematd.log").read_text(), "no address in the log")
        self.sink.misbehave()
        self.assertEqual(self.agent.json("POST", f"/v1/mails/{failed['id']}/retry", {})[0], 202)
        self.all_sent(flow)

    def test_who_is_put_off_gets_it_later(self):
        self.sink.misbehave(recipients={CLERK: "451 4.7.1 grey"}, times=2)
        flow = self.acknowledged("M_3")
        self.all_sent(flow)
        self.assertEqual(sorted(mail.recipient for mail in self.sink.taken("M_3")), [MAYOR, CLERK])

    def test_a_server_down_and_a_kill_lose_nothing(self):
        self.sink.stop()
        flow = self.acknowledged("M_4")
        rig.until("it shows", lambda: self.mail_health().get("code") == "transport.unreachable", 30)
        self.gateway.kill()
        self.restart()
        self.assertEqual(self.states(flow), {MAYOR: "waiting", CLERK: "waiting"})
        self.sink.start()
        self.all_sent(flow)
        self.assertEqual(len(self.sink.taken("M_4")), 2)
        self.assertEqual(self.mail_health()["state"], "ok")

    def test_without_starttls_nothing_leaves(self):
        self.sink.stop()
        self.sink.start("clear")
        flow = self.acknowledged("M_5")
        rig.until("it shows", lambda: self.mail_health().get("code") == "transport.identity", 30)
        self.assertEqual(self.states(flow), {MAYOR: "waiting", CLERK: "waiting"})
        self.assertEqual(self.sink.taken("M_5"), [])
        self.sink.stop()
        self.sink.start()
        self.all_sent(flow)

    def killed_at(self, point, number):
        """The gateway dies there; what the server took, once it is up again and all is sent."""
        self.assertEqual(self.gateway.stop(), 0)
        self.restart({"DEMAT_CRASH_AT": point})
        flow = self.deposit(number)
        self.gateway.process.wait(60)
        self.restart()
        rig.until("its AR", lambda: self.agent.json("GET", f"/v1/actes/{flow}")[1].get("state") == "acknowledged", 60)
        self.all_sent(flow)
        return self.sink.taken(number)

    def test_a_kill_before_sending_makes_no_double(self):
        self.assertEqual(sorted(mail.recipient for mail in self.killed_at("before_mail", "M_6")), [MAYOR, CLERK])

    def test_a_kill_after_acceptance_makes_a_double_that_is_known_for_one(self):
        mails = self.killed_at("after_mail", "M_7")
        self.assertEqual(len(mails), 3)
        self.assertEqual(len({mail["Message-ID"] for mail in mails}), 2)
        self.assertEqual(len({mail.raw for mail in mails}), 2)

    def test_a_letter_is_announced_and_not_shown(self):
        flow = self.acknowledged("M_COUR")
        rig.until("the letter", lambda: any("courrier simple" in mail["Subject"] for mail in self.sink.taken("M_COUR")), 60)
        rig.until("all of it", lambda: set(one["state"] for one in self.agent.json("GET", f"/v1/mails?flow={flow}")[1]["items"]) == {"sent"}, 60)
        self.assertFalse(any(list(mail.iter_attachments()) for mail in self.sink.taken("M_COUR")))


if __name__ == "__main__":
    unittest.main()
