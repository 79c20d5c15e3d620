#!/usr/bin/python3
"""Who sees what: every operation of docs/openapi.yaml, called by everybody who must not.

The list of operations is read from the document, and a test of the API holds the document to the routes: a new route without
a line in CASES fails here. What is not yours is answered exactly as what does not exist; what needs a right that you
lack is 403; without a certificate 401.
"""

import dataclasses
import http.client
import json
import pathlib
import re
import shutil
import ssl
import subprocess
import tempfile
import unittest
import uuid

import rig
from prefecture import Prefecture
from test_actes import form, pdf

# Who may: OPEN needs no certificate; KNOWN any registered identity; OWN a right on one's own authority; PLATFORM its operators.
OPEN, KNOWN, OWN, PLATFORM = "open", "known", "own", "platform"


# A mail server that is never there: mails wait.
MAIL = '[mail]\nurl = "smtps://127.0.0.1:1"\nfrom = "actes@exemple.fr"'


@dataclasses.dataclass(frozen=True)
class Case:
    who: str
    ids: str = ""  # what of authority A fills the path: a key of `Tenants.things`
    reader: bool = True  # a reader of the authority itself may
    body: bytes = b"{}"
    more: str = ""  # a query that the operation needs


VERB = Case(OWN, "flow", reader=False, body=b'{"reason":"essai","outcome":"sent"}')
CASES = {
    "depositFlow": Case(OWN, reader=False, body=b"<a/>"), "listFlows": Case(OWN), "checkFile": Case(OWN, reader=False, body=b"<a/>"),
    **{name: Case(OWN, "flow") for name in ("getFlow", "listEvents", "listAttempts", "listDocuments", "getReport",
                                            "getPayload", "getDocument", "getSignatures",
                                            "getSignatureEvidence")},
    **{name: VERB for name in ("prioritiseFlow", "requestSignature", "bringSignature", "holdFlow", "releaseFlow", "cancelFlow", "retryFlow", "resolveFlow", "replayFlow")},
    "listReturns": Case(OWN), "listMarches": Case(OWN),
    **{name: Case(OWN, "return") for name in ("getReturn", "getReturnPayload", "markReturn", "listPieces")},
    "acquitReturn": Case(OWN, "return", reader=False),
    **{name: Case(PLATFORM, "authority") for name in ("getReturnSettings", "putReturnSettings")},
    **{name: Case(PLATFORM) for name in ("listSirets", "listUnassignedSirets")},
    **{name: Case(PLATFORM, "siret") for name in ("blockSiret", "unblockSiret")},
    **{name: Case(PLATFORM, "orphan") for name in ("getOrphan", "getOrphanPayload", "attachOrphan", "ignoreOrphan",
                                                   "reanalyseOrphan")},
    "createToken": Case(KNOWN), "listTokens": Case(KNOWN), "revokeToken": Case(OWN, "token", reader=False),
    "createUpload": Case(OWN, reader=False),
    **{name: Case(OWN, "upload", reader=False) for name in ("getUpload", "continueUpload", "deleteUpload")},
    "streamEvents": Case(OWN), "createWebhook": Case(OWN, reader=False), "listWebhooks": Case(OWN, reader=False),
    **{name: Case(OWN, "webhook", reader=False) for name in ("getWebhook", "removeWebhook", "listDeliveries", "redeliver")},
    "listMails": Case(OWN, reader=False), "retryMail": Case(OWN, "mail", reader=False),
    "depositActe": Case(OWN, reader=False), "listActes": Case(OWN), "listLetters": Case(OWN), "getClassification": Case(OWN),
    "requestClassification": Case(OWN, reader=False), "annulActe": Case(OWN, "flow", reader=False),
    **{name: Case(OWN, "flow") for name in ("getActe", "getStampedActe", "getBordereau", "getEvidence")},
    "getLetter": Case(OWN, "letter"), "markLetter": Case(OWN, "letter", body=b'{"read":true}'),
    "answerLetter": Case(OWN, "letter", reader=False),
    "getActesSettings": Case(PLATFORM, "authority"), "putActesSettings": Case(PLATFORM, "authority"),
    "listErrorGroups": Case(OWN), "listRules": Case(OWN),
    **{name: Case(PLATFORM, "destination") for name in ("pauseDestination", "drainDestination", "resumeDestination")},
    "getAuthority": Case(PLATFORM, "authority"), "putAuthority": Case(PLATFORM, "authority"), "putRoute": Case(PLATFORM, "authority"),
    "putIdentity": Case(PLATFORM, "identity"), "probeDestination": Case(PLATFORM, "destination"),
    **{name: Case(PLATFORM) for name in ("listOrphans", "listAuthorities", "listIdentities", "listDestinations", "verifyJournal",
                                         "listAlarms", "metrics", "reanalyseOrphans", "listOverdue", "listTrustProfiles")},
    "explainCertificate": Case(PLATFORM, "trust"),
    "fetchLists": Case(PLATFORM),
    "listTraces": Case(OWN, reader=False),
    **{name: Case(PLATFORM) for name in ("purge", "searchJournal", "exportJournal", "listAnchors", "anchorJournal", "listBackups",
                                         "startBackup", "getVerify", "startVerify")},
    **{name: Case(KNOWN) for name in ("listSchemas", "whoAmI", "getStatus")},
    **{name: Case(OPEN) for name in ("live", "ready", "health")},
}


