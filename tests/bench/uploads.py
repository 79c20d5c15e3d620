#!/usr/bin/python3
"""Peak resident memory of the daemon while many large flows are uploaded at the same time, and then worked off."""

import argparse
import pathlib
import shutil
import sys
import tempfile
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
sys.dont_write_bytecode = True

import rig
from whole_road import LogCount, memory_of, prepare

LIMIT_MB = 512


def upload_together(gateway, contents):
    """All connections are open and authenticated before the first byte of a body leaves."""
    gate, troubles = threading.Barrier(len(contents)), []

    def client(content):
        api = gateway.api("valjoie")
        try:
            api.json("GET", "/v1/flows?limit=1")
            gate.wait()
            status, _, answer = api.submit(content)
            while status in (429, 503):
                status, _, answer = api.submit(content)
            if status != 202:
                troubles.append(f"{status}: {answer}")
        finally:
            api.close()

    threads = [threading.Thread(target=client, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if troubles:
        raise RuntimeError(troubles[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uploads", type=int, default=100)
    parser.add_argument("--size", type=int, default=1_000_000)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-uploads-"))
    simulator = rig.Simulator(folder / "sim", "ftp", "--delay", "0")
    gateway = rig.Gateway(folder / "gateway", simulator)
    try:
        gateway.start()
        gateway.declare()
        before = memory_of(gateway.process.pid, "VmHWM")
        log = LogCount(gateway)
        contents = prepare(options.size, options.uploads, 1)
        upload_together(gateway, contents)
        uploaded = memory_of(gateway.process.pid, "VmHWM")
        rig.until("all acquits", lambda: log.read() >= len(contents), 600, 0.1)
        peak = memory_of(gateway.process.pid, "VmHWM")
    finally:
        gateway.stop()
        simulator.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{options.uploads} uploads of {len(contents[0])} bytes at once: peak {uploaded:.0f} MB resident when all were accepted, "
          f"{peak:.0f} MB when all were acknowledged ({before:.0f} MB before; limit {LIMIT_MB} MB)")
    return 0 if peak < LIMIT_MB else 1


if __name__ == "__main__":
    sys.exit(main())
