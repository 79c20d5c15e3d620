#!/usr/bin/python3
"""Latencies under a fixed rate: status calls on a store of many flows, and deposits (the 202) beside the whole road."""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
sys.dont_write_bytecode = True

import fill_store
import rig
from whole_road import cpu_of, memory_of

MARK = "OUVERT-0000000"


def attack(gateway, *options):
    """Runs tools/open_loop against the gateway as the agent of Valjoie."""
    pki = gateway.pki
    done = subprocess.run([str(rig.BUILD / "tools/open_loop/open_loop"), "--port", str(gateway.port), "--ca", str(pki / "ca.pem"),
                           "--certificate", str(pki / "valjoie.pem"), "--key", str(pki / "valjoie.key"), *options],
                          check=False, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def some_ids(gateway, count):
    """Ids of flows spread over the list."""
    api = gateway.api("valjoie")
    try:
        out, cursor = [], ""
        while len(out) < count:
            status, page = api.json("GET", f"/v1/flows?limit=200{'&cursor=' + cursor if cursor else ''}")
            assert status == 200, page
            out += [flow["id"] for flow in page["items"]]
            cursor = page.get("next")
            if not cursor:
                break
        return out[:count]
    finally:
        api.close()


def status_calls(gateway, options, folder):
    paths = folder / "paths"
    paths.write_text("".join(f"/v1/flows/{one}\n" for one in some_ids(gateway, 2_000)))
    before = sum(cpu_of(gateway.process.pid))
    result = attack(gateway, "--paths", str(paths), "--connections", "50", "--rate", str(options.status_rate), "--seconds",
                    str(options.seconds))
    result["cpu_us"] = (sum(cpu_of(gateway.process.pid)) - before) / (options.status_rate * options.seconds) * 1e6
    return result


def deposits(gateway, options, folder):
    body = folder / "body.xml"
    body.write_bytes(rig.sample("depense", rig.VALJOIE_SIREN, MARK, "--size", str(options.size), "--dematerialise", "--ids"))
    return attack(gateway, "--method", "POST", "--path", "/v1/flows", "--body", str(body), "--mark", MARK, "--connections", "16",
                  "--rate", str(options.deposit_rate), "--seconds", str(options.seconds))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flows", type=int, default=100_000, help="flows in the store before the measures")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--status-rate", type=float, default=500)
    parser.add_argument("--deposit-rate", type=float, default=20, help="half of what whole_road.py gives for this size")
    parser.add_argument("--size", type=int, default=100_000, help="bytes of a deposit")
    parser.add_argument("--json", help="also write the figures here")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-open-loop-"))
    simulator = rig.Simulator(folder / "sim", "ftp", "--delay", "0")
    gateway = rig.Gateway(folder / "gateway", simulator)
    results = {}
    try:
        gateway.start()
        gateway.declare()
        api = gateway.api("valjoie")
        status, _, flow = api.submit(rig.sample("depense", rig.VALJOIE_SIREN, "MODELE-1", "--dematerialise", "--ids"))
        assert status == 202, flow
        rig.until("the first acquit", lambda: api.flow(flow["id"])["state"] == "acknowledged")
        api.close()
        gateway.stop()
        fill_store.fill(folder / "gateway/data", options.flows, "acknowledged")
        gateway.start()
        results["status"] = status_calls(gateway, options, folder)
        print("status calls:", json.dumps(results["status"]), flush=True)
        results["deposit"] = deposits(gateway, options, folder)
        print("deposits:", json.dumps(results["deposit"]), flush=True)
        print(f"peak resident memory: {memory_of(gateway.process.pid, 'VmHWM'):.0f} MB")
    finally:
        gateway.stop()
        simulator.stop()
        shutil.rmtree(folder, ignore_errors=True)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
