#!/usr/bin/python3
"""Low, steady traffic for a long time: memory, descriptors, threads and the write-ahead log stay flat, no queue ages, and the
simulated State's ledger knows every flow once.

    DEMAT_BUILD=build/release soak.py --minutes 60 [--rate 5] [--mode gateway] [--out samples.jsonl]

One sample each 10 s, one JSON line each; the last line is the summary. Exit status 1 when something was not flat.
"""

import argparse
import json
import pathlib
import shutil
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]
import rig  # noqa: E402
from vital_signs import OpenLoop, cpu_seconds, flat, quantile, vital_signs  # noqa: E402

WORKING = ("received", "checked", "to_sign", "signed", "ready", "sending")


class Soak:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        seconds = int(options.minutes * 60) + 600
        self.simulator = rig.Simulator(folder / "sim", options.mode, "--delay", "1", "--max-seconds", str(seconds))
        self.gateway = rig.Gateway(folder / "gateway", self.simulator)
        text = self.gateway.config.read_text().replace('poll_every = "200ms"', 'poll_every = "1s"')
        self.gateway.config.write_text(text.replace('level = "info"', 'level = "warning"'))
        self.gateway.start()
        self.gateway.declare()
        self.template = rig.sample("depense", rig.VALJOIE_SIREN, "SOAK-0000000", "--dematerialise", "--ids")
        self.local = threading.local()
        self.operator = self.gateway.api("operator")
        self.samples = []

    def post(self, number):
        if not hasattr(self.local, "api"):
            self.local.api = self.gateway.api("valjoie")
        try:
            return self.local.api.submit(self.template.replace(b"SOAK-0000000", b"SOAK-%07d" % number))[0]
        except Exception as error:  # pylint: disable=broad-exception-caught; counted, and fails the run
            return repr(error)

    def sample(self, loop, seen, began):
        recent = loop.since(seen)
        states = {s["state"]: s for s in self.operator.json("GET", "/v1/status")[1].get("states", [])}
        counts = {name: value["count"] for name, value in states.items()}
        oldest = [value.get("oldest", "") for name, value in states.items() if name in WORKING and value["count"]]
        times = [seconds for _, seconds, _ in recent]
        out = {"at": round(time.monotonic() - began, 1),
               **vital_signs(self.gateway.process.pid, self.gateway.folder / "data"),
               "cpu": cpu_seconds(self.gateway.process.pid), "posts": len(recent),
               "post_p50_ms": round(1000 * quantile(times, 0.5), 1), "post_p99_ms": round(1000 * quantile(times, 0.99), 1),
               "queued": sum(counts.get(name, 0) for name in WORKING), "oldest_queued": min(oldest, default=""), "states": counts}
        self.samples.append(out)
        return out, seen + len(recent)

    def run(self, out):
        began = time.monotonic()
        loop, seen = OpenLoop(self.options.rate, 4, self.post), 0
        while time.monotonic() - began < self.options.minutes * 60:
            time.sleep(10)
            line, seen = self.sample(loop, seen, began)
            print(json.dumps(line), file=out, flush=True)
        loop.stop()
        return self.summary(loop, time.monotonic() - began)

    def summary(self, loop, seconds):
        answers = [outcome for _, _, outcome in loop.results]
        posted = len(answers)
        done = lambda: {s["state"]: s["count"] for s in self.operator.json("GET", "/v1/status")[1].get("states", [])}
        rig.until("every flow's answer", lambda: done().get("acknowledged", 0) == posted, 120, 1)
        names = [d["nomfic"] for d in self.simulator.ledger("deposit")]
        column = lambda name: [s[name] for s in self.samples]
        times = [t for _, t, _ in loop.results]
        facts = {
            "minutes": round(seconds / 60, 1), "posted": posted, "not_202": sum(a != 202 for a in answers),
            "acknowledged": done().get("acknowledged", 0), "lost": posted - len(set(names)), "twice": len(names) - len(set(names)),
            "rss_mb": [round(f(column("rss")) / 1e6, 1) for f in (min, max)], "rss_mb_end": round(column("rss")[-1] / 1e6, 1),
            "descriptors": [min(column("descriptors")), max(column("descriptors"))],
            "threads": [min(column("threads")), max(column("threads"))], "wal_mb_max": round(max(column("wal")) / 1e6, 1),
            "queued_max": max(column("queued")), "post_ms": [round(1000 * quantile(times, q), 1) for q in (0.5, 0.99, 1)],
            "cpu_ms_per_flow": round(1000 * self.samples[-1]["cpu"] / max(1, posted), 1)}
        facts["flat"] = {"rss": flat(column("rss"), 8e6), "descriptors": flat(column("descriptors"), 4),
                         "threads": flat(column("threads"), 1), "wal": flat(column("wal"), 8e6),
                         "queued": flat(column("queued"), 20), "post_p99": flat(column("post_p99_ms"), 50, 1.0)}
        facts["ok"] = all(facts["flat"].values()) and not (facts["not_202"] or facts["lost"] or facts["twice"])
        return facts

    def close(self):
        self.operator.close()
        self.gateway.stop()
        self.simulator.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=5, help="flows per second")
    parser.add_argument("--mode", default="gateway", choices=("gateway", "ftp", "ftps"), help="links whose peer removes returns")
    parser.add_argument("--out", help="samples, as JSON lines; standard output without it")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-soak-"))
    soak = Soak(options, folder)
    out = open(options.out, "w", encoding="utf-8") if options.out else sys.stdout
    try:
        facts = soak.run(out)
    finally:
        soak.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(facts), file=out, flush=True)
    print(json.dumps(facts, indent=1))
    return 0 if facts["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
