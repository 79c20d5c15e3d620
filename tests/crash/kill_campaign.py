#!/usr/bin/python3
"""Kills dematd with SIGKILL under load, restarts it, and counts at the end against the simulated State's own ledger.

    kill_campaign.py [--kills 200] [--seed N] [--road actes]    the short form, in a temporary folder
    kill_campaign.py --campaign DIR [--target 20000]            the long form: resumes what DIR holds, keeps its results

The State is Hélios, or with --road actes the préfecture. Half of the kills come at a named crash point (builds with
DEMAT_CRASH_POINTS), the others at random moments: under load, during the start, and after a SIGSTOP longer than any
lease. They come in batches, each on a fresh store and in one of the ways of sending. DEMAT_BUILD names the build folder. DIR/kills.jsonl has one line per kill,
DIR/batches.jsonl the counts of each batch, DIR/summary.md the tables. The long form ends at its target, or when
DIR/stop appears; of a batch that fails, DIR/failed-N keeps the remains.
"""

import argparse
import hashlib
import pathlib
import shutil
import sys
import tempfile
import threading
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]
import rig  # noqa: E402
from actes_lane import ActesRoad  # noqa: E402
from lane import HeliosRoad  # noqa: E402
from records import MUST_BE_EMPTY, Records  # noqa: E402


class Campaign:
    def __init__(self, options, work, records):
        self.options, self.work, self.records = options, work, records
        self.lock = threading.Lock()
        self.promised = records.count()
        started = time.monotonic()
        self.road = {"pes": HeliosRoad, "actes": ActesRoad}[options.road](work / "model")
        self.program = hashlib.sha256((rig.BUILD / "gateway/dematd").read_bytes()).hexdigest()[:12]
        rig.note(f"prepared in {time.monotonic() - started:.1f} s")

    def next_batch(self):
        """(number, kills) of a batch yet to run, or None."""
        with self.lock:
            if self.promised >= self.options.target or (self.records.folder / "stop").exists():
                return None
            kills = min(self.options.batch, self.options.target - self.promised)
            self.promised += kills
        return self.records.take_number(), kills

    def run_lane(self, index):
        lane = self.road.lane(self.work / f"l{index}", self.options.stops, self.options.start_time)
        try:
            while task := self.next_batch():
                number, kills = task
                self.run_batch(lane, lane.variants[number % len(lane.variants)], number, kills)
        finally:
            lane.close()

    def run_batch(self, lane, variant, number, kills):
        batch = None
        try:
            batch = lane.batch(lane, variant, number, kills, self.options.seed)
            result = batch.run()
        except Exception:  # pylint: disable=broad-exception-caught; told, kept, and the campaign goes on
            result = {"batch": number, "variant": variant, "kills": kills, "broken": traceback.format_exc()[-3000:],
                      **{name: [] for name in MUST_BE_EMPTY}}
        result["program"] = self.program
        bad = "broken" in result or any(result.get(name) for name in MUST_BE_EMPTY)
        if bad and len(self.records.failures()) < 10:
            lane.keep_remains(variant, self.records.folder / f"failed-{number}")
        self.records.add(result, batch.records if batch else [])
        rig.note(f"batch {number} {variant}: {len(batch.records) if batch else 0} kills in {result.get('seconds', 0)} s, "
                 f"{self.records.count()} in all{', FAILED' if bad else ''}")

    def run(self):
        lanes = [threading.Thread(target=self.run_lane, args=(index,)) for index in range(self.options.lanes)]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--campaign", type=pathlib.Path, help="folder of a long campaign")
    parser.add_argument("--target", type=int, default=20000, help="kills in all of a long campaign")
    parser.add_argument("--road", choices=("pes", "actes"), default="pes")
    parser.add_argument("--seed", type=int, default=20260301)
    parser.add_argument("--batch", type=int, default=34, help="kills on one store")
    parser.add_argument("--lanes", type=int, default=2, help="gateways at a time")
    parser.add_argument("--stops", type=float, default=0.02, help="share of kills that follow a SIGSTOP")
    parser.add_argument("--start-time", type=float, default=0.2, help="seconds within which a start is killed")
    options = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix="dk-"))
    records = Records(options.campaign or work / "results")
    if not options.campaign:
        options.target = options.kills
    started, before = time.monotonic(), records.count()
    Campaign(options, work, records).run()
    seconds = time.monotonic() - started
    done = records.count() - before
    print(records.table() + f"\n{done} kills in {seconds:.0f} s: {done / seconds:.2f} per second; seed {options.seed}")
    failures = records.failures()
    for batch in failures:
        print("FAILED:", {name: batch[name] for name in MUST_BE_EMPTY if batch.get(name)} or batch["broken"], file=sys.stderr)
    if failures and not options.campaign:
        print(f"kept for inspection: {work}", file=sys.stderr)
    else:
        shutil.rmtree(work, ignore_errors=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
