#!/usr/bin/python3
"""Acts when something is wrong around them: files that a real clamd knows, a scanner that is down, a mail server that is away for
an hour, mails that cannot be read.
"""

import email
import email.policy
import email.utils
import pathlib
import shutil
import sys
import tempfile
import time
import unittest
import uuid

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "crash")]

import clamd
import rig
from clock_steps import LAYER, MovedClock
from pieces import pdf
from town_hall import TownHall


class Trouble(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="dt-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def open(self, *arguments, **more):
        self.town = TownHall(self.folder, *arguments, **more)
        self.addCleanup(self.town.close)
        return self.town


@unittest.skipUnless(clamd.PROGRAM, "clamd is not installed")
class Antivirus(Trouble):
    def setUp(self):
        super().setUp()
        self.scanner = clamd.Clamd(self.folder / "av")
        self.addCleanup(self.scanner.stop)
        self.open(self.scanner.settings())

    def test_an_infected_file_is_refused_by_its_name(self):
        sound, infected = pdf("Sain"), pdf("Malade", beside=clamd.EICAR)
        for number, files, name in (("EICAR_ACTE", [infected, sound], "délibération.pdf"),
                                    ("EICAR_ANNEXE", [sound, sound, infected], "annexe 2.pdf")):
            with self.subTest(number):
                flow = self.town.post(number, files)
                self.assertEqual(self.town.ends(flow)["state"], "refused")
                findings = [one for one in self.town.report(flow)["findings"] if one["severity"] == "error"]
                self.assertEqual([(one["code"], one["place"]["path"]) for one in findings], [("antivirus.infected", name)])
                for language in ("fr", "en"):
                    self.assertIn(name, findings[0][language])
                    self.assertIn("Rig.EICAR", findings[0][language])
                self.assertEqual(self.town.arrived(number), 0)
        healthy = self.town.post("SAIN", [sound, sound])
        self.assertEqual(self.town.ends(healthy)["state"], "acknowledged")

    def test_acts_wait_for_a_scanner_that_is_down(self):
        self.scanner.stop()
        flows = {number: self.town.post(number, files) for number, files in (
            ("ATTEND_1", [pdf("Un")]), ("ATTEND_2", [pdf("Deux"), pdf("Annexe")]), ("ATTEND_3", [pdf("Trois", beside=clamd.EICAR)]))}
        waits = lambda flow: self.town.agent.flow(flow).get("waiting_code") == "antivirus.down"
        rig.until("all wait for the scanner", lambda: all(map(waits, flows.values())))
        time.sleep(3)  # several tries
        for flow in flows.values():
            self.assertEqual((self.town.acte(flow)["state"], waits(flow)), ("received", True))
        health = {part["name"]: part for part in self.town.operator.json("GET", "/healthz?verbose")[1]["parts"]}
        self.assertEqual((health["antivirus"]["state"], health["antivirus"]["code"]), ("degraded", "antivirus.down"))
        self.scanner.start()
        self.assertEqual([self.town.ends(flow)["state"] for flow in flows.values()], ["acknowledged", "acknowledged", "refused"])
        self.assertEqual([self.town.arrived(number) for number in flows], [1, 1, 0])


class MailServer(Trouble):
    @unittest.skipUnless(LAYER.exists(), f"{LAYER.name} is not built: a sanitizer's runtime cannot be beside it")
    def test_an_hour_without_mail_costs_nothing(self):
        """Health and alarm tell of it, acts go on leaving, and all answers come afterwards, the letters and our receipts too."""
        offset = self.folder / "offset"
        offset.write_bytes(bytes(8))
        clock = MovedClock(offset)
        town = self.open("", {"LD_PRELOAD": str(LAYER), "FAKECLOCK_FILE": str(offset)})
        self.assertEqual(town.ends(town.post("AVANT"))["state"], "acknowledged")
        early = [town.post(number) for number in ("VOL_1", "VOL_2_REJET")]
        town.prefecture.ask("imap-stop")
        rig.until("health tells of it", lambda: self.mail_part()["state"] == "degraded")
        self.assertTrue(self.mail_part()["code"].startswith("transport."), self.mail_part())
        late = [town.post(number) for number in ("PANNE_1", "PANNE_2_OBS", "PANNE_3")]
        for flow in late:
            self.assertIn(town.ends(flow, ("sent",))["state"], ("sent",))
        self.assertEqual(self.part("destination/actes/send")["state"], "ok")
        self.assertNotIn("destination.down", town.alarms())
        time.sleep(16)  # the watch looks every 15 s
        clock.set(3600)
        rig.until("the alarm", lambda: "destination.down" in town.alarms(), 40, 0.5)
        during = town.post("APRES_1H")
        town.ends(during, ("sent",))
        town.prefecture.ask("imap-start")
        states = [town.ends(flow)["state"] for flow in (*early, *late, during)]
        self.assertEqual(states, ["acknowledged", "rejected", "acknowledged", "acknowledged", "acknowledged", "acknowledged"])
        rig.until("the letter's receipt", lambda: any(line["code"] == "4-2" for line in town.prefecture.ledger("acknowledged")))
        rig.until("health is well again", lambda: self.mail_part()["state"] == "ok")
        rig.until("the alarm is over", lambda: "destination.down" not in town.alarms(), 40, 0.5)
        self.assertEqual(town.prefecture.doubles(), set())
        self.assertEqual(town.operator.json("GET", "/v1/orphans")[1]["items"], [])

    def part(self, name):
        return next(part for part in self.town.operator.json("GET", "/healthz?verbose")[1]["parts"] if part["name"] == name)

    def mail_part(self):
        return self.part("destination/actes/poll")

    def test_orphans_are_looked_at_again(self):
        """An answer that comes before its act left, one that is damaged, and no message at all: kept, and two find no owner."""
        town = self.open()
        model = self.receipt_of(town.post("MODELE"))
        flow = None
        for what, mail in (("early", model.replace("MODELE", "TARDIF_MUET")), ("cut", model.replace("</actes:ARActe>", "")),
                           ("none", None)):
            self.deliver(mail)
            rig.until(f"{what} is an orphan", lambda: len(self.orphans()) == ("early", "cut", "none").index(what) + 1)
        self.assertEqual([one["match_rule"].split(":")[0] for one in self.orphans()], ["acte_unknown", "unreadable", "no_message"])
        flow = town.post("TARDIF_MUET")
        self.assertEqual(town.ends(flow, ("sent",))["state"], "sent")
        before = [one["id"] for one in self.orphans()]
        status, answer = town.operator.json("POST", "/v1/orphans/reanalyse", {"reason": "the act has left"})
        self.assertIn(status, (200, 202), answer)
        self.assertEqual(town.ends(flow)["state"], "acknowledged")
        rig.until("the others stay", lambda: [one["id"] for one in self.orphans()] == before[1:])
        for orphan in self.orphans():
            status, _, kept = town.operator.raw("GET", f"/v1/orphans/{orphan['id']}/payload")
            self.assertEqual(status, 200)
            self.assertIn(b"Message-ID", kept)

    def orphans(self):
        return sorted(self.town.operator.json("GET", "/v1/orphans")[1]["items"], key=lambda one: one["received_at"])

    def receipt_of(self, flow):
        """The XML of its AR."""
        self.assertEqual(self.town.ends(flow)["state"], "acknowledged")
        documents = self.town.agent.json("GET", f"/v1/flows/{flow}/documents")[1]["items"]
        number = next(one["number"] for one in documents if one["role"] == "ar")
        return self.town.agent.raw("GET", f"/v1/flows/{flow}/documents/{number}")[2].decode("iso-8859-1")

    def deliver(self, xml):
        """A mail of the ministry's with that message, or with none."""
        mail = email.message.EmailMessage(policy=email.policy.SMTP)
        mail["From"], mail["To"], mail["Message-ID"] = "ministere@actes.test", "actes@operateur.test", f"<{uuid.uuid4()}@actes.test>"
        mail["Date"], mail["Subject"] = email.utils.localtime(), "ACTES"
        mail.set_content("Bonjour")
        if xml:
            mail.add_attachment(xml.encode("iso-8859-1"), "text", "xml", filename="message.xml")
        file = self.folder / "mail.eml"
        file.write_bytes(mail.as_bytes())
        self.town.prefecture.ask("mail", file)


if __name__ == "__main__":
    unittest.main(verbosity=2)
