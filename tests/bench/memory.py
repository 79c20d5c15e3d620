#!/usr/bin/python3
"""Peak resident memory of dematd for one flow of about 100 MB whose weight is attachments, each from a fresh start.

DEMAT_BUILD names a release build (dematd, make_sample, sign_sample, demat_sim). Three flows: not signed at all, to be
signed by the gateway, and signed already when it comes. Fails when a peak is over --limit.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
sys.dont_write_bytecode = True

import rig
import whole_road

BASE64_OF_GZIP = 1.36  # bytes of base64 per byte of an attachment that does not compress


def flow(siren, name, size, attachments, dematerialised):
    """A recette flow of about `size` bytes with `attachments` large attachments; a dematerialised one wants a signature."""
    more = ["--dematerialise", "--ids"] if dematerialised else []
    each = int(size / attachments / BASE64_OF_GZIP)
    return rig.sample("recette", siren, name, *more, "--pj", str(attachments), "--pj-size", str(each))


def signed(content, gateway):
    """The same flow as a signer of the authority would have sent it."""
    folder = gateway.folder
    (folder / "clear.xml").write_bytes(content)
    subprocess.run([str(rig.BUILD / "tools/sign_sample/sign_sample"), str(gateway.pki / "signer.key"),
                    str(gateway.pki / "signer.pem"), str(folder / "clear.xml"), str(folder / "signed.xml")], check=True)
    return (folder / "signed.xml").read_bytes()


def signatures_sent(simulator):
    """How many ds:Signature the last file of the peer's ledger holds."""
    newest = max((path for path in simulator.folder.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    return newest.read_bytes().count(b"<ds:Signature ")


def measure(kind, options):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-memory-"))
    simulator = rig.Simulator(folder / "sim", "ftp", "--delay", "0")
    gateway = rig.Gateway(folder / "gateway", simulator)
    gateway.start()
    try:
        gateway.declare()
        agent, siren = ("valjoie", rig.VALJOIE_SIREN) if kind == "to be signed" else ("montbrume", rig.MONTBRUME_SIREN)
        content = flow(siren, "GROS-000001", options.size, options.attachments, kind != "not signed")
        if kind == "signed already":
            content = signed(content, gateway)
        log, pid = whole_road.LogCount(gateway), gateway.process.pid
        before, cpu, began = whole_road.memory_of(pid, "VmHWM"), whole_road.cpu_of(pid), time.monotonic()
        api = gateway.api(agent)
        status, _, answer = api.submit(content)
        api.close()
        if status != 202:
            raise RuntimeError(f"{status}: {answer}")
        rig.until("the acquit", lambda: log.read() >= 1, options.patience, 0.1)
        figures = {"kind": kind, "bytes": len(content), "start_mb": before, "peak_mb": whole_road.memory_of(pid, "VmHWM"),
                   "cpu_s": sum(whole_road.cpu_of(pid)) - sum(cpu), "seconds": time.monotonic() - began}
        if options.keep_check:
            figures["signatures"] = signatures_sent(simulator)
        return figures
    finally:
        gateway.stop()
        simulator.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=98_000_000)
    parser.add_argument("--attachments", type=int, default=20)
    parser.add_argument("--limit", type=float, default=256, help="MB (decimal)")
    parser.add_argument("--patience", type=float, default=300, help="seconds for one flow")
    parser.add_argument("--kinds", nargs="*", default=["not signed", "to be signed", "signed already"])
    parser.add_argument("--keep-check", action="store_true", help="count the signatures in what the peer holds")
    parser.add_argument("--json", help="also write the figures here")
    options = parser.parse_args()
    results = [measure(kind, options) for kind in options.kinds]
    for one in results:
        print(f"{one['kind']:<15} {one['bytes'] / 1e6:6.1f} MB: peak {one['peak_mb']:6.1f} MB resident ({one['start_mb']:.0f} MB "
              f"before), {one['cpu_s']:5.2f} s CPU, {one['seconds']:5.1f} s to the acquit"
              + (f", {one['signatures']} signatures" if "signatures" in one else ""))
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1))
    over = [one["kind"] for one in results if one["peak_mb"] > options.limit]
    if over:
        sys.exit(f"over {options.limit:.0f} MB: {', '.join(over)}")


if __name__ == "__main__":
    main()
