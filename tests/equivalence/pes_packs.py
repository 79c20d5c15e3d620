#!/usr/bin/python3
"""Our PES packs and the published ones of the same version give the same verdicts on generated documents and on mutants
with one fault each. Fixed seed; the published schemas are not part of the project, so without them this is skipped.

    pes_packs.py [--count 2400] [--seed 530]        DEMAT_SHARED names the folder that holds schemas/pes/v*
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("DEMAT_SHARED", SOURCE.parent / "shared"))
SKIPPED = 77


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2400, help="documents per version (2400)")
    parser.add_argument("--seed", type=int, default=530)
    options = parser.parse_args()
    pairs = [(ours, SHARED / "schemas/pes" / f"v{ours.name}") for ours in sorted((SOURCE / "schemas/pes").iterdir())]
    pairs = [(ours, theirs) for ours, theirs in pairs if theirs.is_dir()]
    if not pairs:
        print(f"skipped: no published schemas in {SHARED / 'schemas/pes'}")
        return SKIPPED
    failed = 0
    for ours, theirs in pairs:
        print(f"PES {ours.name}", flush=True)
        done = subprocess.run([sys.executable, str(SOURCE / "tools/schema_compare.py"), "--count", str(options.count),
                               "--seed", str(options.seed), "--ours", str(ours), "--theirs", str(theirs)],
                              stdout=subprocess.PIPE, text=True, check=False)
        print(done.stdout, flush=True)
        compared = re.search(r"(\d+) documents compared", done.stdout)
        if done.returncode or not compared or int(compared[1]) < min(options.count, 2000):
            failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
