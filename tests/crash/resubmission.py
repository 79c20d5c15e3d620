#!/usr/bin/python3
"""One file posted 1 000 times by 50 clients at once, while dematd is killed now and then.

    resubmission.py [--posts 1000] [--clients 50] [--kills 8] [--seed N]

There must be one flow, one emission and one receipt: every client gets the same id, whatever it went through.
DEMAT_BUILD names the build folder.
"""

import argparse
import http.client
import pathlib
import random
import shutil
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]
import rig  # noqa: E402
from data_folder import DataFolder  # noqa: E402
from lane import QuickGateway  # noqa: E402
from load import Poster, Templates  # noqa: E402
from witness import Witness  # noqa: E402

PREFIX = "REPETE-"


class Crowd:
    """Clients that post the same bytes again and again; each counts an answer only when it got one."""

    def __init__(self, poster, agent, nom_fic, content, clients, each):
        self.poster, self.agent, self.nom_fic, self.content = poster, agent, nom_fic, content
        self.lock = threading.Lock()
        self.receipts = []  # (status, id)
        self.others = []
        self.broken_off = 0
        self.port = 0
        self.alive = threading.Event()
        self.threads = [threading.Thread(target=self.client, args=(each,), daemon=True) for _ in range(clients)]

    def client(self, posts):
        answered, port, connection = 0, 0, None
        while answered < posts:
            self.alive.wait()
            if port != self.port:
                port = self.port
                connection = self.poster.connect(self.agent, port)
            try:
                status, answer = self.poster.submit(connection, self.nom_fic, self.content)
            except (OSError, ValueError, http.client.HTTPException):
                connection.close()
                with self.lock:
                    self.broken_off += 1
                time.sleep(0.02)
                continue
            with self.lock:
                if status in (200, 202):
                    self.receipts.append((status, answer["id"]))
                elif status not in (429, 503):
                    self.others.append((status, answer))
            answered += status not in (429, 503)
            time.sleep(0.05 if status in (429, 503) else 0.01)
        if connection:
            connection.close()

    def busy(self):
        return any(thread.is_alive() for thread in self.threads)


def resubmit(folder, options):
    dice = random.Random(options.seed)
    simulator = rig.Simulator(folder / "sim", "sftp", "--delay", "0.05")
    gateway = QuickGateway(folder / "gateway", simulator, "temporary_then_rename")
    try:
        gateway.make_model()
        gateway.start()
        witness = Witness(simulator, PREFIX)
        agent, nom_fic, content = Templates().flow(PREFIX, 0)
        crowd = Crowd(Poster(gateway.pki), agent, nom_fic, content, options.clients, options.posts // options.clients)
        kills = storm(gateway, crowd, dice, options.kills)
        operator = gateway.api("operator")
        rig.until("the flow's answer", lambda: settled(operator, witness), 120)
        operator.close()
        gateway.stop()
        return judge(crowd, witness, DataFolder(gateway.folder / "data"), nom_fic, options, kills)
    finally:
        if gateway.process and gateway.process.poll() is None:
            gateway.kill()
        simulator.stop()


def storm(gateway, crowd, dice, kills):
    """The first kills come at once, while the very first posts are under way; returns how many there were."""
    for thread in crowd.threads:
        thread.start()
    crowd.port = gateway.port
    crowd.alive.set()
    done = 0
    while crowd.busy():
        time.sleep(dice.uniform(0.02, 0.1 if done < kills // 2 else 0.4))
        if done < kills and crowd.busy():
            crowd.alive.clear()
            gateway.kill()
            done += 1
            gateway.start()
            crowd.port = gateway.port
            crowd.alive.set()
    return done


def settled(operator, witness):
    """Plays the operator for a send that a kill interrupted before anything reached Hélios."""
    flows = operator.flows()
    for flow in witness.absent([f for f in flows if f["state"] == "uncertain"]):
        witness.quiet(1.0)
        if witness.absent([flow]):
            operator.json("POST", f"/v1/flows/{flow['id']}/resolve", {"outcome": "not-sent", "reason": "absent at Hélios"})
    return all(flow["state"] == "acknowledged" for flow in flows)


def judge(crowd, witness, disk, nom_fic, options, kills):
    flows = disk.flows()
    facts = {"posts answered": len(crowd.receipts), "broken off": crowd.broken_off, "kills": kills,
             "answers 202": sum(status == 202 for status, _ in crowd.receipts),
             "receipts": len({receipt for _, receipt in crowd.receipts}), "flows": len(flows.get(nom_fic, [])),
             "emissions": len(witness.deposits().get(nom_fic, [])), "decisions": sum(disk.decisions().values())}
    wrong = list(disk.check())
    disk.close()
    wrong += [f"answered otherwise: {other}" for other in crowd.others[:5]]
    for name, wanted in (("posts answered", options.posts), ("receipts", 1), ("flows", 1), ("emissions", 1)):
        if facts[name] != wanted:
            wrong.append(f"{name}: {facts[name]}, must be {wanted}")
    if facts["answers 202"] > 1:
        wrong.append(f"{facts['answers 202']} posts were told that their flow is new")
    return facts, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--seed", type=int, default=20260301)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-resubmission-"))
    facts, wrong = resubmit(folder, options)
    print(", ".join(f"{name}: {value}" for name, value in facts.items()))
    if wrong:
        print("FAILED:", "\n".join(wrong), f"\nkept for inspection: {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
