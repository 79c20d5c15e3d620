#!/usr/bin/python3
"""Fills the store of a stopped gateway with many flows, copies of one that is there: rows, payloads and journal as
the gateway itself would have written them (the chain of the journal included, so that it still verifies)."""

import argparse
import hashlib
import hmac
import pathlib
import sqlite3
import struct
import time
import uuid

CHUNK = 20_000


def identifier(micros, number):
    """A time-ordered id (UUIDv7)."""
    value = (micros // 1000) << 80 | 7 << 76 | (number >> 62 & 0xFFF) << 64 | 2 << 62 | (number & (1 << 62) - 1)
    return str(uuid.UUID(int=value))


def link_bytes(before, sequence, flow, at, texts):
    def text(value):
        data = value if isinstance(value, bytes) else value.encode()
        return struct.pack("<Q", len(data)) + data

    return text(before) + struct.pack("<Q", sequence) + text(flow) + struct.pack("<q", at) + b"".join(map(text, texts))


class Filler:
    def __init__(self, folder):
        self.key = (folder / "journal.key").read_bytes()
        self.db = sqlite3.connect(folder / "dematd.db", isolation_level=None)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=OFF")
        self.db.execute("PRAGMA cache_size=-400000")
        self.columns = [row[1] for row in self.db.execute("PRAGMA table_info(flow)") if row[1] != "number"]
        row = self.db.execute(f"SELECT {','.join(self.columns)} FROM flow ORDER BY number LIMIT 1").fetchone()
        if row is None:
            raise RuntimeError("the store needs one flow to copy")
        self.template = dict(zip(self.columns, row))
        self.actor = self.db.execute("SELECT actor FROM event WHERE code='flow.received' LIMIT 1").fetchone()[0]
        last = self.db.execute("SELECT sequence,chain FROM event ORDER BY sequence DESC LIMIT 1").fetchone()
        self.sequence, self.chain = last
        self.made = 0

    def event(self, flow, at, payload):
        texts = ("flow.received", "received", "received", self.actor, "", "{}", payload)
        self.sequence += 1
        self.chain = hmac.digest(self.key, link_bytes(self.chain, self.sequence, flow, at, texts), "sha256")
        return (self.sequence, flow, at, *texts, self.chain)

    def rows(self, count, state, size):
        flows, payloads, documents, events = [], [], [], []
        at = int(time.time() * 1e6) - 1_000_000
        for _ in range(count):
            self.made += 1
            content = (b"<?xml version='1.0'?><a>%012d</a>" % self.made).ljust(size)
            sha256, sha1 = hashlib.sha256(content).hexdigest(), hashlib.sha1(content).hexdigest()
            flow = identifier(at, self.made)
            name = f"M{self.made:012d}"
            values = dict(self.template, id=flow, state=state, held_from=state, business_key=f"bench:{name}", nom_fic=name,
                          original=sha256, original_sha1=sha1, original_size=len(content), outgoing=sha256,
                          outgoing_size=len(content), remote_name="", attempts=0, created_at=at, updated_at=at, sent_at=None,
                          next_attempt_at=None, waiting_code="", blocks=1, lease_owner="", lease_until=None, fence=0,
                          decided_by="")
            flows.append(tuple(values[column] for column in self.columns))
            payloads.append((sha256, sha1, len(content), content))
            documents.append((flow, 1, "original", name, "application/xml", sha256, len(content), at))
            events.append(self.event(flow, at, sha256))
        return flows, payloads, documents, events

    def add(self, count, state, size):
        flows, payloads, documents, events = self.rows(count, state, size)
        self.db.execute("BEGIN")
        self.db.executemany("INSERT INTO payload(sha256,sha1,size,bytes) VALUES(?,?,?,?)", payloads)
        self.db.executemany(f"INSERT INTO flow({','.join(self.columns)}) VALUES({','.join('?' * len(self.columns))})", flows)
        self.db.executemany("INSERT INTO document VALUES(?,?,?,?,?,?,?,?)", documents)
        self.db.executemany("INSERT INTO event VALUES(?,?,?,?,?,?,?,?,?,?,?)", events)
        head = b"head" + struct.pack("<Q", self.sequence) + struct.pack("<Q", len(self.chain)) + self.chain
        self.db.execute("UPDATE journal_head SET sequence=?,mac=?", (self.sequence, hmac.digest(self.key, head, "sha256")))
        self.db.execute("COMMIT")

    def close(self):
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.db.close()


def fill(folder, count, state="ready", size=200, tell=lambda made: None):
    """`count` more flows of `state`, each with its own payload of `size` bytes."""
    filler = Filler(pathlib.Path(folder))
    while filler.made < count:
        filler.add(min(CHUNK, count - filler.made), state, size)
        tell(filler.made)
    filler.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="data folder of a stopped gateway that holds at least one flow")
    parser.add_argument("count", type=int)
    parser.add_argument("--state", default="ready")
    parser.add_argument("--size", type=int, default=200, help="bytes of each payload")
    options = parser.parse_args()
    fill(options.folder, options.count, options.state, options.size, lambda made: print(made, flush=True))


if __name__ == "__main__":
    main()
