"""The road of ACTES under kills: a gateway beside a simulated préfecture with its real mailbox, counted per act, per letter
and per automatic receipt."""

import collections
import time

import rig
from actes_load import ActesPoster, ActesTemplates
from actes_witness import RECEIPTS, REJECTING, ActesWitness, number_of
from data_folder import DataFolder
from lane import CONNECT, FINAL, LEASE, TRANSFER, Batch, Lane, QuickGateway
from prefecture import Prefecture

# Ways of the préfecture: its faults (tools/sim/prefecture/misbehaviour.py).
VARIANTS = {"plain": {}, "late": {"late_answer": 0.05}, "double": {"double_mail": 1}}
POINTS = ["staged_written", "blob_fsynced", "before_blob_rename", "blob_renamed", "blob_folders_synced", "accept_payload_kept",
          "accept_written", "once_written", "change_written", "before_commit", "after_commit", "recover_changed", "before_verdict",
          "after_verdict"]
# The POST, the mail's import, what it means; these count most, so they come three times as often.
OWN_POINTS = ["before_intent", "after_intent", "put_begins", "during_put", "answer_awaited", "after_put", "after_outcome",
              "during_fetch", "before_import", "import_payload_kept", "after_import", "before_delete", "mail_marked",
              "after_delete", "before_settle", "letter_staged", "mail_effects_written", "receipt_written", "mail_written",
              "after_settle"]


class ActesGateway(QuickGateway):
    def __init__(self, folder, prefecture, model=None):
        super().__init__(folder, prefecture, "", model)

    def hurries(self):
        return (('check_workers = 2', 'check_workers = 1'), ('lease = "20s"', f'lease = "{LEASE:.0f}s"'),
                ('first = "100ms"', 'first = "50ms"'), ('max = "1s"', 'max = "200ms"'))

    def destination_text(self, name, port, host="127.0.0.1"):
        return self.simulator.destination(poll_every="40ms", connect_timeout=f"{CONNECT:.0f}s", transfer_timeout=f"{TRANSFER:.0f}s")

    def declare(self):
        """Two authorities with their agents, and the classification of each, which the first act asks for."""
        operator = self.api("operator")
        poster, templates = ActesPoster(self.pki), ActesTemplates()
        for siren, agent in ((rig.VALJOIE_SIREN, "valjoie"), (rig.MONTBRUME_SIREN, "montbrume")):
            grants = [{"authority": siren, "role": role} for role in ("transmitter", "operator")]
            for path, value in ((f"/v1/authorities/{siren}", {"name": agent, "sirets": [rig.luhn_siret(siren)], "active": True}),
                                (f"/v1/authorities/{siren}/routes/actes", {"destination": "actes", "p_dest": "", "signer": ""}),
                                (f"/v1/authorities/{siren}/actes", {"departement": "034", "arrondissement": "1", "nature": "31",
                                                                    "convention_date": "2026-01-05", "reason": "convention"}),
                                (f"/v1/identities/{self.fingerprint(agent)}", {"name": agent, "active": True, "grants": grants})):
                status, answer = operator.json("PUT", path, value)
                assert status in (200, 201, 204), (path, answer)
            connection = poster.connect(agent, self.port)
            status, answer = poster.submit(connection, "MODELE", templates.flow("MODELE_", 0)[2])
            connection.close()
            assert status == 202, answer
            rig.until("the model's act", lambda flow=answer["id"]: operator.flow(flow)["state"] == "acknowledged")
        operator.close()


