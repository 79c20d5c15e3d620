"""The campaign's memory: one line per batch and per kill, from which it resumes and its tables are made."""

import collections
import json
import threading

# Lists of a batch's verdict that must be empty.
MUST_BE_EMPTY = ("accepted_lost", "flow_doubled", "never_sent", "sent_twice", "answers_lost", "store", "receipts_unlike",
                 "errors", "letters_lost", "letters_doubled", "receipts_missing", "receipts_doubled")
SUMS = ("accepted", "reposted", "deposits", "cut_uploads", "decisions", "decided_doubles", "settled_by_answer", "decided_sent",
        "mails", "letters", "receipts")


class Records:
    """Appends to kills.jsonl and batches.jsonl of a folder. A batch's kills count once the batch was judged."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.lock = threading.Lock()
        self.batches = self.lines("batches.jsonl")
        judged = {batch["batch"] for batch in self.batches}
        self.kills = [kill for kill in self.lines("kills.jsonl") if kill["batch"] in judged]
        self.next = max(judged, default=-1) + 1

    def lines(self, name):
        file = self.folder / name
        if not file.exists():
            return []
        out = []
        for line in file.read_text().splitlines():
            try:
                out.append(json.loads(line))
            except ValueError:
                continue  # cut by the end of a former run
        return out

    def take_number(self):
        with self.lock:
            self.next += 1
            return self.next - 1

    def add(self, batch, kills):
        with self.lock:
            for name, items in (("kills.jsonl", kills), ("batches.jsonl", [batch])):
                with open(self.folder / name, "a", encoding="ascii") as file:
                    file.writelines(json.dumps(item, separators=(",", ":")) + "\n" for item in items)
            self.batches.append(batch)
            self.kills += kills
            (self.folder / "summary.md").write_text(self.table())

    def count(self):
        return len(self.kills)

    def failures(self):
        return [batch for batch in self.batches if "broken" in batch or any(batch.get(name) for name in MUST_BE_EMPTY)]

    def table(self):
        """Kills by place and way of sending, then the counts."""
        variants = sorted({kill["variant"] for kill in self.kills})
        places = collections.Counter()
        unreached = collections.Counter()
        for kill in self.kills:
            place = {"random": "random, under load", "start": "random, in the start",
                     "stop": "after SIGSTOP beyond the lease"}.get(kill["how"]) or f"`{kill['point']}`"
            if kill["outcome"] == "not reached":
                unreached[kill["variant"]] += 1
                place = "random, point not reached in time"
            places[place, kill["variant"]] += 1
        lines = ["| killed at | " + " | ".join(variants) + " | all |", "|---" * (len(variants) + 2) + "|"]
        for place in sorted({place for place, _ in places}):
            row = [places[place, variant] for variant in variants]
            lines.append(f"| {place} | " + " | ".join(map(str, row)) + f" | {sum(row)} |")
        total = [sum(1 for kill in self.kills if kill["variant"] == variant) for variant in variants]
        lines.append("| all | " + " | ".join(map(str, total)) + f" | {sum(total)} |")
        return "\n".join(lines) + "\n\n" + self.counts()

    def counts(self):
        lines = ["| counted | |", "|---|---|"]
        for name in SUMS:
            lines.append(f"| {name} | {sum(batch.get(name, 0) for batch in self.batches)} |")
        for name in (*MUST_BE_EMPTY, "window", "left_lying"):
            lines.append(f"| {name} | {sum(len(batch.get(name, [])) for batch in self.batches)} |")
        lines.append(f"| batches broken off | {sum('broken' in batch for batch in self.batches)} |")
        lines.append(f"| programs (SHA-256) | {', '.join(sorted({batch['program'] for batch in self.batches}))} |")
        seconds = sum(batch.get("seconds", 0) for batch in self.batches)
        lines.append(f"| kills per second of a lane | {self.count() / seconds if seconds else 0:.2f} |")
        return "\n".join(lines) + "\n"
