"""What the State saw: the simulator's own ledger, from the start of a batch."""

import hashlib
import json
import time


class Witness:
    def __init__(self, simulator, prefix):
        self.simulator, self.prefix = simulator, prefix
        self.file = simulator.folder / "ledger.jsonl"
        self.entree = simulator.folder / "home" / "entree"
        self.sortie = simulator.folder / "home" / "sortie"
        self.offset = self.file.stat().st_size if self.file.exists() else 0
        self.lines = []

    def read(self):
        """The ledger's lines of this batch, whole ones only."""
        if self.file.exists():
            with open(self.file, "rb") as file:
                file.seek(self.offset)
                new = file.read()
            end = new.rfind(b"\n") + 1
            self.lines += [json.loads(line) for line in new[:end].splitlines()]
            self.offset += end
        return self.lines

    def of_kind(self, kind):
        return [line for line in self.read() if line["kind"] == kind]

    def deposits(self):
        """NomFic -> its whole deposits. A kill in mid-upload leaves a cut file under its final name
        (put = "direct"); it is no flow, the State can only refuse it, and it is counted apart."""
        out = {}
        for line in self.of_kind("deposit"):
            if line["wellformed"] and line["nomfic"].startswith(self.prefix):
                out.setdefault(line["nomfic"], []).append(line)
        return out

    def cut(self):
        return sum(1 for line in self.of_kind("deposit") if not line["wellformed"]) + len(self.of_kind("cut"))

    def answers(self):
        """NomFic -> the answers that Hélios gave."""
        out = {}
        for line in self.of_kind("answer"):
            out.setdefault(line["nomfic"], []).append(line)
        return out

    def fetched(self):
        return {line["name"] for line in self.of_kind("fetched")}

    def lying(self):
        """Files that Hélios has yet to take up. Over FTP it takes up what was received to its end at once; what a
        broken transfer leaves stays where it is."""
        if self.simulator.mode != "sftp":
            return []
        return [file.name for file in self.entree.iterdir() if not file.name.startswith(".")]

    def left(self, remote_name, digest):
        """True when all the bytes lie at the peer although it took the transfer for broken: the kill came between the
        last byte and the end of the dialogue. The listing shows such a file as whole."""
        file = self.entree / remote_name
        return self.simulator.mode != "sftp" and file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == digest

    def absent(self, flows):
        """Flows of which the State has no trace: neither in its ledger nor lying in its deposit directory."""
        deposited = self.deposits()
        lying = self.lying()
        return [f for f in flows if f["nom_fic"] not in deposited and not any(f["remote_name"] in name for name in lying)]

    def quiet(self, seconds):
        """Waits until Hélios has had nothing to take up, and has taken nothing up, for so long: a deposit that was
        under way when the operator looked is in the ledger by then."""
        seen, since = None, time.monotonic()
        deadline = since + 60
        while time.monotonic() - since < seconds:
            time.sleep(0.05)
            count = len(self.of_kind("deposit"))
            if self.lying() or count != seen:
                seen, since = count, time.monotonic()
            if time.monotonic() > deadline:
                raise AssertionError("the deposit directory did not get quiet within 60 s")

    def clear(self):
        """Between batches nothing of the old one is left to fetch."""
        for folder in (self.entree, self.sortie):
            for file in folder.iterdir():
                file.unlink(missing_ok=True)
        for file in (self.simulator.folder / "received").iterdir():
            file.unlink()
