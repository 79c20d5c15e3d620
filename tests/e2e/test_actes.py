#!/usr/bin/python3
"""Acts from a town hall to the simulated préfecture and back: every message of actes 1.2, and what people get."""

import hashlib
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import rig
from envelopes import Act, Cancellation, Envelope
from pieces import form, pdf
from prefecture import Prefecture

DONE = ("acknowledged", "rejected", "partly_rejected", "refused", "sent_final")


class Actes(unittest.TestCase):
    """One gateway and one préfecture for all cases: numbers tell them apart."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="da-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.prefecture = Prefecture(cls.folder / "p")
        cls.addClassCleanup(cls.prefecture.stop)
        cls.helios = rig.Simulator(cls.folder / "sim", "ftp", "--delay", "0")
        cls.addClassCleanup(cls.helios.stop)
        cls.gateway = rig.Gateway(cls.folder / "gateway", cls.helios, '[deadlines]\nacte_ar = "2s"', cls.prefecture.destination())
        cls.gateway.config.write_text('operator_name = "Syndicat mixte des Télétransmissions"\n' + cls.gateway.config.read_text())
        cls.gateway.start()
        cls.addClassCleanup(cls.gateway.stop)
        cls.gateway.declare()
        cls.operator = cls.gateway.api("operator")
        for siren in (rig.VALJOIE_SIREN, rig.MONTBRUME_SIREN):
            cls.put(f"/v1/authorities/{siren}/routes/actes", {"destination": "actes", "p_dest": "", "signer": ""})
            cls.put(f"/v1/authorities/{siren}/actes", {"departement": "034", "arrondissement": "1", "nature": "31",
                                                       "convention_date": "2026-01-05", "reason": "convention"})
        cls.agent = cls.gateway.api("valjoie")
        cls.addClassCleanup(cls.agent.close)
        cls.addClassCleanup(cls.operator.close)

    @classmethod
    def put(cls, path, value):
        status, answer = cls.operator.json("PUT", path, value)
        assert status in (200, 201, 204), (status, answer)

    def post(self, number, annexes=2, api=None, **changes):
        metadata = {"number": number, "date": "2026-03-02", "nature": 1, "matieres": "7.1", "object": "Budget primitif 2026 : équilibre",
                    "type": "99_DE", "annexes": [{"type": "21_DA"}] * annexes, **changes}
        parts = [("metadata", "", json.dumps(metadata).encode()), ("acte", "délibération.pdf", pdf(f"Acte {number}"))]
        parts += [("annexe", f"annexe {i}.pdf", pdf(f"Annexe {i} de {number}")) for i in range(annexes)]
        body, kind = form(parts)
        status, _, content = (api or self.agent).raw("POST", "/v1/actes", body, {"Content-Type": kind})
        return status, json.loads(content)

    def sent(self, number, **changes):
        status, answer = self.post(number, **changes)
        self.assertEqual(status, 202, answer)
        return answer["id"]

    def acte(self, flow):
        return self.agent.json("GET", f"/v1/actes/{flow}")[1]

    def ends(self, flow, states=DONE):
        rig.until(f"{flow} in {states}", lambda: self.acte(flow)["state"] in states, 60)
        return self.acte(flow)

    def letter_of(self, flow, message):
        rig.until(f"{message} about {flow}", lambda: any(one["message"] == message for one in self.acte(flow)["letters"]), 60)
        return next(one for one in self.acte(flow)["letters"] if one["message"] == message)

    def answer(self, letter, message, documents=1):
        words = {"message": message, "documents": [{"type": "99_DE"}] * documents}
        parts = [("metadata", "", json.dumps(words).encode())]
        parts += [("document", f"pièce {i}.pdf", pdf(f"Pièce {i}")) for i in range(documents)]
        body, kind = form(parts)
        status, _, content = self.agent.raw("POST", f"/v1/letters/{letter}/answer", body, {"Content-Type": kind})
        return status, json.loads(content)

    def test_an_acte_gets_its_receipt_and_its_papers(self):
        flow = self.sent("2026_001")
        done = self.ends(flow)
        self.assertEqual(done["state"], "acknowledged", done)
        acte = done["actes"][0]
        self.assertTrue(acte["id_confirmed"])
        self.assertTrue(acte["id_acte"].endswith("-20260302-2026_001-DE"), acte)
        self.assertIn("control_ends_on", acte)
        documents = self.agent.json("GET", f"/v1/flows/{flow}/documents")[1]["items"]
        self.assertEqual([one["role"] for one in documents], ["original", "acte", "annexe", "annexe", "envelope", "ar"])
        for path, start in (("stamped", b"%PDF"), ("bordereau", b"%PDF"), ("evidence", b"PK")):
            status, _, content = self.agent.raw("GET", f"/v1/actes/{flow}/{path}")
            self.assertEqual((status, content[:len(start)]), (200, start), path)
        status, _, table = self.agent.raw("GET", "/v1/actes?format=csv&number=2026_001")
        lines = table.decode("utf-8-sig").splitlines()
        self.assertEqual((status, len(lines)), (200, 2))
        self.assertIn("Budget primitif 2026 : équilibre", lines[1])
        self.assertEqual(self.prefecture.doubles(), set())

    def test_the_stamp_stands_where_the_authority_wants_it(self):
        flow = self.sent("2026_027", annexes=0)
        self.ends(flow)
        path = f"/v1/authorities/{rig.VALJOIE_SIREN}/actes"
        usual = self.operator.json("GET", path)[1]
        usual.pop("authority")
        self.addCleanup(self.put, path, usual)
        paper = self.folder / "stamped.pdf"
        places = []
        for across, down in ((100, 0), (0, 100)):
            self.put(path, {**usual, "stamp_across": across, "stamp_down": down})
            paper.write_bytes(self.agent.raw("GET", f"/v1/actes/{flow}/stamped")[2])
            said = subprocess.run(["pdftotext", "-bbox", str(paper), "-"], check=True, capture_output=True, text=True).stdout
            places.append([float(one) for one in re.search(r'xMin="([0-9.]+)" yMin="([0-9.]+)"[^>]*>Envoyé<', said).groups()])
        (right, top), (left, bottom) = places
        self.assertTrue(right > 300 > left and top < 100 < 700 < bottom, places)

    def test_the_bordereau_says_what_left(self):
        flow = self.sent("2026_026", annexes=20, object="Création d'un budget annexe « Lotissement » : " + "équilibre, " * 40)
        self.ends(flow)
        paper = self.folder / "bordereau.pdf"
        paper.write_bytes(self.agent.raw("GET", f"/v1/actes/{flow}/bordereau")[2])
        said = subprocess.run(["pdftotext", "-layout", str(paper), "-"], check=True, capture_output=True, text=True).stdout
        self.assertEqual(said.count("\f"), said.count("Syndicat mixte des Télétransmissions") - 1)  # and once in the text
        for words in ("Transmission d’un acte (1-1)", "1 – Délibérations", "Délibération", "délibération.pdf", "annexe 19.pdf",
                      hashlib.sha256(pdf("Annexe 19 de 2026_026")).hexdigest(), "-2026_026-DE-1-1_21.pdf", "Acquittement reçu",
                      "Déposé par", "Reçu en préfecture le ", "Page 2 / "):
            self.assertIn(words, said)

    def test_what_leaves_is_what_tar_and_xmllint_understand(self):
        flow = self.sent("2026_002")
        self.ends(flow)
        documents = self.agent.json("GET", f"/v1/flows/{flow}/documents")[1]["items"]
        envelope = next(one for one in documents if one["role"] == "envelope")
        archive = self.folder / envelope["name"]
        archive.write_bytes(self.agent.raw("GET", f"/v1/flows/{flow}/documents/{envelope['number']}")[2])
        names = subprocess.run(["tar", "tzf", str(archive)], check=True, capture_output=True, text=True).stdout.split()
        self.assertEqual(len(names), 5)
        self.assertTrue(envelope["name"].startswith("ABC-TACT--"))
        folder = self.folder / "unpacked"
        folder.mkdir(exist_ok=True)
        subprocess.run(["tar", "xzf", str(archive), "-C", str(folder)], check=True)
        for name, schema in zip(names, ("enveloppe.xsd", "acte.xsd")):
            schema = rig.SOURCE / "schemas/actes/2.2" / schema
            subprocess.run(["xmllint", "--noout", "--nonet", "--schema", str(schema), str(folder / name)], check=True,
                           capture_output=True)
        self.assertIn(pdf("Acte 2026_002"), [(folder / name).read_bytes() for name in names[2:]])

    def post_envelope(self, envelope, content=None, headers=None, api=None):
        body, kind = form([("enveloppe", envelope.name, content or envelope.pack())])
        status, _, answer = (api or self.agent).raw("POST", "/v1/actes", body, {"Content-Type": kind, **(headers or {})})
        return status, json.loads(answer)

    def classified(self):
        """The classification in force has come: ready-made acts name its date."""
        if not self.agent.json("GET", "/v1/classification")[1].get("date"):
            self.agent.json("POST", "/v1/classification/request", {})
        rig.until("the classification", lambda: self.agent.json("GET", "/v1/classification")[1].get("date") == "2026-01-15")

    def act(self, number, annexes=()):
        return Act(rig.VALJOIE_SIREN, number, pdf(f"Acte {number}"), annexes)

    def document(self, flow, role):
        items = self.agent.json("GET", f"/v1/flows/{flow}/documents")[1]["items"]
        found = [one for one in items if one["role"] == role]
        return found, [self.agent.raw("GET", f"/v1/flows/{flow}/documents/{one['number']}")[2] for one in found]

    def test_a_ready_made_envelope_leaves_under_our_name(self):
        self.classified()
        act = self.act("2026_101", [("21_DA", "pdf", pdf("Annexe"))])
        envelope = Envelope(rig.VALJOIE_SIREN, [act], serial=42)
        content = envelope.pack()
        status, answer = self.post_envelope(envelope, content)
        self.assertEqual(status, 202, answer)
        flow = answer["id"]
        done = self.ends(flow)
        self.assertEqual(done["state"], "acknowledged", done)
        acte = done["actes"][0]
        self.assertEqual((acte["number"], acte["object"]), ("2026_101", "Délibération 2026_101 à publier"))
        self.assertTrue(acte["id_confirmed"])
        self.assertEqual(self.document(flow, "original")[1], [content])
        named, packed = self.document(flow, "envelope")
        self.assertTrue(named[0]["name"].startswith("ABC-TACT--"))
        self.assertNotIn(envelope.name, [line.get("name") for line in self.prefecture.ledger("deposit")])
        with tarfile.open(fileobj=io.BytesIO(packed[0])) as archive:
            left = {member.name: archive.extractfile(member).read() for member in archive}
        ours = named[0]["name"].partition("-")[2].replace(".tar.gz", ".xml")
        self.assertEqual(list(left), [ours] + list(envelope.members)[1:])
        self.assertEqual({name: left[name] for name in left if name != ours},
                         {name: envelope.members[name] for name in left if name != ours})
        for address in (*self.prefecture.facts["return_addresses"], "editeur@exemple.fr"):
            self.assertIn(f"<actes:Email>{address}</actes:Email>".encode(), left[ours])
        for path, start in (("stamped", b"%PDF"), ("bordereau", b"%PDF"), ("evidence", b"PK")):
            status, _, paper = self.agent.raw("GET", f"/v1/actes/{flow}/{path}")
            self.assertEqual((status, paper[:len(start)]), (200, start), path)
        status, answer = self.post_envelope(envelope, content)
        self.assertEqual((status, answer["id"]), (200, flow))
        status, answer = self.post_envelope(envelope, content, {"Idempotency-Key": "an-envelope"})
        self.assertEqual((status, answer["id"]), (200, flow))
        status, answer = self.post_envelope(Envelope(rig.VALJOIE_SIREN, [self.act("2026_101")], serial=43))
        self.assertEqual((status, answer.get("flow")), (409, flow), answer)

    def test_dematctl_posts_an_envelope(self):
        self.classified()
        envelope = Envelope(rig.VALJOIE_SIREN, [self.act("2026_106")], serial=46)
        archive = self.folder / envelope.name
        archive.write_bytes(envelope.pack())
        pki = self.gateway.pki
        command = [str(rig.BUILD / "tools/dematctl/dematctl"), "--url", f"https://localhost:{self.gateway.port}", "--ca", str(pki / "ca.pem"),
                   "--cert", str(pki / "valjoie.pem"), "--key", str(pki / "valjoie.key"), "--json", "submit", "envelope", str(archive)]
        said = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        self.assertFalse(said["already_here"])
        self.assertEqual(self.ends(said["flow"]["id"])["state"], "acknowledged")
        self.assertTrue(json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["already_here"])
        archive.write_bytes(Envelope(rig.VALJOIE_SIREN, [self.act("2026_107")], serial=46, emitter=rig.MONTBRUME_SIREN).pack())
        refused = subprocess.run(command, check=False, capture_output=True)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn(b"actes.import.emitter", refused.stdout + refused.stderr)

    def test_each_act_of_an_envelope_has_its_own_fate(self):
        self.classified()
        first, second = self.act("2026_102"), self.act("2026_103_REJET")
        third = self.act("2026_104", [("21_DA", "pdf", pdf("Annexe du troisième"))])
        status, answer = self.post_envelope(Envelope(rig.VALJOIE_SIREN, [first, second, third], serial=44))
        self.assertEqual(status, 202, answer)
        flow = answer["id"]
        done = self.ends(flow)
        self.assertEqual(done["state"], "partly_rejected", done)
        self.assertEqual([one["verdict"] for one in done["actes"]], ["accepted", "rejected", "accepted"])
        listed = self.agent.json("GET", "/v1/actes?number=2026_104")[1]["items"]
        self.assertEqual([(one["id"], one["acte"]["place"]) for one in listed], [(flow, 3)])
        for place, status in (("1", 200), ("3", 200), ("4", 404), ("x", 400)):
            for path in ("stamped", "bordereau"):
                self.assertEqual(self.agent.raw("GET", f"/v1/actes/{flow}/{path}?acte={place}")[0], status, (path, place))
        for place, said in ((1, "Acquittement reçu"), (2, "Rejeté"), (3, "Acquittement reçu")):
            paper = self.agent.raw("GET", f"/v1/actes/{flow}/bordereau?acte={place}")[2]
            words = subprocess.run(["pdftotext", "-layout", "-", "-"], input=paper, check=True, capture_output=True).stdout.decode()
            self.assertEqual([word for word in ("Acquittement reçu", "Rejeté") if word in words], [said], place)
        status, answer = self.agent.json("POST", f"/v1/actes/{flow}/annulation?acte=2", {})
        self.assertEqual((status, answer["code"]), (409, "actes.not_annullable"))
        status, answer = self.agent.json("POST", f"/v1/actes/{flow}/annulation?acte=3", {})
        self.assertEqual(status, 202, answer)
        self.ends(answer["id"])
        rig.until("annulled", lambda: self.acte(flow)["actes"][2].get("annulled_on"))
        self.assertNotIn("annulled_on", self.acte(flow)["actes"][0])
        # A 6-1 may come in an envelope, too; a rejected act may come again.
        wanted = done["actes"][0]["id_acte"]
        again = Envelope(rig.VALJOIE_SIREN, [Cancellation(wanted), self.act("2026_103_REJET")], serial=45)
        status, answer = self.post_envelope(again)
        self.assertEqual(status, 202, answer)
        self.assertEqual([one["message"] for one in self.acte(answer["id"])["actes"]], ["6-1", "1-1"])
        self.assertEqual(self.ends(answer["id"])["state"], "partly_rejected")
        self.assertTrue(self.acte(flow)["actes"][0]["annulled_on"])

    def test_an_envelope_that_is_not_as_it_should_be_is_refused_at_once(self):
        self.classified()

        def codes(answer):
            return {answer["code"], *(finding["code"] for finding in answer.get("findings", []))}

        def spoilt(change=lambda envelope: None, **more):
            envelope = Envelope(rig.VALJOIE_SIREN, [self.act("2026_105", [("21_DA", "pdf", pdf("Annexe"))])], **more)
            change(envelope)
            return envelope

        def lose(envelope):
            envelope.members.pop(list(envelope.members)[-1])

        def add(name, content):
            return lambda envelope: envelope.members.update({name: content})

        for what, envelope, code, expected in (
                ("another SIREN", spoilt(emitter=rig.MONTBRUME_SIREN), "actes.import.emitter", 422),
                ("another operator", spoilt(trigramme="XYZ"), "actes.import.archive_name", 422),
                ("a missing file", spoilt(lose), "actes.import.file_missing", 422),
                ("one more file", spoilt(add("notes.pdf", pdf("?"))), "actes.import.file_unused", 422),
                ("an absolute path", spoilt(add("/etc/passwd", b"x")), "archive.absolute_path", 422),
                ("a parent path", spoilt(add("../x.pdf", b"x")), "archive.parent_path", 422),
                ("a bomb", spoilt(add("zero.pdf", bytes(200_000_000))), "archive.ratio", 422)):
            with self.subTest(what):
                status, answer = self.post_envelope(envelope)
                self.assertEqual(status, expected, answer)
                self.assertIn(code, codes(answer))
        status, answer = self.post_envelope(spoilt(), b"no archive")
        self.assertEqual((status, answer["code"]), (422, "archive.not_gzip"))
        envelope = spoilt()
        body, kind = form([("enveloppe", envelope.name, envelope.pack()), ("metadata", "", b"{}")])
        self.assertEqual(self.agent.raw("POST", "/v1/actes", body, {"Content-Type": kind})[0], 422)
        other = self.gateway.api("montbrume")
        self.addCleanup(other.close)
        status, answer = self.post_envelope(envelope, api=other)
        self.assertIn("actes.import.emitter", codes(answer))
        self.assertEqual(self.agent.json("GET", "/v1/actes?number=2026_105")[1]["items"], [])

    def test_a_wrong_typologie_is_explained(self):
        status, answer = self.post("2026_003", type="10_DE")
        self.assertEqual(status, 422, answer)
        self.assertEqual(answer["code"], "actes.refused")
        self.assertTrue(any("type" in finding["place"]["path"] for finding in answer["findings"]), answer)

    def test_the_same_again_and_a_number_that_is_taken(self):
        first = self.sent("2026_004")
        status, answer = self.post("2026_004")
        self.assertEqual((status, answer["id"]), (200, first))
        status, answer = self.post("2026_004", object="Autre chose")
        self.assertEqual(status, 409, answer)

    def test_a_rejected_acte_may_be_posted_anew(self):
        flow = self.sent("2026_005_REJET")
        self.assertEqual(self.ends(flow)["state"], "rejected")
        self.assertTrue(self.agent.json("GET", f"/v1/flows/{flow}/report")[1]["anomalies"])
        status, answer = self.post("2026_005_REJET", object="Corrigé")
        self.assertEqual(status, 202, answer)

    def test_a_refused_envelope_rejects_its_acte(self):
        self.assertEqual(self.ends(self.sent("2026_006_ANO"))["state"], "rejected")

    def test_an_acte_is_annulled_once(self):
        flow = self.sent("2026_007")
        status, answer = self.agent.json("POST", f"/v1/actes/{flow}/annulation", {})
        self.assertEqual(status, 409, answer)  # no receipt yet, or just now
        self.ends(flow)
        status, answer = self.agent.json("POST", f"/v1/actes/{flow}/annulation", {})
        self.assertEqual(status, 202, answer)
        self.assertEqual(self.ends(answer["id"])["state"], "acknowledged")
        rig.until("annulled", lambda: self.acte(flow)["actes"][0].get("annulled_on"))
        self.assertEqual(self.agent.json("POST", f"/v1/actes/{flow}/annulation", {})[0], 409)

    def test_letters_are_received_acknowledged_and_answered(self):
        for number, received, receipt, answer in (("2026_010_PIECES", "3-1", "3-2", "3-4"), ("2026_011_OBS", "4-1", "4-2", "4-4"),
                                                  ("2026_012_OBS", "4-1", "4-2", "4-3"), ("2026_013_PIECES", "3-1", "3-2", "3-3")):
            with self.subTest(received=received, answer=answer):
                flow = self.sent(number)
                letter = self.letter_of(flow, received)
                self.assertEqual(letter["state"], "unread")
                self.assertTrue(letter["documents"])
                self.assertEqual(self.ends(letter["acknowledged_by"])["state"], "sent_final")
                self.assertEqual(self.acte(letter["acknowledged_by"])["actes"][0]["message"], receipt)
                status, wrong = self.answer(letter["id"], "2-2")
                self.assertEqual((status, wrong["code"]), (409, "actes.letter.no_answer"))
                status, posted = self.answer(letter["id"], answer)
                self.assertEqual(status, 202, posted)
                self.assertEqual(self.ends(posted["id"])["state"], "acknowledged")
                self.assertEqual(self.agent.json("GET", f"/v1/letters/{letter['id']}")[1]["state"], "answered")

    def test_a_simple_letter_and_its_answer(self):
        letter = self.letter_of(self.sent("2026_014_COUR"), "2-1")
        self.assertNotIn("acknowledged_by", letter)
        status, posted = self.answer(letter["id"], "2-2")
        self.assertEqual(status, 202, posted)
        self.assertEqual(self.ends(posted["id"])["state"], "sent_final")

    def test_a_referral_to_the_court_is_received(self):
        letter = self.letter_of(self.sent("2026_015_TA"), "5-1")
        self.assertTrue(letter["text"])
        self.assertEqual(self.agent.json("POST", f"/v1/letters/{letter['id']}/read", {"read": True})[1]["state"], "read")

    def test_a_stale_classification_is_asked_for_again(self):
        """Although it was asked for this very day, when the first acte went; it is the same still, says the 7-3."""
        self.ends(self.sent("2026_016"))
        asked = lambda: self.agent.json("GET", "/v1/actes?message=7-1&state=acknowledged")[1]["items"]
        before = len(asked())
        flow = self.sent("2026_017_PERIME")
        self.assertEqual(self.ends(flow)["state"], "rejected")
        rig.until("another 7-1, answered", lambda: len(asked()) > before)
        self.assertIn("7-3", [mail["code"] for mail in self.prefecture.ledger("mail")])

    def test_a_mail_that_comes_twice_counts_once(self):
        flow = self.sent("2026_017_DOUBLE")
        self.assertEqual(self.ends(flow)["state"], "acknowledged")
        documents = self.agent.json("GET", f"/v1/flows/{flow}/documents")[1]["items"]
        self.assertEqual(sum(1 for one in documents if one["role"] == "ar"), 1)

    def test_what_cannot_be_read_goes_to_the_orphans(self):
        before = len(self.operator.json("GET", "/v1/orphans")[1]["items"])
        self.assertEqual(self.ends(self.sent("2026_018_CASSE"))["state"], "acknowledged")
        rig.until("an orphan", lambda: len(self.operator.json("GET", "/v1/orphans")[1]["items"]) > before)

    def test_a_multi_canal_notice_disturbs_nobody(self):
        self.assertEqual(self.ends(self.sent("2026_019_MULTI"))["state"], "acknowledged")

    def test_a_contradiction_is_kept_and_changes_nothing(self):
        flow = self.sent("2026_020_CONTRE")
        self.assertEqual(self.ends(flow)["state"], "acknowledged")
        rig.until("the alarm", lambda: any(one["code"] == "answer.contradiction"
                                           for one in self.operator.json("GET", "/v1/alarms")[1]["items"]))
        self.assertEqual(self.acte(flow)["state"], "acknowledged")

    def test_nothing_of_it_is_another_authority_s(self):
        flow = self.sent("2026_021_PIECES")
        letter = self.letter_of(flow, "3-1")
        other = self.gateway.api("montbrume")
        self.addCleanup(other.close)
        for path in (f"/v1/actes/{flow}", f"/v1/actes/{flow}/bordereau", f"/v1/letters/{letter['id']}"):
            self.assertEqual(other.json("GET", path)[0], 404, path)
        self.assertEqual(self.answer(letter["id"], "3-4")[0], 202)

    def test_paper_mode_shuts_the_door(self):
        path = f"/v1/authorities/{rig.MONTBRUME_SIREN}/actes"
        settings = {"departement": "034", "arrondissement": "1", "nature": "31", "convention_date": "2026-01-05"}
        self.put(path, {**settings, "paper": True, "paper_reason": "panne", "reason": "panne"})
        other = self.gateway.api("montbrume")
        self.addCleanup(other.close)
        status, answer = self.post("2026_022", api=other)
        self.assertEqual((status, answer["code"]), (409, "actes.suspended"))
        self.put(path, {**settings, "reason": "reprise"})
        self.assertEqual(self.post("2026_022", api=other)[0], 202)

    def test_a_late_receipt_is_told_and_changes_nothing(self):
        self.prefecture.misbehave(pause_office="true")
        self.addCleanup(self.prefecture.misbehave)
        flow = self.sent("2026_024")
        rig.until("late", lambda: self.acte(flow)["actes"][0].get("overdue") == "ar", 60)
        late = self.agent.json("GET", "/v1/actes?overdue=true")[1]["items"]
        self.assertIn(flow, [one["id"] for one in late])
        kinds = {one["kind"]: one["count"] for one in self.operator.json("GET", "/v1/overdue")[1]["items"]}
        self.assertGreaterEqual(kinds["acte_ar"], 1)
        self.assertEqual((kinds["acquit"], kinds["acte_silence"]), (0, 0))
        told = lambda: [one["code"] for one in self.agent.json("GET", f"/v1/flows/{flow}/events")[1]["items"]]
        rig.until("the event", lambda: "acte.ar_overdue" in told(), 120)
        rig.until("the alarm", lambda: any(one["code"] == "overdue.acte_ar"
                                           for one in self.operator.json("GET", "/v1/alarms")[1]["items"]), 30)
        self.assertEqual(self.acte(flow)["state"], "sent")
        metrics = self.operator.raw("GET", "/metrics")[2].decode()
        self.assertIn('demat_actes{message="1-1",state="sent"}', metrics)
        self.assertIn('demat_overdue_flows{kind="acte_ar"}', metrics)
        self.prefecture.misbehave()
        done = self.ends(flow)
        self.assertEqual((done["state"], done["actes"][0].get("overdue")), ("acknowledged", None))
        self.assertEqual([one["kind"] for one in done["actes"][0]["deadlines"]], ["control"])
        self.assertEqual(told().count("acte.ar_overdue"), 1)

    def test_the_classification_says_when_it_is_asked_for(self):
        self.ends(self.sent("2026_025"))
        status, answer = self.agent.json("GET", "/v1/classification")
        self.assertEqual(status, 200, answer)
        requests = answer["requests"]
        self.assertEqual(requests["every_days"], 7)
        self.assertGreater(requests["next_at"], requests["asked_at"])
        self.assertNotIn("under_way", requests)

    def test_the_mailbox_may_be_away(self):
        self.prefecture.ask("imap-stop")
        flow = self.sent("2026_023")
        rig.until("sent", lambda: self.acte(flow)["state"] == "sent", 60)
        self.prefecture.ask("imap-start")
        self.assertEqual(self.ends(flow)["state"], "acknowledged")


if __name__ == "__main__":
    unittest.main(verbosity=2)
