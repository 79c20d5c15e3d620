#!/usr/bin/python3
"""More than the gateway can take: it answers 429 or 503 with Retry-After instead of growing, status calls stay quick, and all
that was accepted reaches its end.

    DEMAT_BUILD=build/release overload.py [--seconds 30] [--hands 60] [--size 400000]

The crowd and the status calls are processes of their own, so that what is measured is the gateway and not this client.
"""

import argparse
import collections
import json
import multiprocessing
import pathlib
import shutil
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]
import rig  # noqa: E402
from vital_signs import quantile, vital_signs  # noqa: E402

ENDED = ("acknowledged", "refused", "rejected", "partly_rejected")


def crowd(port, pki, content, hand, until, out):
    """One client that posts without a pause and never waits as it is told to."""
    api, counts, ids, unhinted = rig.Api(port, pki, "valjoie"), collections.Counter(), [], 0
    number = hand * 100_000
    while time.monotonic() < until:
        number += 1
        try:
            status, headers, answer = api.submit(content.replace(b"FOULE-0000000", b"FOULE-%07d" % number))
        except (OSError, ValueError):
            counts["cut"] += 1
            time.sleep(0.05)
            continue
        counts[status] += 1
        unhinted += status in (429, 503) and "Retry-After" not in headers
        if status == 202:
            ids.append(answer["id"])
    out.put((dict(counts), ids, unhinted))


def status_calls(port, pki, rate, until, out):
    """whoami at a set rate on one kept connection; times from when each call was due."""
    api, times, bad, due = rig.Api(port, pki, "montbrume"), [], 0, time.monotonic()
    while due < until:
        time.sleep(max(0.0, due - time.monotonic()))
        try:
            bad += api.json("GET", "/v1/whoami")[0] != 200
        except (OSError, ValueError):
            bad += 1
        times.append(time.monotonic() - due)
        due += 1 / rate
    out.put((times, bad))


def watch(gateway, until):
    peak = 0
    while time.monotonic() < until:
        time.sleep(0.2)
        peak = max(peak, vital_signs(gateway.process.pid, gateway.folder / "data")["rss"])
    return peak


def measure(gateway, seconds, hands, content):
    """(times and failures of the status calls, what the crowd saw, peak of resident memory)."""
    calls, seen = multiprocessing.Queue(), multiprocessing.Queue()
    until = time.monotonic() + 1 + seconds
    people = [multiprocessing.Process(target=status_calls, args=(gateway.port, gateway.pki, 20, until, calls))]
    people += [multiprocessing.Process(target=crowd, args=(gateway.port, gateway.pki, content, hand, until, seen))
               for hand in range(1, hands + 1)]
    for one in people:
        one.start()
        time.sleep(1 if one is people[0] else 0)  # the status calls have their connection before the crowd comes
    peak = watch(gateway, until)
    reports = [seen.get(timeout=120) for _ in range(hands)]
    status = calls.get(timeout=120)
    for one in people:
        one.join()
    return status, reports, peak


def run(options, gateway):
    content = rig.sample("depense", rig.VALJOIE_SIREN, "FOULE-0000000", "--dematerialise", "--ids", "--size", str(options.size))
    (calm, _), _, _ = measure(gateway, 5, 0, content)
    (busy, bad), reports, peak = measure(gateway, options.seconds, options.hands, content)
    counts = sum((collections.Counter(r[0]) for r in reports), collections.Counter())
    ids = {flow for r in reports for flow in r[1]}
    operator = gateway.api("operator")
    done = lambda: {s["state"]: s["count"] for s in operator.json("GET", "/v1/status")[1]["states"]}
    began = time.monotonic()
    rig.until("all that was accepted ends", lambda: sum(done().get(s, 0) for s in ENDED) >= len(ids), 1200, 1)
    milliseconds = lambda times: [round(1000 * quantile(times, q), 1) for q in (0.5, 0.99)]
    facts = {"answers": {str(k): v for k, v in sorted(counts.items(), key=str)}, "accepted": len(ids), "states": done(),
             "without_retry_after": sum(r[2] for r in reports), "drained_s": round(time.monotonic() - began),
             "peak_rss_mb": round(peak / 1e6), "status_ms_calm": milliseconds(calm), "status_ms_crowd": milliseconds(busy),
             "status_failed": bad}
    operator.close()
    strange = set(counts) - {202, 429, 503, "cut"}
    facts["ok"] = not (strange or facts["without_retry_after"] or bad) and peak < options.max_rss * 1e6
    return facts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--hands", type=int, default=60, help="clients at once")
    parser.add_argument("--connections", type=int, default=40, help="how many the gateway takes")
    parser.add_argument("--budget", type=int, default=4_000_000, help="its bytes for bodies in memory")
    parser.add_argument("--size", type=int, default=400_000, help="bytes of a flow")
    parser.add_argument("--max-rss", type=float, default=512, help="MB")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-crowd-"))
    simulator = rig.Simulator(folder / "sim", "gateway", "--delay", "0.2")
    gateway = rig.Gateway(folder / "gateway", simulator)
    limits = f'port_file = "port"\nmemory_budget = {options.budget}\nmax_connections = {options.connections}'
    text = gateway.config.read_text().replace('port_file = "port"', limits)
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
