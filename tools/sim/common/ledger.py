"""The append-only ledger of a simulator: one JSON object per line, on disk before anything else happens with a deposit."""

import datetime
import json
import os
import threading


class Ledger:
    """Thread-safe. Lines survive the process; sequence numbers go on after a restart."""

    def __init__(self, path):
        self._file = open(path, "ab")
        self._lock = threading.Lock()
        with open(path, "rb") as existing:
            self._next = sum(1 for _ in existing) + 1

    def add(self, kind, **values):
        """Appends a record and returns its sequence number."""
        with self._lock:
            sequence = self._next
            self._next += 1
            now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="microseconds")
            record = {"seq": sequence, "time": now, "kind": kind, **values}
            self._file.write(json.dumps(record, ensure_ascii=True).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            return sequence
