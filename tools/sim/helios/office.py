"""The back office: takes deposits over, writes the ledger, answers by scenario. One thread, fed by a queue."""

import dataclasses
import datetime
import hashlib
import heapq
import itertools
import os
import queue
import threading
import time
import traceback

import pes
import scenarios
import verify


@dataclasses.dataclass
class Deposit:
    """A file that came in. `path` is the office's own copy, nobody writes to it any more."""

    name: str
    path: str
    parameters: dict


@dataclasses.dataclass
class Checks:
    xsd: str = ""
    signature: bool = False
    trusted: str = ""


class Office:
    def __init__(self, folder, plan, ledger, checks, misbehaviour):
        self.entree = os.path.join(folder, "home", "entree")
        self.sortie = os.path.join(folder, "home", "sortie")
        self.received = os.path.join(folder, "received")
        for path in (self.entree, self.sortie, self.received):
            os.makedirs(path, exist_ok=True)
        self._plan, self._ledger, self._checks, self._misbehaviour = plan, ledger, checks, misbehaviour
        self._queue = queue.Queue()
        self._due = []  # heap of (time, tie, answer, flow)
        self._tie = itertools.count()
        self._numbers = itertools.count(len(os.listdir(self.received)) + 1)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()

    def take(self, name, parameters, copy=False):
        """Takes a complete file over from entree/; `copy` leaves it visible there."""
        source = os.path.join(self.entree, name)
        number = next(self._numbers)
        target = os.path.join(self.received, f"{number:06d}")
        if copy:
            with open(source, "rb") as old, open(target, "wb") as new:
                while block := old.read(1 << 20):
                    new.write(block)
        else:
            os.rename(source, target)
        self._queue.put(Deposit(name, target, dict(parameters)))

    def note(self, kind, **values):
        self._ledger.add(kind, **values)

    def _run(self):
        """An office that cannot go on (disk full, a fault of its own) must not look like a silent Hélios."""
        try:
            self._work()
        except Exception:  # pylint: disable=broad-exception-caught
            traceback.print_exc()
            os._exit(3)

    def _work(self):
        while True:
            wait = max(0.0, min(0.1, self._due[0][0] - time.monotonic())) if self._due else 0.1
            try:
                self._handle(self._queue.get(timeout=wait or 0.001))
            except queue.Empty:
                pass
            self._deliver_due()

    def _handle(self, deposit):
        digest = hashlib.sha256()
        size = 0
        with open(deposit.path, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
                size += len(block)
        flow = pes.read(deposit.path)
        scenario = self._plan.scenario(flow)
        self._ledger.add(
            "deposit", name=deposit.name, parameters=deposit.parameters, size=size, sha256=digest.hexdigest(),
            file=os.path.basename(deposit.path), root=flow.root, wellformed=not flow.error, error=flow.error,
            nomfic=flow.get("NomFic"), idpost=flow.get("IdPost"), codcol=flow.get("CodCol"), codbud=flow.get("CodBud"),
            bordereaux=[one.id for one in flow.bordereaux], scenario=scenario, **self._verdicts(deposit.path))
        for answer in scenarios.plan_answers(self._plan, scenario, flow, self._return_name(flow)):
            heapq.heappush(self._due, (time.monotonic() + answer.delay, next(self._tie), answer, flow))

    def _verdicts(self, path):
        out = {}
        if self._checks.xsd:
            out["xsd"] = verify.schema(path, self._checks.xsd)
        if self._checks.signature:
            out["signature"] = verify.signatures(path, self._checks.trusted)
        return out

    def _deliver_due(self):
        while self._due and self._due[0][0] <= time.monotonic():
            if self._misbehaviour.get("pause_office"):
                return
            _, _, answer, flow = heapq.heappop(self._due)
            name = answer.name or self._acquit_name(flow)
            self._put(name, answer.content)
            self._ledger.add("answer", name=name, answer=answer.kind, nomfic=flow.get("NomFic"), size=len(answer.content),
                             sha256=hashlib.sha256(answer.content).hexdigest())

    def _put(self, name, content):
        """Under a dot name, then renamed: a listing never shows half a file, unless told to misbehave."""
        final = os.path.join(self.sortie, name)
        hidden = os.path.join(self.sortie, "." + name)
        if self._misbehaviour.get("half_returns"):
            with open(final, "wb") as file:
                file.write(content[:len(content) // 2])
                file.flush()
                time.sleep(float(self._misbehaviour.get("half_returns")))
                file.write(content[len(content) // 2:])
            return
        with open(hidden, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.rename(hidden, final)

    def _acquit_name(self, flow):
        now = datetime.datetime.now()
        number = next(self._numbers)
        return f"{flow.get('IdPost') or '000000'}_{now:%y%m%d%H%M%S}-ACK-A{number:07d}_A{now:%f}.xml"

    def _return_name(self, flow):
        now = datetime.datetime.now()
        return (f"PES2R_DEP_P_{flow.get('CodCol')}_{flow.get('CodBud')}_{flow.get('IdPost')}_{now:%Y%m%d}_{now:%Y%m%d}_"
                f"{now:%Y%m%d%H%M%S%f}.xml")
