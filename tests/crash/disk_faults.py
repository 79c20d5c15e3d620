#!/usr/bin/python3
"""The disk of a running dematd fills up, breaks, and comes back, while flows and answers go through it.

    disk_faults.py [--variants sftp,ftp,gateway] [--faults 6] [--seed N]

Every write, sync, creation and rename in the data folder fails for a while (faultfs), by turns as on a full disk and
with input/output errors. Deposits must get 503 with the code of the fault, nothing accepted may be lost, nothing may
be sent twice, and everything must go on by itself when the cause goes: no restart, no operator but for a send whose
outcome nobody can know. DEMAT_BUILD names the build folder.
"""

import argparse
import pathlib
import random
import shutil
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]
import rig  # noqa: E402
from lane import Batch, Lane, QuickGateway  # noqa: E402
from load import Load, Poster, Templates  # noqa: E402
from power_cut import LAYER  # noqa: E402
from records import MUST_BE_EMPTY  # noqa: E402

CODES = {"ENOSPC": "store.disk_full", "EIO": "store.io"}


class Trial(Batch):
    """A batch without kills: the process lives on while its disk comes and goes."""

    def run(self):
        self.witness.clear()
        self.gateway.fresh_store()
        self.switch = self.gateway.folder / "switch"
        self.switch.unlink(missing_ok=True)
        self.load = Load(self.lane.poster, self.lane.templates, self.prefix, clients=3)
        self.facts = {"told 503": 0, "other codes": [], "not ready in the fault": 0, "ready again within": 0.0}
        try:
            self.begin({"LD_PRELOAD": str(LAYER), "FAULTFS_ROOT": str((self.gateway.folder / "data").resolve()),
                        "FAULTFS_SWITCH": str(self.switch)})
            for number in range(self.kills):
                self.one_fault("EIO" if number % 2 else "ENOSPC")
            self.load.finish()
            self.settle()
            process = self.gateway.process
            return {**self.judge(), "died": process.returncode not in (0, None), **self.facts}
        finally:
            self.switch.unlink(missing_ok=True)
            self.load.running = False
            self.load.alive.clear()
            if self.gateway.process.poll() is None:
                self.gateway.kill()

    def judge(self):
        """What a COMMIT wrote whose end nobody knows stays until the next start, which removes what no row names."""
        verdict = super().judge()
        unnamed = [line for line in verdict["store"] if line.endswith("no row names it")]
        verdict["unnamed blobs"] = len(unnamed)
        if len(unnamed) > 3 * self.kills:  # more than a commit of each fault can have left
            return verdict
        if unnamed:
            log = self.gateway.folder / "dematd.log"
            told = log.read_text().count("store.reconciled")
            self.gateway.start()
            rig.until("the reconciliation", lambda: log.read_text().count("store.reconciled") > told, 60)
            self.gateway.stop()
            disk = self.folder()
            try:
                verdict["store"] = [line for line in verdict["store"] if line not in unnamed] + disk.check()
            finally:
                disk.close()
        return verdict

    def ready_status(self):
        operator = self.gateway.api("operator")
        try:
            return operator.raw("GET", "/readyz")[0]
        finally:
            operator.close()

    def one_fault(self, error):
        self.load.allow(12)
        time.sleep(self.dice.uniform(0.1, 0.6))  # some are accepted and on their way
        before = dict(self.load.refused)
        began = sum(before.values())
        self.switch.write_text(error + "\n")
        self.load.allow(4)
        time.sleep(self.dice.uniform(0.8, 1.6))
        # However busy the machine is: the fault has been felt before it goes.
        rig.until("a deposit refused in the fault", lambda: sum(self.load.refused.values()) > began, 60)
        rig.until("no readiness in the fault", lambda: self.ready_status() == 503, 60)
        self.facts["not ready in the fault"] += 1
        self.switch.unlink()
        healed = time.monotonic()
        rig.until("readiness after the fault", lambda: self.ready_status() == 200, 30)
        self.facts["ready again within"] = round(max(self.facts["ready again within"], time.monotonic() - healed), 2)
        time.sleep(0.3)
        for code, count in self.load.refused.items():
            told = count - before.get(code, 0)
            self.facts["told 503"] += told
            # Between the end of a fault and the next write, a disk that was full may still be told as such.
            if told and code not in CODES.values():
                self.facts["other codes"].append(code)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--variants", default="sftp,ftp,gateway")
    parser.add_argument("--faults", type=int, default=6)
    parser.add_argument("--seed", type=int, default=20260301)
    options = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix="demat-disk-"))
    simulator = rig.Simulator(work / "model" / "sim", "ftp", "--max-seconds", "60")
    model = QuickGateway(work / "model" / "gateway", simulator, "direct")
    model.make_model()
    simulator.stop()
    lane = Lane(work / "lane", Poster(model.pki), Templates(), model, 0, 0.1)
    failed = False
    try:
        for number, variant in enumerate(options.variants.split(",")):
            random.seed(options.seed)
            result = Trial(lane, variant, number, options.faults, options.seed).run()
            wrong = {name: result[name] for name in (*MUST_BE_EMPTY, "other codes") if result.get(name)}
            if result["died"] or not result["told 503"] or not result["not ready in the fault"]:
                wrong["the faults"] = "left no trace" if not result["died"] else "ended the process"
            failed = failed or bool(wrong)
            print(variant, {name: value for name, value in result.items() if not isinstance(value, list)},
                  f"FAILED {wrong}" if wrong else "")
    finally:
        lane.close()
    if failed:
        print(f"kept for inspection: {work}", file=sys.stderr)
        return 1
    shutil.rmtree(work, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
