#!/usr/bin/python3
"""Cuts the power of the store at any moment, by replaying its writes and dropping what was not synced.

    power_cut.py [--cuts 60] [--seed N] [--lie] [--failing-syncs]

A workload (power_cut/store_work) runs under faultfs, which logs every write, sync and name. From that log disks are
made as a power cut would leave them: half of the cuts around a sync, the others anywhere. The real store opens each of
them, and everything that was promised before the cut must hold. One disk of each round is the ground of the next, so
that cuts also strike in recoveries. `--lie` makes every sync do nothing: the promises must then break, or this test
could not fail. `--failing-syncs` lets syncs fail, and what they were to write is lost for good. DEMAT_BUILD names the
build folder.
"""

import argparse
import collections
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE)]
import oplog  # noqa: E402
from data_folder import DataFolder  # noqa: E402
from disk import Disk  # noqa: E402

BUILD = pathlib.Path(os.environ.get("DEMAT_BUILD", HERE.parents[1] / "build" / "dev")).resolve()
WORK = BUILD / "tests/crash/power_cut/store_work"
LAYER = BUILD / "tests/crash/power_cut/libfaultfs.so"
PROMISES = "/promises"


class Round:
    """One workload on a disk, and cuts in it."""

    def __init__(self, folder, seed, options, ground=None):
        self.root, self.options = folder / "root", options
        self.log = folder / "operations"
        self.dice = random.Random(seed)
        self.seed = self.dice.randint(1, 10**9)
        self.promised = ""  # before this round began
        if ground:
            shutil.copytree(ground, self.root)
            promises = self.root / PROMISES[1:]
            self.promised = promises.read_text()
            promises.write_text("")
        else:
            self.root.mkdir(parents=True)
        self.disk = Disk(lies=options.lie)
        self.disk.load(self.root)

    def work(self):
        environment = {**os.environ, "LD_PRELOAD": str(LAYER), "FAULTFS_ROOT": str(self.root), "FAULTFS_LOG": str(self.log),
                       "FAULTFS_MARKER": PROMISES[1:]}
        if self.options.failing_syncs:
            environment.update(FAULTFS_EVERY="47", FAULTFS_WHICH="s", FAULTFS_ERROR="EIO")
        command = [str(WORK), "run", str(self.root / "store"), str(self.root / PROMISES[1:]), str(self.seed),
                   str(self.options.files), str(self.options.clients)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
        if done.returncode != 0:
            raise AssertionError(f"the workload ended with {done.returncode}: {done.stderr[-2000:]}")
        self.operations = oplog.read(self.log)

    def moments(self, count):
        """Where to cut: (number of operations done, what is next to it)."""
        syncs = [index for index, op in enumerate(self.operations) if op.kind in "bs"]
        out = []
        for number in range(count):
            if number % 2:
                out.append((self.dice.randrange(len(self.operations) + 1), "any operation"))
            else:
                index = self.dice.choice(syncs)
                out.append((index + self.dice.randint(0, 1), "around a sync"))
        return sorted(out)

    def cuts(self, count, on_disk):
        """Calls `on_disk(disk, promises, kind, dice)` at each moment, in order."""
        done, promises = 0, self.promised
        handles = set()
        for moment, kind in self.moments(count):
            for op in self.operations[done:moment]:
                if op.kind == "o" and op.path == PROMISES:
                    handles.add(op.file)
                elif op.kind == "c":
                    handles.discard(op.file)
                elif op.kind == "w" and op.file in handles:
                    promises += op.data.decode()
                self.disk.play(op)
            done = moment
            on_disk(self.disk, promises, kind, self.dice)
        for op in self.operations[done:]:
            self.disk.play(op)

    def unseen(self):
        return self.disk.live_differs(self.root) + [path for path in self.disk.mapped if not path.endswith("-shm")]


class Campaign:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.counts = collections.Counter()
        self.failures = []
        self.ground = None

    def run(self):
        number = 0
        while self.counts["cuts"] < self.options.cuts:
            current = self.folder / f"round{number}"
            ground = self.ground if number % 4 else None  # every fourth round starts from nothing
            life = Round(current, f"{self.options.seed}-{number}", self.options, ground)
            life.work()
            self.counts["operations"] += len(life.operations)
            wanted = min(self.options.per_round, self.options.cuts - self.counts["cuts"])
            life.cuts(wanted, self.on_disk)
            for path in life.unseen():
                self.failures.append(f"round {number}: {path} was written unseen")
            shutil.rmtree(current)
            number += 1
        self.counts["rounds"] = number

    def on_disk(self, disk, promises, kind, dice):
        self.counts["cuts"] += 1
        self.counts["cuts " + kind] += 1
        target = self.folder / "cut"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        disk.image(dice, target)
        (target / PROMISES[1:]).write_text(promises)
        count = promises.count("\n")
        before = self.folder / "before"
        shutil.rmtree(before, ignore_errors=True)
        shutil.copytree(target, before)
        self.counts["promises held against"] += count
        wrong = self.judge(target, count)
        if wrong:
            self.counts["cuts that broke a promise"] += 1
            self.failures.append(f"cut {self.counts['cuts']} ({kind}): {wrong[:1500]}")
            if not self.options.lie and self.options.keep:
                shutil.copytree(before, self.options.keep / f"cut{self.counts['cuts']}", dirs_exist_ok=True)
        elif count:
            self.ground = self.folder / "ground"  # as the cut left it: the next round begins with a recovery
            shutil.rmtree(self.ground, ignore_errors=True)
            before.rename(self.ground)

    def judge(self, target, count):
        """What is wrong with a disk; empty when all is well."""
        store = target / "store"
        if count == 0:
            # Nothing was promised: it must be possible to begin here.
            command = [str(WORK), "run", str(store), str(target / PROMISES[1:]), "1", "2", "0"]
        else:
            command = [str(WORK), "verify", str(store), str(target / PROMISES[1:])]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        if done.returncode != 0:
            return f"ended with {done.returncode}: {done.stderr}"
        folder = DataFolder(store)
        try:
            return "\n".join(folder.check())
        finally:
            folder.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cuts", type=int, default=60)
    parser.add_argument("--per-round", type=int, default=20)
    parser.add_argument("--seed", type=int, default=20260301)
    parser.add_argument("--files", type=int, default=20, help="deposits of each client in a round")
    parser.add_argument("--clients", type=int, default=3)
    parser.add_argument("--lie", action="store_true")
    parser.add_argument("--failing-syncs", action="store_true")
    parser.add_argument("--keep", type=pathlib.Path, help="where to keep disks that break a promise")
    options = parser.parse_args()
    where = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-power-", dir=where))
    campaign = Campaign(options, folder)
    started = time.monotonic()
    try:
        campaign.run()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for name, count in sorted(campaign.counts.items()):
        print(f"{name}: {count}")
    print(f"seconds: {time.monotonic() - started:.1f}; seed {options.seed}")
    if options.lie:
        print("every sync lied:", "promises broke, as they must" if campaign.failures else "NOTHING BROKE")
        return 0 if campaign.failures else 1
    for failure in campaign.failures[:10]:
        print("FAILED:", failure, file=sys.stderr)
    return 1 if campaign.failures else 0


if __name__ == "__main__":
    sys.exit(main())
