#!/usr/bin/python3
"""How long a gateway takes to be ready again with many queued flows, after a kill in the middle of its work."""

import argparse
import json
import pathlib
import shutil
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
sys.dont_write_bytecode = True

import fill_store
import rig
from whole_road import cpu_of, memory_of

LIMIT = 5.0


def acknowledged(gateway, flow_id):
    api = gateway.api("valjoie")
    try:
        return api.flow(flow_id)["state"] == "acknowledged"
    finally:
        api.close()


def prepare(folder, count):
    """A gateway that has carried one flow, was filled while it was stopped, and whose peer is gone."""
    simulator = rig.Simulator(folder / "sim", "ftp", "--delay", "0")
    gateway = rig.Gateway(folder / "gateway", simulator)
    gateway.start()
    gateway.declare()
    api = gateway.api("valjoie")
    status, _, flow = api.submit(rig.sample("depense", rig.VALJOIE_SIREN, "MODELE-1", "--dematerialise", "--ids"))
    assert status == 202, flow
    rig.until("the first acquit", lambda: acknowledged(gateway, flow["id"]))
    api.close()
    gateway.stop()
    simulator.stop()
    started = time.monotonic()
    fill_store.fill(folder / "gateway/data", count)
    print(f"{count} flows queued in {time.monotonic() - started:.0f} s, database "
          f"{(folder / 'gateway/data/dematd.db').stat().st_size / 1e6:.0f} MB", flush=True)
    return gateway


def start_and_look(gateway):
    """Seconds from exec to the first answer "ready", and what the store says then."""
    started = time.monotonic()
    gateway.start()
    api = gateway.api("operator")
    rig.until("readiness", lambda: api.raw("GET", "/readyz")[0] == 200, 300, 0.005)
    ready = time.monotonic() - started
    status, answer = api.json("GET", "/v1/status")
    assert status == 200, answer
    api.close()
    return {"ready_s": ready, "cpu_s": sum(cpu_of(gateway.process.pid)), "rss_mb": memory_of(gateway.process.pid, "VmRSS"),
            "states": answer.get("states", answer)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flows", type=int, default=1_000_000)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--json", help="also write the figures here")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-restart-"))
    gateway, results = None, []
    try:
        gateway = prepare(folder, options.flows)
        for _ in range(options.starts):
            results.append(start_and_look(gateway))
            one = results[-1]
            print(f"ready in {one['ready_s']:.2f} s, {one['cpu_s']:.2f} s CPU, {one['rss_mb']:.0f} MB resident: {one['states']}",
                  flush=True)
            time.sleep(2)  # under work: senders try, the reconciliation runs
            gateway.kill()
    finally:
        if gateway is not None:
            gateway.stop()
        shutil.rmtree(folder, ignore_errors=True)
    worst = max(one["ready_s"] for one in results)
    print(f"worst of {len(results)} starts: {worst:.2f} s (limit {LIMIT:.0f} s)")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1))
    return 0 if worst < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
