#!/usr/bin/python3
"""The bars of the pre-flight check: our pass (schema and every rule) beside `xmllint --schema` (a tree), same files,
same pack, in turns within each round.

    DEMAT_BUILD=build/release python3 tests/bench/preflight_bars.py [--rounds 5] [--pack schemas/pes/5.30]

Files: 20 MB of dépense and 20 MB of recette, all tags; 100 MB of attachments of 2.4 MB each. What counts is CPU (user and
system), as the median over the rounds of the ratios within a round; memory is the peak of the process, schemas included.
The content of attachments (P10: base64, gzip) is judged in a run of its own and shown apart. Ends with 1 when a bar is
missed: at least as fast as the tree, below 64 MiB, no error found by either, a repeated Id refused.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("DEMAT_BUILD", ROOT / "build/release")).resolve()
MIB = 1024 * 1024


def timed(*command):
    """(CPU seconds, peak bytes, output) of a command; its exit status is in the output's first line when not 0."""
    child = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = child.stdout.read().decode(errors="replace")
    _, status, usage = os.wait4(child.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code:
        said = f"exit {code}\n{said}"
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, said


def sample(folder, name, *options):
    file = folder / f"{name}.xml"
    subprocess.run([BUILD / "tools/make_sample/make_sample", *map(str, options), "-o", file], check=True)
    return file


def of_size(folder, kind, size):
    """A flow of bordereaux of about that size: as many pièces as it takes."""
    def length(pieces):
        return sample(folder, "probe", kind, "--bordereaux", 20, "--pieces", pieces).stat().st_size
    one, three = length(1), length(3)
    return sample(folder, kind, kind, "--bordereaux", 20, "--pieces", round((size - one) / ((three - one) / 2)) + 1)


def compare(name, file, pack, entry, rounds, ours_as):
    ratios, ours_cpu, theirs_cpu, peak, theirs_peak, apart = [], [], [], 0, 0, []
    for _ in range(rounds):
        cpu, memory, said = timed(BUILD / "tests/bench/preflight_bench", pack, file, ours_as)
        if not said.rstrip().splitlines()[-1].startswith("0 errors"):
            raise RuntimeError(f"{name}: {said[-2000:]}")
        other, other_memory, other_said = timed("xmllint", "--noout", "--huge", "--schema", entry, file)
        if not other_said.rstrip().endswith("validates"):
            raise RuntimeError(f"{name}: xmllint: {other_said[-500:]}")
        ratios.append(other / cpu)
        ours_cpu.append(cpu)
        theirs_cpu.append(other)
        peak, theirs_peak = max(peak, memory), max(theirs_peak, other_memory)
        if ours_as == "rules" and file.stat().st_size > 50 * MIB:
            apart.append(timed(BUILD / "tests/bench/preflight_bench", pack, file, "content")[0])
    ratio = statistics.median(ratios)
    reached = ratio >= 1.0 and peak < 64 * MIB
    more = f", with the content of attachments {statistics.median(apart):.2f} s" if apart else ""
    print(f"{name}: {file.stat().st_size / 1e6:.0f} MB, ours {statistics.median(ours_cpu):.2f} s {peak / MIB:.0f} MiB{more}, "
          f"xmllint {statistics.median(theirs_cpu):.2f} s {theirs_peak / MIB:.0f} MiB: {ratio:.2f} x "
          f"{'reached' if reached else 'MISSED'}", flush=True)
    return reached


def refuses_repeated_ids(folder, pack):
    flow = sample(folder, "ids", "depense", "--bordereaux", 2, "--ids")
    text = flow.read_bytes()
    first, second = (part.split(b'"')[0] for part in text.split(b'<Bordereau Id="')[1:3])
    flow.write_bytes(text.replace(b'Id="%s"' % second, b'Id="%s"' % first))
    refused = "xsd.duplicate_id" in timed(BUILD / "tests/bench/preflight_bench", pack, flow)[2]
    print(f"a repeated Id: {'refused' if refused else 'NOT REFUSED'}")
    return refused


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pack", type=pathlib.Path, default=ROOT / "schemas/pes/5.30")
    parser.add_argument("--entry", default="pes_aller.xsd", help="the pack's schema of PES_Aller, for xmllint")
    options = parser.parse_args()
    entry = options.pack / options.entry
    with tempfile.TemporaryDirectory(prefix="demat-preflight-") as name:
        folder = pathlib.Path(name)
        reached = [
            compare("tag-dense dépense", of_size(folder, "depense", 20_000_000), options.pack, entry, options.rounds, "content"),
            compare("tag-dense recette", of_size(folder, "recette", 20_000_000), options.pack, entry, options.rounds, "content"),
            compare("large PJ", sample(folder, "pj", "pj", "--size", 100_000_000), options.pack, entry, options.rounds, "rules"),
            refuses_repeated_ids(folder, options.pack)]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
