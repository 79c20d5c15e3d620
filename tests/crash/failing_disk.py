#!/usr/bin/python3
"""Lets each operation on the disk fail in turn: the first, the second, ... until the workload meets no failure.

    failing_disk.py [--files 8] [--step N] [--row N]

The workload (power_cut/store_work, in one thread) makes a store and works on it; what fails it asks again, as clients
and workers do. For each error (disk full, input/output error) and each operation: everything must be done in the end,
with no other errors than `store.disk_full` and `store.io`, all promises kept, and the data folder sound. `--row` fails
so many operations in a row, `--step` tries each so many-th operation only. DEMAT_BUILD names the build folder.
"""

import argparse
import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE)]
from data_folder import DataFolder  # noqa: E402
from power_cut import LAYER, PROMISES, WORK  # noqa: E402

# What fails, which operations (faultfs/README.md), and the codes that may be told. SQLite does not say why a sync
# failed, so a disk that finds out only then that it is full may be told as an input/output error.
SERIES = (("ENOSPC", "owtarlnd", {"store.disk_full"}), ("ENOSPC", "s", {"store.disk_full", "store.io"}),
          ("EIO", "owtasrlnud", {"store.io"}))


def workload(root, files, **faults):
    root.mkdir(parents=True)
    environment = {**os.environ, "LD_PRELOAD": str(LAYER), "FAULTFS_ROOT": str(root), "FAULTFS_MARKER": PROMISES[1:], **faults}
    command = [str(WORK), "run", str(root / "store"), str(root / PROMISES[1:]), "7", str(files), "0"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


def operations_of(done):
    operations, failures = re.search(r"operations (\d+) failures (\d+)", done.stdout).groups()
    return int(operations), int(failures)


def judge(root, done, allowed, files):
    """(what is wrong, codes seen) after one run."""
    wrong = []
    if done.returncode != 0:
        return [f"ended with {done.returncode}: {done.stderr.strip()[-500:]}"], []
    codes = re.findall(r"^error (store\.\w+)", done.stdout, re.M)
    # While a store is being made, SQLite may have forgotten why a file could not be opened; and one whose making failed
    # at its very last step is there, and says so when it is made again.
    making = set(re.findall(r"^create: (store\.\w+)", done.stdout, re.M)) - {"store.exists"}
    wrong += [f"told as {code} while the store was made" for code in making - allowed - {"store.io"}]
    wrong += [f"told as {code}" for code in codes if code not in allowed]
    promises = (root / PROMISES[1:]).read_text()
    if promises.count("accept ") != files or promises.count("settle ") != files:
        wrong.append("not everything was done in the end")
    verified = subprocess.run([str(WORK), "verify", str(root / "store"), str(root / PROMISES[1:])], capture_output=True,
                              text=True, check=False, timeout=120)
    if verified.returncode != 0:
        wrong.append(verified.stderr)
    folder = DataFolder(root / "store")
    wrong += folder.check()
    folder.close()
    return wrong, [*codes, *making]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=8)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--row", type=int, default=1)
    options = parser.parse_args()
    where = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-failing-", dir=where))
    started, counts, failures = time.monotonic(), collections.Counter(), []
    try:
        for error, which, allowed in SERIES:
            total, _ = operations_of(workload(folder / "whole", options.files, FAULTFS_WHICH=which))
            shutil.rmtree(folder / "whole")
            for at in range(0, total, options.step):
                root = folder / "run"
                done = workload(root, options.files, FAULTFS_FAIL_AT=str(at), FAULTFS_FAIL_FOR=str(options.row),
                                FAULTFS_ERROR=error, FAULTFS_WHICH=which)
                wrong, codes = judge(root, done, allowed, options.files)
                counts[f"{error} at {which}: runs"] += 1
                counts.update(f"{error} at {which}: {code}" for code in codes)
                counts[f"{error} at {which}: healed unseen"] += not codes
                failures += [f"{error} at {which} number {at}: {item}" for item in wrong]
                shutil.rmtree(root)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"files: {options.files}; failures in a row: {options.row}; every {options.step} operations")
    for name, count in sorted(counts.items()):
        print(f"{name}: {count}")
    print(f"seconds: {time.monotonic() - started:.1f}")
    for failure in failures[:15]:
        print("FAILED:", failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