class ActesFolder(DataFolder):
    """The same independent reading, for acts and letters."""

    def acts(self, message="1-1"):
        """Number -> its flows: (id, state, remote name, digests of its documents by role)."""
        out = collections.defaultdict(list)
        for number, *row in self.rows("SELECT acte.number,flow.id,flow.state,remote_name FROM acte JOIN flow ON flow.id=acte.flow"
                                      " WHERE message=?", message):
            documents = collections.defaultdict(set)
            for role, digest in self.rows("SELECT role,sha256 FROM document WHERE flow=?", row[0]):
                documents[role].add(digest)
            out[number].append((*row, documents))
        return out

    def letters(self):
        """(message, identifier) -> [(acknowledged_by, how many documents)]"""
        out = collections.defaultdict(list)
        for message, id_acte, by, documents in self.rows("SELECT message,id_acte,acknowledged_by,documents FROM letter"):
            out[message, id_acte].append((by, len(documents.split())))
        return out

    def receipts(self):
        """(message, identifier) -> [(flow, state)] of 3-2 and 4-2."""
        out = collections.defaultdict(list)
        for message, id_acte, flow, state in self.rows("SELECT message,id_acte,flow.id,state FROM acte JOIN flow ON flow.id=acte.flow"
                                                       " WHERE message IN ('3-2','4-2')"):
            out[message, id_acte].append((flow, state))
        return out

    def settled_by_answer(self):
        """How many uncertain flows the préfecture's answer settled."""
        return self.rows("SELECT count(*) FROM event WHERE from_state='uncertain' AND actor='gateway'"
                         " AND to_state IN ('acknowledged','rejected')")[0][0]

    def decided_sent(self):
        return self.rows("SELECT count(*) FROM event WHERE from_state='uncertain' AND actor<>'gateway' AND to_state LIKE 'sent%'")[0][0]

    def unsettled(self):
        return self.rows("SELECT count(*) FROM answer WHERE state='imported'")[0][0]

    def orphans(self):
        return self.rows("SELECT remote_name,match_rule FROM answer WHERE state='orphan'")


