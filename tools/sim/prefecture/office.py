"""The préfecture's office: decides what a deposit is worth and answers by mail."""

import dataclasses
import datetime
import heapq
import json
import os
import threading
import time
import traceback

import classification
import mails
import messages
import scenarios
import words
from life import publish


@dataclasses.dataclass
class Settings:
    address: str
    plan: scenarios.Plan
    version: str = "2026-01-15"  # of the classification in force
    strict: bool = False  # refuse an act whose classification is not in force (ODT-VERIF-01)
    known: tuple = ()  # SIRENs that are registered; empty: every one


class Office(threading.Thread):
    """One thread that does what is due. Thread-safe: take() and do() may be called from others."""

    def __init__(self, folder, settings, ledger, faults, mailbox):
        super().__init__(daemon=True)
        self._folder = folder
        self._settings = settings
        self._ledger = ledger
        self._faults = faults
        self._mailbox = mailbox
        self._due = []
        self._order = 0
        self._ready = threading.Condition()
        self._remembering = threading.Lock()
        self._serial = 10_000  # more than four digits, as real ones (actes 2.1)
        self._acts = self._load()

    # What happened to acts, kept so that letters can be asked for after a restart.

    def _load(self):
        try:
            with open(os.path.join(self._folder, "acts.json"), encoding="utf-8") as file:
                return json.load(file)
        except FileNotFoundError:
            return {}

    def _remember(self, identity, deposit):
        with self._remembering:
            self._acts[identity] = {"siren": deposit.siren, "place": deposit.place(), "addresses": deposit.addresses(),
                                    "application": deposit.name.split("-")[1]}
            publish(os.path.join(self._folder, "acts.json"), json.dumps(self._acts))

    # The clockwork.

    def later(self, delay, action, *arguments):
        with self._ready:
            self._order += 1
            heapq.heappush(self._due, (time.monotonic() + delay, self._order, action, arguments))
            self._ready.notify()

    def run(self):
        while True:
            with self._ready:
                wait = self._due[0][0] - time.monotonic() if self._due else 1.0
                if wait > 0 or self._faults.get("pause_office"):
                    self._ready.wait(min(max(wait, 0.05), 1.0))
                    continue
                _, _, action, arguments = heapq.heappop(self._due)
            try:
                action(*arguments)
            except ConnectionError:
                self.later(0.5, action, *arguments)  # the mail server is down: mail waits, as everywhere
            except Exception:  # pylint: disable=broad-except; one bad answer must not end the office
                self._ledger.add("office_error", error=traceback.format_exc())

    # Mail.

    def _deviations(self):
        return set(filter(None, (self._faults.get("deviate") or "").split(",")))

    def _send(self, addresses, mail, **facts):
        if self._settings.address not in addresses:
            self._ledger.add("not_addressed", addresses=addresses, **facts)
            return
        self._mailbox.deliver(mail)
        self._ledger.add("mail", bytes=len(mail), **facts)

    def _post(self, known, code, root, files, number, twice=False, cut=False):
        """A message in its envelope: `number` is the serial of the business file; `files`: further ones."""
        deviations = self._deviations()
        utf8 = "utf8_labelled_latin1" in deviations
        prolog = "windows-1252" if "windows_prolog" in deviations else "ISO-8859-1"
        encode = lambda node: words.write(node, prolog, "utf-8" if utf8 else "iso-8859-1")
        department, district = known["place"]
        self._serial += 1
        now = datetime.datetime.now()
        application = known.get("application", "TACT")
        if code == "ANO":
            name, root_bytes = f"ANO_{known['envelope']}", encode(root)
            attached = [(name, root_bytes)]
        else:
            name = f"{known['stem']}-{code}_{number}.xml"
            outer = f"{application}--SPREF{department}{district}-{known['siren']}-{now:%Y%m%d}-{self._serial}.xml"
            attached = [(outer, encode(messages.envelope(known["siren"], known["place"], [name]))), (name, encode(root)), *files]
        rows = [("Reçu par", "Préfecture de test"), ("Nature", code), ("Date d'émission de l'accusé", f"{now:%d/%m/%Y}"),
                ("Émetteur", f"Préfecture {department}"), ("SIREN", known["siren"]),
                ("Date de dernière classification", self._settings.version), ("Opérateur de transmission", "Opérateur de test"),
                ("Date d'agrément de l'opérateur", "01/01/2020"), ("Rapport d'erreur(s)", "" if code not in ("1-3", "ANO") else "voir la pièce")]
        mail = mails.build(known["addresses"], f"ACTES {code} {name}", rows, attached, self._faults.get("shape") or "mixed",
                           self._faults.get("names") or "rfc2231")
        if cut:
            mail = mails.broken(mail)
        for _ in range(2 if twice or self._faults.get("double_mail") else 1):
            self._send(known["addresses"], mail, code=code, name=name, siren=known["siren"],
                       id_acte=words.attribute(root, "IDActe"), serial=self._serial)

    @staticmethod
    def _known(deposit, stem):
        return {"siren": deposit.siren, "place": deposit.place(), "addresses": deposit.addresses(), "stem": stem,
                "application": deposit.name.split("-")[1], "envelope": deposit.name.partition("-")[2][: -len(".tar.gz")] + ".xml"}

    # Deposits.

    def take(self, deposit):
        """A deposit that the HTTPS side has taken; answers come later, by mail."""
        delay = self._settings.plan.delay
        if deposit.problem:
            if deposit.envelope is not None and deposit.addresses():
                self.later(delay, self._envelope_anomaly, deposit, f"ODT-VERIF-17 : {deposit.problem}")
            return
        if self._settings.known and deposit.siren not in self._settings.known:
            self.later(delay, self._envelope_anomaly, deposit, "PREF-VERIF-02 : SIREN non enregistré")
            return
        for message in deposit.messages:
            if message.code == "1-1":
                self._take_act(deposit, message)
            elif message.code == "7-1":
                self.later(delay, self._classification, deposit, message)
            elif message.code in ("3-3", "3-4", "4-3", "4-4"):
                self.later(delay, self._answer_receipt, deposit, message)
            elif message.code == "6-1":
                self.later(delay, self._cancellation, deposit, message)
            else:
                self._ledger.add("acknowledged", code=message.code, id_acte=message.id_acte)

    def _take_act(self, deposit, message):
        identity = messages.id_acte(deposit, message.root)
        self._remember(identity, deposit)
        scenario = self._settings.plan.scenario(words.attribute(message.root, "NumeroInterne"))
        self._ledger.add("act", id_acte=identity, scenario=scenario)
        stale = words.text_of(message.root, "ClassificationDateVersion") != self._settings.version
        if self._settings.strict and stale:
            scenario = "stale"
        for delay, what in self._settings.plan.answers(scenario):
            self.later(delay, self._answer_act, what, deposit, message, identity)

    def _answer_act(self, what, deposit, message, identity):
        now = datetime.datetime.now()
        version = self._settings.version
        deviations = self._deviations()
        known = self._known(deposit, identity)
        if what == "envelope":
            self._envelope_anomaly(deposit, "ODT-VERIF-17 : transaction non reconnue")
        elif what in ("refusal", "stale"):
            detail = "ODT-VERIF-01 : classification périmée" if what == "stale" else "ODT-VERIF-09 : acte non conforme"
            known["stem"] = f"{known['place'][0]}-{deposit.siren}---"  # empty fields, as real ones (actes 2.2)
            self._post(known, "1-3", messages.anomaly(message.root, now, version, detail, deviations), [], 1)
        elif what == "notice":
            self._send(known["addresses"], mails.notice(known["addresses"], deposit.siren), code="notice", siren=deposit.siren)
        elif what in ("receipt", "receipt_twice", "receipt_broken"):
            root = messages.receipt(deposit, message.root, now, version, deviations)
            self._post(known, "1-2", root, [], self._serial % 10 + 1, what == "receipt_twice", what == "receipt_broken")
        else:
            self._letter(what, identity)

    def _envelope_anomaly(self, deposit, detail):
        root = messages.envelope_anomaly(deposit, datetime.datetime.now(), detail, self._deviations())
        self._post(self._known(deposit, ""), "ANO", root, [], 0)

    def _classification(self, deposit, message):
        owned = words.text_of(message.root, "DateClassification")
        current = owned == self._settings.version
        known = self._known(deposit, f"{deposit.place()[0]}-{deposit.siren}---")
        if current:
            self._post(known, "7-3", classification.unchanged(self._settings.version), [], 1)
        else:
            whole = "no_typologies" not in self._deviations()
            self._post(known, "7-2", classification.answer(self._settings.version, whole), [], 1)

    def _answer_receipt(self, deposit, message):
        code = "3-5" if message.code.startswith("3") else "4-5"
        self._post(self._known(deposit, message.id_acte), code, messages.answer_receipt(message, datetime.datetime.now()), [], 10)

    def _cancellation(self, deposit, message):
        root = messages.cancellation_receipt(message, datetime.datetime.now())
        self._post(self._known(deposit, message.id_acte), "6-2", root, [], 10)

    def _letter(self, code, identity, day="", beside=""):
        """2-1, 3-1, 4-1, 5-1 with its document, whose number is lower than the message's (actes 2.2); `beside`: a further
        file."""
        known = dict(self._acts[identity], stem=identity)
        file = f"{identity}-{code}_16.pdf"
        root = messages.letter(code, identity, day or messages.today(datetime.datetime.now()), file)
        files = [(file, mails.pdf(f"Lettre {code} pour {identity}"))]
        if self._faults.get("accents"):
            files.append(("Récapitulatif des pièces à l'été.pdf", mails.pdf("Pièce")))
        if beside:
            with open(beside, "rb") as further:
                files.append((os.path.basename(beside), further.read()))
        self._post(known, code, root, files, 17)

    # Commands (prefecture_ctl.py).

    def do(self, command, arguments):
        """Carries a command out at once; what it says goes back to whoever asked. Raises KeyError, ValueError, OSError."""
        if command == "letter":
            self._letter(arguments["code"], arguments["id"], arguments.get("date", ""), arguments.get("with", ""))
        elif command == "mail":
            with open(arguments["file"], "rb") as file:
                self._mailbox.deliver(file.read())
        elif command == "fill":
            self._mailbox.deliver(*(mails.build([self._settings.address], f"ACTES essai {number}", [], [("a.xml", b"<a/>")])
                                    for number in range(int(arguments["count"]))))
        elif command == "notice":
            self._send([self._settings.address], mails.notice([self._settings.address], arguments.get("siren", "")), code="notice")
        elif command == "classification":
            self._settings.version = arguments["date"]
        elif command == "imap-stop":
            self._mailbox.stop()
        elif command == "imap-start":
            self._mailbox.start()
        else:
            raise ValueError(f"unknown command {command}")
        return {"acts": sorted(self._acts)}
