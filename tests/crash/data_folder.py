"""Reads the gateway's data folder with other means than the gateway's own: SQLite through Python, SHA-256 of every
payload, the journal's chain by its written definition. Used on a stopped gateway."""

import hashlib
import hmac
import pathlib
import sqlite3

GENESIS = b""


def number(value):
    return (value & 0xFFFFFFFFFFFFFFFF).to_bytes(8, "little")


def text(value):
    data = value.encode() if isinstance(value, str) else bytes(value)
    return number(len(data)) + data


class DataFolder:
    """Complaints gather in `wrong`; an empty list is what every campaign wants."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.db = sqlite3.connect(f"file:{self.folder / 'dematd.db'}?mode=ro", uri=True)
        self.wrong = []

    def close(self):
        self.db.close()

    def check(self):
        for look in (self.database, self.payloads, self.leftovers, self.attempts, self.journal, self.states):
            look()
        return self.wrong

    def rows(self, sql, *values):
        return self.db.execute(sql, values).fetchall()

    def database(self):
        for (line,) in self.rows("PRAGMA integrity_check"):
            if line != "ok":
                self.wrong.append(f"integrity_check: {line}")
        self.wrong += [f"foreign key: {row}" for row in self.rows("PRAGMA foreign_key_check")]

    def blob(self, name):
        return self.folder / "blobs" / name[:2] / name[2:]

    def payloads(self):
        for name, size, content in self.db.execute("SELECT sha256,size,bytes FROM payload"):
            if content is None:
                file = self.blob(name)
                content = file.read_bytes() if file.is_file() else None
            if content is None:
                self.wrong.append(f"payload {name}: its file is gone")
            elif len(content) != size or hashlib.sha256(content).hexdigest() != name:
                self.wrong.append(f"payload {name}: other bytes")

    def leftovers(self):
        named = {name for (name,) in self.rows("SELECT sha256 FROM payload WHERE bytes IS NULL")}
        found = {file.parent.name + file.name for file in (self.folder / "blobs").glob("*/*")}
        self.wrong += [f"blob {name}: no row names it" for name in sorted(found - named)]
        self.wrong += [f"temporary file left: {file.name}" for file in (self.folder / "tmp").iterdir()]

    def attempts(self):
        self.wrong += [f"flow {row[0]}: an attempt open in state {row[1]}" for row in self.rows(
            "SELECT flow.id,flow.state FROM attempt JOIN flow ON flow.id=attempt.flow WHERE outcome='open' AND state<>'sending'")]
        self.wrong += [f"flow {row[0]}: {row[1]} attempts noted, {row[2]} kept" for row in self.rows(
            "SELECT id,attempts,(SELECT count(*) FROM attempt WHERE attempt.flow=flow.id) AS kept FROM flow WHERE attempts<>kept")]

    def journal(self):
        """link = HMAC-SHA256(key, before ‖ sequence ‖ every column), each text after its length; the head has its own."""
        key = (self.folder / "journal.key").read_bytes()
        chain, expected = GENESIS, 0
        for row in self.db.execute("SELECT sequence,flow,at,code,from_state,to_state,actor,reason,detail,payloads,chain"
                                   " FROM event ORDER BY sequence"):
            expected += 1
            sequence, flow, at, *rest, link = row
            data = text(chain) + number(sequence) + text(flow) + number(at) + b"".join(text(item) for item in rest)
            chain = hmac.new(key, data, hashlib.sha256).digest()
            if sequence != expected or chain != link:
                self.wrong.append(f"journal: event {sequence} does not follow from the one before")
                return
        (sequence, mac), = self.rows("SELECT sequence,mac FROM journal_head")
        head = hmac.new(key, b"head" + number(expected) + text(chain), hashlib.sha256).digest()
        if sequence != expected or (expected and mac != head):
            self.wrong.append(f"journal: the head names event {sequence}, the last one is {expected}")

    def states(self):
        """Each flow's events lead from one to the next, and to the state its row has."""
        now = {}
        for flow, before, after in self.db.execute("SELECT flow,from_state,to_state FROM event WHERE flow<>'' ORDER BY sequence"):
            if flow in now and before and before != now[flow]:
                self.wrong.append(f"flow {flow}: an event from {before} where it was {now[flow]}")
            now[flow] = after or now.get(flow, "")
        for flow, state in self.rows("SELECT id,state FROM flow"):
            if now.get(flow) != state:
                self.wrong.append(f"flow {flow}: {state} in its row, {now.get(flow)} in the journal")

    def flows(self):
        """NomFic -> [(id, state, digest of the original, digest of what leaves, remote name)]"""
        out = {}
        for nom_fic, *rest in self.rows("SELECT nom_fic,id,state,original,outgoing,remote_name FROM flow"):
            out.setdefault(nom_fic, []).append(tuple(rest))
        return out

    def decisions(self):
        """flow -> how often a person declared that it was not sent."""
        return dict(self.rows("SELECT flow,count(*) FROM event WHERE from_state='uncertain' AND to_state='ready'"
                              " AND actor<>'gateway' GROUP BY flow"))

    def answers(self):
        return {name for (name,) in self.rows("SELECT sha256 FROM answer")}