class ActesBatch(Batch):
    def prepare(self, simulator):
        self.waited = 0  # looks that found nothing but acts without an answer
        prefix = f"{self.number % 1000:03d}_"
        return prefix, ActesWitness(simulator, prefix), [*POINTS, *OWN_POINTS * 3]

    def folder(self):
        return ActesFolder(self.gateway.folder / "data")

    def settle(self):
        """Waits until all is answered and nothing is under way; plays the operator for what only a person can decide: an
        archive that the préfecture never took, and a receipt of ours that it took, as nobody answers that."""
        operator = self.gateway.api("operator")
        deadline = time.monotonic() + 150
        while True:
            rest = self.at_rest()  # first: what is settled meanwhile may make a receipt that has yet to leave
            open_flows = [f for f in operator.flows() if f["state"] not in FINAL]
            if rest and (not open_flows or self.nothing_to_wait_for(open_flows)):
                break
            self.decide(operator, [f for f in open_flows if f["state"] == "uncertain"])
            if time.monotonic() > deadline:
                states = [(f["id"], f["state"], f.get("waiting_code")) for f in open_flows]
                raise AssertionError(f"not quiet after 150 s: {len(states)} flows: {states[:10]}")
            time.sleep(0.1)
        operator.close()

    def nothing_to_wait_for(self, open_flows):
        """True when nothing is under way any more, and acts still wait for an answer: it was lost, and is counted so."""
        self.waited = self.waited + 1 if all(f["state"] in ("sent", "uncertain") for f in open_flows) else 0
        return self.waited > 50

    def at_rest(self):
        if self.witness.owed() or self.witness.lying() or self.witness.mails_left():
            return False
        disk = self.folder()
        try:
            return disk.unsettled() == 0
        finally:
            disk.close()

    def decide(self, operator, uncertain):
        missing = self.witness.absent(uncertain)
        if missing:
            self.witness.quiet(0.8)
        for flow in self.witness.absent(missing):
            operator.json("POST", f"/v1/flows/{flow['id']}/resolve", {"outcome": "not-sent", "reason": "the préfecture has none"})
        for flow in uncertain:
            if flow not in missing and not self.answered(operator, flow):
                operator.json("POST", f"/v1/flows/{flow['id']}/resolve", {"outcome": "sent", "reason": "the préfecture has it"})

    @staticmethod
    def answered(operator, flow):
        """Whether the préfecture answers what this flow carries: then its answer is waited for."""
        messages = [acte["message"] for acte in operator.json("GET", f"/v1/actes/{flow['id']}")[1]["actes"]]
        return not set(messages) & set(RECEIPTS.values())

    # --- counting

    def count(self, disk):
        acts, seen, decisions = disk.acts(), self.witness.acts(), disk.decisions()
        out = {"accepted_lost": [], "flow_doubled": [], "never_sent": [], "sent_twice": [], "answers_lost": []}
        doubles = 0
        for number, (flow_id, _) in self.load.accepted.items():
            rows = acts.get(number, [])
            if not any(row[0] == flow_id and self.kept(number, row[3]) for row in rows):
                out["accepted_lost"].append(number)
            if len(rows) > 1:
                out["flow_doubled"].append(number)
            if number not in seen:
                out["never_sent"].append(number)
            times, decided = len(seen[number]), sum(decisions.get(row[0], 0) for row in rows)
            doubles += times > 1
            if times > 1 + decided:
                out["sent_twice"].append((number, times, decided))
            if times and not self.told(rows[-1], seen[number][0]["scenario"]):
                out["answers_lost"].append((number, rows[-1][1]))
        out["answers_lost"] += [("orphan", *row) for row in disk.orphans()]
        letters, receipts, counts = self.count_letters(disk, decisions)
        return {"accepted": len(self.load.accepted), "reposted": self.load.reposted, "deposits": sum(self.witness.names().values()),
                "cut_uploads": self.witness.cut(), "decisions": sum(decisions.values()), "decided_doubles": doubles,
                "decided_sent": disk.decided_sent(), "settled_by_answer": disk.settled_by_answer(),
                "mails": len(self.witness.mails()), "letters": letters, "receipts": receipts, "receipts_unlike": self.load.unlike,
                "errors": (self.load.errors + self.witness.refused())[:5], **out, **counts}

    def kept(self, number, documents):
        return documents["acte"] | documents["annexe"] == self.lane.templates.files[number]

    @staticmethod
    def told(row, scenario):
        """Whether the verdict that the préfecture gave is there, with the file that says it."""
        rejected = scenario in REJECTING
        return row[1] == ("rejected" if rejected else "acknowledged") and len(row[3]["anomalie" if rejected else "ar"]) == 1

    def count_letters(self, disk, decisions):
        out = {"letters_lost": [], "letters_doubled": [], "receipts_missing": [], "receipts_doubled": []}
        known, sent, arrived = disk.letters(), disk.receipts(), self.witness.acknowledged()
        expected = [one for one in self.witness.letters() if number_of(one[1]).startswith(self.prefix)]
        owed = 0
        for code, id_acte in expected:
            held = known.get((code, id_acte), [])
            if not held or held[0][1] != 2:  # the letter's XML and its PDF
                out["letters_lost"].append((code, id_acte, held))
            if len(held) > 1:
                out["letters_doubled"].append((code, id_acte, len(held)))
            if code not in RECEIPTS:
                continue
            owed += 1
            wanted = RECEIPTS[code], id_acte
            flows, times = sent.get(wanted, []), arrived[wanted]
            if not times or not flows or flows[0][1] != "sent_final" or not held or held[0][0] != flows[0][0]:
                out["receipts_missing"].append((*wanted, times, flows))
            if len(flows) > 1 or times > 1 + sum(decisions.get(flow, 0) for flow, _ in flows):
                out["receipts_doubled"].append((*wanted, times, flows))
        return len(expected), owed, out


class ActesLane(Lane):
    variants = tuple(VARIANTS)
    batch = ActesBatch

    def make_pair(self, home, variant):
        prefecture = Prefecture(home / "sim", "--delay", "0.02", "--max-seconds", "1000000")
        if VARIANTS[variant]:
            prefecture.misbehave(**VARIANTS[variant])
        return ActesGateway(home / "gateway", prefecture, self.model), prefecture


class ActesRoad:
    """What the lanes share: a declared store as a model, clients, acts."""

    def __init__(self, folder):
        prefecture = Prefecture(folder / "sim", "--delay", "0.02", "--max-seconds", "300")
        self.model = ActesGateway(folder / "gateway", prefecture)
        self.model.make_model()
        prefecture.stop()
        self.poster, self.templates = ActesPoster(self.model.pki), ActesTemplates()

    def lane(self, folder, stops, start_time):
        return ActesLane(folder, self.poster, self.templates, self.model, stops, start_time)
