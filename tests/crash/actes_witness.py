"""What the préfecture saw and sent: the simulator's own ledger and its mailbox, from the start of a batch."""

import collections
import imaplib
import ssl
import time

from witness import Witness

# Letters that an act of this scenario gets, and the receipt that the gateway owes for each.
LETTERS = {"letter": "2-1", "pieces": "3-1", "observations": "4-1", "letter_first": "3-1"}
RECEIPTS = {"3-1": "3-2", "4-1": "4-2"}
REJECTING = {"rejected", "envelope_rejected"}


def number_of(id_acte):
    """Of an act, from its identifier DEP-SIREN-YYYYMMDD-NUMBER-NATURE."""
    return id_acte.split("-", 3)[3].rpartition("-")[0]


class ActesWitness(Witness):
    def acts(self):
        """Number -> the lines of each time that the préfecture took the act in."""
        out = collections.defaultdict(list)
        for line in self.of_kind("act"):
            if number_of(line["id_acte"]).startswith(self.prefix):
                out[number_of(line["id_acte"])].append(line)
        return out

    def names(self):
        """Archive name -> how often it was taken."""
        return collections.Counter(line["name"] for line in self.of_kind("deposit"))

    def cut(self):
        return len(self.of_kind("cut"))

    def refused(self):
        return [line["problem"] for line in self.of_kind("refused")]

    def acknowledged(self):
        """(code, identifier) -> how often that receipt came."""
        return collections.Counter((line["code"], line["id_acte"]) for line in self.of_kind("acknowledged"))

    def mails(self):
        """The mails that are in the mailbox or were: one entry each, however often it was delivered."""
        return {line["serial"]: line for line in self.of_kind("mail")}

    def letters(self):
        """(code, identifier) of each letter."""
        return {(line["code"], line["id_acte"]) for line in self.of_kind("mail") if line["code"] in LETTERS.values()}

    def owed(self):
        """Letters and verdicts that the préfecture has yet to send for the acts that it took in."""
        letters, given = self.letters(), collections.Counter(line["code"] for line in self.mails().values())
        verdicts = 0
        for lines in self.acts().values():
            for line in lines:
                verdicts += 1
                code = LETTERS.get(line["scenario"])
                if code and (code, line["id_acte"]) not in letters:
                    return True
        return given["1-2"] + given["1-3"] + given["ANO"] < verdicts

    # For the base class: what the préfecture is reading.

    def lying(self):
        return [file.name for file in (self.simulator.folder / "incoming").iterdir()]

    def absent(self, flows):
        taken = self.names()
        return [flow for flow in flows if flow["remote_name"] not in taken]

    def mailbox(self):
        facts = self.simulator.facts
        box = imaplib.IMAP4_SSL(facts["mail_host"], facts["mail_port"], timeout=20,
                                ssl_context=ssl.create_default_context(cafile=facts["mail_ca"]))
        box.login(facts["mail_user"], facts["mail_password"])
        box.select("INBOX")
        return box

    def mails_left(self):
        box = self.mailbox()
        try:
            return len(box.search(None, "UNDELETED")[1][0].split())
        finally:
            box.logout()

    def clear(self):
        """Between batches nothing of the old one is left to fetch."""
        deadline = time.monotonic() + 60
        while self.owed():
            time.sleep(0.1)
            assert time.monotonic() < deadline, "the préfecture owes mails of a former batch"
        box = self.mailbox()
        box.store("1:*", "+FLAGS.SILENT", "\\Deleted") if box.search(None, "ALL")[1][0] else None
        box.expunge()
        box.logout()
        self.read()
        self.lines = []
