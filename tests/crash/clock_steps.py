#!/usr/bin/python3
"""The machine's clock jumps, or passes a special moment, while flows and answers go through dematd.

    clock_steps.py [--only NAME] [--seed N]

Gateway, simulated Hélios and this script share one moved wall clock (fakeclock); the monotonic clock is left alone,
as in the world. Nothing may be lost or sent twice, no send may need a person, and all must be
done as soon as on any other day. Across a midnight of Paris the names must carry both days. DEMAT_BUILD names the
build folder.
"""

import argparse
import calendar
import os
import pathlib
import shutil
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]
BUILD = pathlib.Path(os.environ.get("DEMAT_BUILD", HERE.parents[1] / "build" / "dev")).resolve()
LAYER = BUILD / "tests/crash/power_cut/libfakeclock.so"
HOUR = 3600
# name -> (the moment in UTC; seconds of a step at it; Paris days that the names must show)
CASES = {
    "forward an hour": ("2026-06-15 10:00:00", HOUR, {"260615"}),
    "back an hour": ("2026-06-15 10:00:00", -HOUR, {"260615"}),
    "forward a day": ("2026-06-15 10:00:00", 24 * HOUR, {"260615", "260616"}),
    "midnight in summer": ("2026-06-15 22:00:00", 0, {"260615", "260616"}),
    "summer time begins": ("2027-03-28 01:00:00", 0, {"270328"}),
    "summer time ends": ("2026-10-25 01:00:00", 0, {"261025"}),
    "midnight of the longest day": ("2026-10-25 23:00:00", 0, {"261025", "261026"}),
    "year end": ("2026-12-31 23:00:00", 0, {"261231", "270101"}),
}


class MovedClock:
    """How far all processes' wall clocks are moved, in a file that they have mapped."""

    def __init__(self, file):
        self.file, self.offset = pathlib.Path(file), 0

    def set(self, offset):
        self.offset = offset
        with open(self.file, "r+b") as file:
            file.write((offset * 1_000_000).to_bytes(8, sys.byteorder, signed=True))

    def begin_at(self, utc, seconds=0):
        """So many seconds after that moment."""
        real = int(time.time() - self.offset)
        self.set(calendar.timegm(time.strptime(utc, "%Y-%m-%d %H:%M:%S")) + seconds - real)


def under_the_layer():
    """This script again; children inherit the layer."""
    work = tempfile.mkdtemp(prefix="demat-clock-")
    file = pathlib.Path(work) / "offset"
    file.write_bytes(bytes(8))
    environment = {**os.environ, "LD_PRELOAD": str(LAYER), "FAKECLOCK_FILE": str(file), "DEMAT_CLOCK_TRIAL": work}
    os.execve("/usr/bin/python3", ["/usr/bin/python3", *sys.argv], environment)


def trial_class():
    from lane import Batch  # pylint: disable=import-outside-toplevel; only under the moved clock

    class Trial(Batch):
        def pass_through(self, clock, moment, step):
            from load import Load  # pylint: disable=import-outside-toplevel

            self.witness.clear()
            self.gateway.fresh_store()
            clock.begin_at(moment, -60)
            self.load = Load(self.lane.poster, self.lane.templates, self.prefix, clients=3)
            try:
                self.begin()
                self.post(9)
                self.settle()
                clock.begin_at(moment, -1)
                self.load.allow(9)
                time.sleep(0.5)
                if step:
                    clock.set(clock.offset + step)
                self.post(9, 27)
                time.sleep(1.0)
                self.post(9, 36)
                self.load.finish()
                waiting = time.monotonic()
                self.settle()
                drained = time.monotonic() - waiting
                return {**self.judge(), "drained in": round(drained, 1)}
            finally:
                self.load.running = False
                self.load.alive.clear()
                if self.gateway.process.poll() is None:
                    self.gateway.kill()

        def post(self, count, total=None):
            from rig import until  # pylint: disable=import-outside-toplevel

            self.load.allow(count)
            until("the deposits", lambda: len(self.load.accepted) >= (total or count), 60)

        def count(self, disk):
            self.names = [name for (name,) in disk.rows("SELECT remote_name FROM flow")]
            return super().count(disk)

    return Trial


def run_case(lane, number, name, clock, seed):
    moment, step, days = CASES[name]
    trial = trial_class()(lane, "ftp", number, 0, seed)
    from records import MUST_BE_EMPTY  # pylint: disable=import-outside-toplevel

    result = trial.pass_through(clock, moment, step)
    wrong = {key: result[key] for key in MUST_BE_EMPTY if result.get(key)}
    if len(set(trial.names)) != len(trial.names):
        wrong["names"] = "given twice"
    seen = {day for day in days for given in trial.names if f"_{day}_" in given}
    if seen != days:
        wrong["days in names"] = f"{sorted(seen)}, expected {sorted(days)}"
    if step and "clock.stepped" not in (trial.gateway.folder / "dematd.log").read_text():
        wrong["log"] = "does not tell of the step"
    if result["decisions"]:
        wrong["decisions"] = "a person was needed"
    if result["drained in"] > 30:
        wrong["drained in"] = "flows stood still"
    print(f"{name}: {result['accepted']} accepted, {result['deposits']} sent, drained in {result['drained in']} s",
          f"FAILED {wrong}" if wrong else "", flush=True)
    return not wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=list(CASES))
    parser.add_argument("--seed", type=int, default=20260301)
    options = parser.parse_args()
    if "DEMAT_CLOCK_TRIAL" not in os.environ:
        under_the_layer()
    import lane as lanes  # pylint: disable=import-outside-toplevel
    import rig  # pylint: disable=import-outside-toplevel
    from lane import Lane, QuickGateway  # pylint: disable=import-outside-toplevel
    from load import Poster, Templates  # pylint: disable=import-outside-toplevel

    lanes.CONNECT = lanes.TRANSFER = 5.0  # nobody is killed here: only the clock may make a send doubtful
    work = pathlib.Path(os.environ["DEMAT_CLOCK_TRIAL"])
    clock = MovedClock(work / "offset")
    failed = False
    for number, name in enumerate([options.only] if options.only else CASES):
        clock.begin_at(CASES[name][0], -48 * HOUR)  # certificates that are valid then, whichever way it goes
        home = work / f"case{number}"
        simulator = rig.Simulator(home / "model" / "sim", "ftp", "--max-seconds", "60")
        model = QuickGateway(home / "model" / "gateway", simulator, "direct")
        model.make_model()
        simulator.stop()
        lane = Lane(home / "lane", Poster(model.pki), Templates(), model, 0, 0.1)
        try:
            failed = not run_case(lane, number, name, clock, options.seed) or failed
        finally:
            lane.close()
    if not failed:
        shutil.rmtree(work, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