def operations():
    """(operationId, method, path template) of every operation in docs/openapi.yaml."""
    path = method = ""
    out = []
    for line in (rig.SOURCE / "docs/openapi.yaml").read_text().splitlines():
        if found := re.match(r"^  (/\S*):$", line):
            path = found[1]
        elif found := re.match(r"^    (get|put|post|delete|patch|head):$", line):
            method = found[1].upper()
        elif found := re.match(r"^      operationId: (\w+)$", line):
            out.append((found[1], method, path))
    return out


def issue(pki, name):
    """One more client certificate of the sample authority."""
    key, request, pem, ext = (str(pki / f"{name}.{kind}") for kind in ("key", "csr", "pem", "ext"))
    pathlib.Path(ext).write_text("basicConstraints=critical,CA:FALSE\nextendedKeyUsage=clientAuth\n")
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request, "-subj",
                    f"/C=FR/CN={name}"], **quiet)
    subprocess.run(["openssl", "x509", "-req", "-in", request, "-CA", str(pki / "ca.pem"), "-CAkey", str(pki / "ca.key"),
                    "-set_serial", str(uuid.uuid4().int >> 70), "-days", "2", "-extfile", ext, "-out", pem], **quiet)


class Tenants(unittest.TestCase):
    """Authority A is Valjoie, with a flow, a return and an orphan; the others must not see them."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-tenants-"))
        cls.simulator = rig.Simulator(cls.folder / "sim", "sftp", "--delay", "0.05")
        cls.prefecture = Prefecture(cls.folder / "p")
        cls.gateway = rig.Gateway(cls.folder / "gateway", cls.simulator, '[push]\nallowed_hosts = ["hooks.invalid"]\n' + MAIL,
                                  cls.prefecture.destination())
        for name in ("stranger", "b-reader", "a-reader"):
            issue(cls.gateway.pki, name)
        cls.gateway.start()
        cls.gateway.declare()
        operator = cls.gateway.api("operator")
        for name, siren, role in (("b-reader", rig.MONTBRUME_SIREN, "reader"), ("a-reader", rig.VALJOIE_SIREN, "reader")):
            status, answer = operator.json("PUT", f"/v1/identities/{cls.gateway.fingerprint(name)}", {
                "name": name, "active": True, "grants": [{"authority": siren, "role": role}]})
            assert status in (200, 201, 204), answer
        cls.things = cls.make_things(operator)
        operator.close()

    @classmethod
    def make_things(cls, operator):
        agent = cls.gateway.api("valjoie")
        content = rig.sample("depense", rig.VALJOIE_SIREN, "LOCATAIRE_RETOUR-1", "--dematerialise", "--ids")
        status, _, answer = agent.submit(content)
        assert status == 202, answer
        flow = answer["id"]
        rig.until("its answer", lambda: agent.flow(flow)["state"] == "acknowledged")
        returned = rig.until("a return", lambda: agent.json("GET", "/v1/returns?kind=PES_Retour")[1]["items"])[0]["id"]
        sortie = cls.simulator.folder / "home/sortie"
        (sortie / ".illisible.xml").write_bytes(b"<?xml version='1.0'?><PES_ACQUIT")
        (sortie / ".illisible.xml").rename(sortie / "illisible-ACK-1.xml")
        orphan = rig.until("an orphan", lambda: operator.json("GET", "/v1/orphans")[1]["items"])[0]["id"]
        letter = cls.make_letter(operator, agent)
        tickets = {}
        for kind, path, body in (
                ("token", "/v1/tokens", {"name": "essai", "days": 1,
                                         "grants": [{"authority": rig.VALJOIE_SIREN, "role": "transmitter"}]}),
                ("upload", "/v1/uploads", {"size": 1000}), ("webhook", "/v1/webhooks", {"url": "https://hooks.invalid/x"})):
            status, answer = agent.json("POST", path, body)
            assert status == 201, answer
            tickets[kind] = answer["id"]
        tickets["mail"] = rig.until("a mail", lambda: agent.json("GET", "/v1/mails")[1]["items"])[0]["id"]
        agent.close()
        nobody = str(uuid.UUID(int=0x018900000000_7000_8000_000000000000))
        return {**{kind: (made, nobody) for kind, made in tickets.items()}, "flow": (flow, nobody), "letter": (letter, nobody), "return": (returned, nobody), "orphan": (orphan, nobody),
                "authority": (rig.VALJOIE_SIREN, rig.luhn_siren("21999999")),
                "siret": (rig.luhn_siret(rig.VALJOIE_SIREN), rig.luhn_siret(rig.luhn_siren("21999999"))),
                "identity": (cls.gateway.fingerprint("valjoie"), "0" * 64), "destination": ("helios", "nulle-part"), "trust": ("tests", "nulle-part")}

    @classmethod
    def make_letter(cls, operator, agent):
        """A letter of the préfecture about an act of A."""
        for path, value in (("routes/actes", {"destination": "actes", "p_dest": "", "signer": ""}),
                            ("actes", {"departement": "034", "arrondissement": "1", "nature": "31", "convention_date": "2026-01-05",
                                       "notify": ["maire@exemple.fr"]})):
            status, answer = operator.json("PUT", f"/v1/authorities/{rig.VALJOIE_SIREN}/{path}", value)
            assert status in (200, 201, 204), answer
        words = {"number": "L_COUR", "date": "2026-03-02", "nature": 1, "matieres": "7.1", "object": "Essai", "type": "99_DE"}
        body, kind = form([("metadata", "", json.dumps(words).encode()), ("acte", "a.pdf", pdf("Essai"))])
        status, _, answer = agent.raw("POST", "/v1/actes", body, {"Content-Type": kind})
        assert status == 202, answer
        return rig.until("a letter", lambda: agent.json("GET", "/v1/letters")[1]["items"])[0]["id"]

    @classmethod
    def tearDownClass(cls):
        cls.gateway.stop()
        cls.prefecture.stop()
        cls.simulator.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def call(self, who, method, path, case, authority=None):
        """(status, code, body without what always differs) of one request on a connection of its own."""
        context = ssl.create_default_context(cafile=str(self.gateway.pki / "ca.pem"))
        if who:
            context.load_cert_chain(str(self.gateway.pki / f"{who}.pem"), str(self.gateway.pki / f"{who}.key"))
        connection = http.client.HTTPSConnection("localhost", self.gateway.port, context=context, timeout=20)
        headers = {"Content-Type": "application/xml" if case.body.startswith(b"<") else "application/json"}
        if authority:
            headers["Demat-Authority"] = authority
        body = None if method in ("GET", "DELETE") else case.body
        connection.request(method, path + case.more, body=body, headers=headers)
        answer = connection.getresponse()
        # An endless answer is told by its head.
        text = b"" if answer.getheader("Content-Type", "").startswith("text/event-stream") else answer.read()
        connection.close()
        try:
            value = json.loads(text)
        except ValueError:
            value = {}
        code = value.get("code", "") if isinstance(value, dict) else ""
        if isinstance(value, dict):
            value.pop("request_id", None)
        return answer.status, code, value

    def paths(self, case, path):
        """The path with what belongs to A, and with what nobody has."""
        mine, nobody = self.things[case.ids] if case.ids else ("", "")
        fill = lambda value: re.sub(r"\{\w+\}", "1", re.sub(r"\{\w+\}", value, path, count=1))
        return fill(mine), fill(nobody)

    def cases(self):
        for operation, method, path in operations():
            if operation in CASES:
                yield operation, method, path, CASES[operation]

    def test_every_operation_has_a_case(self):
        named = {operation for operation, _, _ in operations()}
        self.assertGreater(len(named), 30)
        self.assertEqual((named - set(CASES), set(CASES) - named), (set(), set()))

    def test_nobody_gets_in_without_a_known_certificate(self):
        for operation, method, path, case in self.cases():
            mine, _ = self.paths(case, path)
            with self.subTest(operation):
                if case.who == OPEN:
                    self.assertIn(self.call(None, method, mine, case)[0], (200, 404, 503))
                    continue
                self.assertEqual(self.call(None, method, mine, case)[:2], (401, "access.no_certificate"))
                self.assertEqual(self.call("stranger", method, mine, case)[:2], (403, "access.unknown_certificate"))

    def test_what_is_not_yours_is_as_what_does_not_exist(self):
        for operation, method, path, case in self.cases():
            if not case.ids:
                continue
            for who in ("montbrume", "b-reader"):
                mine, nobody = self.paths(case, path)
                with self.subTest(operation, who=who):
                    theirs, absent = self.call(who, method, mine, case), self.call(who, method, nobody, case)
                    wanted = (403,) if case.who == PLATFORM else (404,) if case.reader else (404, 403)
                    self.assertIn(theirs[0], wanted, theirs)
                    values = self.things[case.ids]
                    plain = [json.dumps(t[2]).replace(values[0], "ID").replace(values[1], "ID") for t in (theirs, absent)]
                    self.assertEqual((theirs[0], plain[0]), (absent[0], plain[1]))

    def test_a_reader_changes_nothing(self):
        for operation, method, path, case in self.cases():
            mine, _ = self.paths(case, path)
            with self.subTest(operation):
                if case.ids in ("token", "upload"):  # these belong to who made them
                    self.assertIn(self.call("a-reader", method, mine, case)[0], (403, 404))
                elif case.who == PLATFORM or (case.who == OWN and not case.reader):
                    self.assertEqual(self.call("a-reader", method, mine, case)[:2], (403, "access.denied"))
                elif case.who in (OWN, KNOWN):
                    self.assertNotIn(self.call("a-reader", method, mine, case)[0], (401, 403))

    def test_no_platform_without_its_operator(self):
        """Full rights on A do not open what belongs to the platform."""
        for operation, method, path, case in self.cases():
            if case.who != PLATFORM:
                continue
            mine, nobody = self.paths(case, path)
            with self.subTest(operation):
                for one in (mine, nobody):
                    self.assertEqual(self.call("valjoie", method, one, case)[:2], (403, "access.denied"))

    def test_naming_another_authority_opens_nothing(self):
        for operation, method, path, case in self.cases():
            if case.ids or case.who not in (OWN, KNOWN):
                continue
            with self.subTest(operation):
                status, _, value = self.call("montbrume", method, path, case, authority=rig.VALJOIE_SIREN)
                shown = json.dumps(value)
                for thing in ("flow", "return"):
                    self.assertNotIn(self.things[thing][0], shown)
                if case.who == OWN and status < 400:
                    self.assertEqual(value.get("items", []), [], value)


if __name__ == "__main__":
    unittest.main(verbosity=2)
