#!/usr/bin/python3
"""Packs one envelope as the gateway does and as `tar | gzip -6` does, in turns: speed, size, peak memory.

    archive_bench.py [--build DIR] [--mib 150] [--rounds 5]

Ends with 1 when the gateway's speed is under 70 % of the tools' (bar of ACTES). The files are made for the run: XML,
which shrinks, and noise with some order in it, which behaves as scanned PDF does.
"""

import argparse
import os
import pathlib
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def make_files(folder, mib):
    """One XML of 2 %, PDF-like annexes for the rest."""
    rng = random.Random(4)
    xml = folder / "034-210340001-20250106-N1-DE-1-1_0.xml"
    with xml.open("w") as out:
        while out.tell() < mib * 1024 * 1024 // 50:
            out.write(f'<actes:Annexe actes:Numero="{rng.randrange(10**6)}"><actes:NomFichier>{rng.randrange(10**9)}.pdf</actes:NomFichier></actes:Annexe>\n')
    files, left, number = [xml], mib * 1024 * 1024 - xml.stat().st_size, 1
    while left > 0:
        size = min(left, 20 * 1024 * 1024)
        path = folder / f"99_DE-034-210340001-20250106-N1-DE-1-1_{number}.pdf"
        text = b"".join(b"%d 0 obj << /Length %d >> stream\n" % (i, i * 7919) for i in range(2000))
        with path.open("wb") as out:
            while out.tell() < size:
                out.write(rng.randbytes(200_000))
                out.write(text[: min(len(text), 20_000)])
            out.truncate(size)
        files.append(path)
        left -= size
        number += 1
    return files


def run(command):
    """Seconds of wall clock and of CPU of a command, and its peak memory in KiB when it tells (VmHWM)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    done = subprocess.run(command, shell=isinstance(command, str), stdout=subprocess.PIPE, check=True)
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = re.search(rb"VmHWM:\s*(\d+)", done.stdout)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, int(peak[1]) if peak else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.environ.get("DEMAT_BUILD", ROOT / "build/release"), type=pathlib.Path)
    parser.add_argument("--mib", default=150, type=int)
    parser.add_argument("--rounds", default=5, type=int)
    options = parser.parse_args()
    pack = options.build / "tests/bench/archive_pack"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        files = make_files(folder, options.mib)
        ours, theirs = folder / "ours.tar.gz", folder / "theirs.tar.gz"
        names = " ".join(path.name for path in files)
        roads = {
            "gateway": [str(pack), str(ours), *map(str, files)],
            "tar | gzip -6": f"tar c -C {folder} {names} | gzip -6 >{theirs}",
            "reading": [str(pack), "--read", str(ours)],
            "gzip -dc | tar t": f"gzip -dc {theirs} | tar t",
        }
        figures = {road: [] for road in roads}
        for _ in range(options.rounds):
            for road, command in roads.items():
                figures[road].append(run(command))
        subprocess.run(["gzip", "-t", str(ours)], check=True)
        middle = {road: [statistics.median(column) for column in zip(*rows)] for road, rows in figures.items()}
        print(f"{options.mib} MiB in {len(files)} files, medians of {options.rounds} rounds in turns")
        for road, (wall, cpu, peak) in middle.items():
            memory = f"  peak {peak / 1024:.1f} MiB" if peak else ""
            print(f"{road:18} {wall:6.2f} s  {cpu:6.2f} s CPU  {options.mib / wall:6.1f} MiB/s{memory}")
        # gzip and tar share their work between two processes: wall clock counts for them, CPU is beside it.
        speed = middle["tar | gzip -6"][0] / middle["gateway"][0]
        size = ours.stat().st_size / theirs.stat().st_size
        print(f"speed of the gateway: {speed:.0%} of the tools' (bar 70 %), size {size:.2%} of theirs")
        return 0 if speed >= 0.7 else 1


if __name__ == "__main__":
    sys.exit(main())
