#!/usr/bin/python3
"""Peak resident memory of dematd for the largest things of ACTES, each from a fresh start.

DEMAT_BUILD names a release build. "acte": an acte and its annexes, together just under the 150 MiB that the ministry
takes (actes 2.3), posted, checked, packed, sent to the simulated préfecture, and acknowledged. "envelope": the same in
a ready-made archive. "single": in one PDF, nearly all of it one stream, and then its bordereau, stamp and evidence are
fetched. "letter": a letter whose mail carries an archive of that size. Fails when a peak is over --limit, or when a byte
is not what was posted.
"""

import argparse
import hashlib
import json
import pathlib
import random
import shutil
import sys
import tarfile
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
sys.dont_write_bytecode = True

import rig
import whole_road
from envelopes import Act, Envelope
from pieces import pdf
from town_hall import TownHall

OVERHEAD = 64 * 1024  # of the archive: envelope, message, tar


def acknowledged(road, flow, patience):
    done = road.ends(flow, seconds=patience)
    if done["state"] != "acknowledged":
        raise RuntimeError(f"{done}: {road.report(flow)}")


def acte(road, size, options):
    """Bytes of the archive that the préfecture got, after a comparison with what was posted."""
    return posted_acte(road, size, options, options.annexes)[0]


def single(road, size, options):
    archive, flow = posted_acte(road, size, options, 0)
    for paper, start in (("bordereau", b"%PDF"), ("stamped", b"%PDF"), ("evidence", b"PK")):
        status, _, content = road.agent.raw("GET", f"/v1/actes/{flow}/{paper}")
        if status != 200 or not content.startswith(start):
            raise RuntimeError(f"{paper}: {status}")
    return archive


def posted_acte(road, size, options, annexes):
    each = (size - OVERHEAD) // (annexes + 1)
    files = [pdf(f"Document {i}", each - 2_000) for i in range(annexes + 1)]
    posted = {hashlib.sha256(content).hexdigest() for content in files}
    flow = road.post("GROS", files)
    acknowledged(road, flow, options.patience)
    line = next(one for one in road.prefecture.ledger("deposit") if one["messages"] == ["1-1"])
    with tarfile.open(road.prefecture.folder / "received" / line["file"]) as archive:
        got = {hashlib.sha256(archive.extractfile(member).read()).hexdigest() for member in archive if member.name.endswith(".pdf")}
    if got != posted:
        raise RuntimeError("the préfecture got other files")
    return line["size"], flow


def envelope(road, size, options):
    """The same for a ready-made archive, posted as it is: the préfecture gets its messages and files."""
    road.agent.json("POST", "/v1/classification/request", {})
    rig.until("the classification", lambda: road.agent.json("GET", "/v1/classification")[1].get("date"))
    each = (size - OVERHEAD) // (options.annexes + 1)
    files = [pdf(f"Document {i}", each - 2_000) for i in range(options.annexes + 1)]
    made = Envelope(rig.VALJOIE_SIREN, [Act(rig.VALJOIE_SIREN, "GROS", files[0], [("21_DA", "pdf", one) for one in files[1:]])])
    acknowledged(road, road.post_envelope(made.name, made.pack(level=1)), options.patience)
    line = next(one for one in road.prefecture.ledger("deposit") if one["messages"] == ["1-1"])
    with tarfile.open(road.prefecture.folder / "received" / line["file"]) as archive:
        got = {member.name: archive.extractfile(member).read() for member in archive}
    posted = {name: content for name, content in made.members.items() if name != made.envelope}
    if {name: got.get(name) for name in posted} != posted or len(got) != len(posted) + 1:
        raise RuntimeError("the préfecture got other files")
    return line["size"]


def letter(road, size, options):
    """Bytes of the file that came with the letter, after a comparison with what was kept."""
    flow = road.post("LETTRE")
    acknowledged(road, flow, options.patience)
    file = road.folder / "pieces.tar.gz"
    file.write_bytes(b"\x1f\x8b\x08" + random.Random(size).randbytes(size - 3))
    road.prefecture.ask("letter", "2-1", road.acte(flow)["actes"][0]["id_acte"], "--with", file)
    rig.until("the letter", lambda: road.acte(flow)["letters"], options.patience, 0.2)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    kept = road.agent.json("GET", f"/v1/flows/{flow}/documents")[1]["items"]
    if not any(one["sha256"] == digest for one in kept):
        raise RuntimeError(f"the letter's file was not kept: {kept}")
    return size


KINDS = {"acte": acte, "envelope": envelope, "single": single, "letter": letter}


def measure(kind, options):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="dm-"))
    road = TownHall(folder, transfer_timeout="240s")
    road.agent.timeout = options.patience
    try:
        pid, size = road.gateway.process.pid, int(options.size * 1024 * 1024)
        before, cpu, began = whole_road.memory_of(pid, "VmHWM"), whole_road.cpu_of(pid), time.monotonic()
        done = KINDS[kind](road, size, options)
        return {"kind": kind, "bytes": done, "start_mb": before, "peak_mb": whole_road.memory_of(pid, "VmHWM"),
                "cpu_s": sum(whole_road.cpu_of(pid)) - sum(cpu), "seconds": time.monotonic() - began}
    finally:
        road.close()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=float, default=149.8, help="MiB of the archive")
    parser.add_argument("--annexes", type=int, default=4)
    parser.add_argument("--limit", type=float, default=256, help="MB (decimal)")
    parser.add_argument("--patience", type=float, default=400, help="seconds for one of them")
    parser.add_argument("--kinds", nargs="*", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--json", help="also write the figures here")
    options = parser.parse_args()
    results = [measure(kind, options) for kind in options.kinds]
    for one in results:
        print(f"{one['kind']:<8} {one['bytes'] / 1048576:6.1f} MiB: peak {one['peak_mb']:6.1f} MB resident ({one['start_mb']:.0f} MB "
              f"before), {one['cpu_s']:5.2f} s CPU, {one['seconds']:5.1f} s in all")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1))
    over = [one["kind"] for one in results if one["peak_mb"] > options.limit]
    if over:
        sys.exit(f"over {options.limit:.0f} MB: {', '.join(over)}")


if __name__ == "__main__":
    main()
