#!/usr/bin/python3
"""More than the gateway can take: it answers 429 or 503 with Retry-After instead of growing, status calls stay quick, and all
that was accepted reaches its end.

    DEMAT_BUILD=build/release overload.py [--seconds 30] [--hands 48] [--size 400000]
"""

import argparse
import collections
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
from vital_signs import OpenLoop, quantile, vital_signs  # noqa: E402

BUDGET = 16_000_000
LIMITS = (('port_file = "port"', f'port_file = "port"\nmemory_budget = {BUDGET}\nmax_connections = 40'), ('level = "info"', 'level = "warning"'))


class Crowd:
    """Clients that post without a pause and never wait as they are told to."""

    def __init__(self, gateway, content, hands):
        self.gateway, self.content = gateway, content
        self.counts, self.without_hint, self.ids = collections.Counter(), 0, []
        self.lock, self.stop = threading.Lock(), threading.Event()
        self.numbers = iter(range(10**7))
        self.threads = [threading.Thread(target=self.post, daemon=True) for _ in range(hands)]
        for thread in self.threads:
            thread.start()

    def post(self):
        api = self.gateway.api("valjoie")
        while not self.stop.is_set():
            with self.lock:
                number = next(self.numbers)
            try:
                status, headers, answer = api.submit(self.content.replace(b"FOULE-0000000", b"FOULE-%07d" % number))
            except OSError:
                status, headers, answer = "cut", {"Retry-After": ""}, {}
            with self.lock:
                self.counts[status] += 1
                self.without_hint += status in (429, 503) and "Retry-After" not in headers
                if status == 202:
                    self.ids.append(answer["id"])
        api.close()

    def end(self):
        self.stop.set()
        for thread in self.threads:
            thread.join(60)


def status_calls(gateway, rate, hands):
    local = threading.local()

    def ask(_number):
        if not hasattr(local, "api"):
            local.api = gateway.api("montbrume")
        try:
            return local.api.json("GET", "/v1/whoami")[0]
        except OSError:
            return "cut"

    return OpenLoop(rate, hands, ask)


def run(options, gateway):
    size = str(options.size)
    content = rig.sample("depense", rig.VALJOIE_SIREN, "FOULE-0000000", "--dematerialise", "--ids", "--size", size)
    calm = status_calls(gateway, 20, 2)
    time.sleep(5)
    calm_times = [t for _, t, _ in calm.since(0)]
    seen = len(calm_times)
    crowd = Crowd(gateway, content, options.hands)
    peak, until = 0, time.monotonic() + options.seconds
    while time.monotonic() < until:
        time.sleep(0.2)
        peak = max(peak, vital_signs(gateway.process.pid, gateway.folder / "data")["rss"])
    crowd.end()
    busy = calm.since(seen)
    calm.stop()
    operator = gateway.api("operator")
    done = lambda: {s["state"]: s["count"] for s in operator.json("GET", "/v1/status")[1]["states"]}
    ended = ("acknowledged", "refused", "rejected", "partly_rejected")
    rig.until("all that was accepted ends", lambda: sum(done().get(s, 0) for s in ended) == len(set(crowd.ids)), 900, 1)
    facts = {"answers": {str(k): v for k, v in sorted(crowd.counts.items(), key=str)}, "without_retry_after": crowd.without_hint,
             "accepted": len(set(crowd.ids)), "states": done(), "peak_rss_mb": round(peak / 1e6),
             "status_ms_calm": [round(1000 * quantile(calm_times, q), 1) for q in (0.5, 0.99)],
             "status_ms_crowd": [round(1000 * quantile([t for _, t, _ in busy], q), 1) for q in (0.5, 0.99)],
             "status_not_200": sum(answer != 200 for _, _, answer in busy)}
    operator.close()
    strange = set(crowd.counts) - {202, 429, 503, "cut"}
    facts["ok"] = not (strange or crowd.without_hint or facts["status_not_200"]) and peak < options.max_rss * 1e6
    return facts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--hands", type=int, default=48, help="clients at once; the gateway takes 40 connections")
    parser.add_argument("--size", type=int, default=400000, help="bytes of a flow")
    parser.add_argument("--max-rss", type=float, default=512, help="MB")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-crowd-"))
    simulator = rig.Simulator(folder / "sim", "gateway", "--delay", "0.2")
    gateway = rig.Gateway(folder / "gateway", simulator)
    text = gateway.config.read_text()
    for old, new in LIMITS:
        assert old in text, old
        text = text.replace(old, new)
    gateway.config.write_text(text)
    gateway.start()
    gateway.declare()
    try:
        facts = run(options, gateway)
    finally:
        gateway.stop()
        simulator.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(facts, indent=1))
    return 0 if facts["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
