#!/usr/bin/python3
"""Kills dematd with SIGKILL during a load of flows, restarts it, and counts at the end.

    kill_campaign.py [--kills 50] [--mode sftp] [--seed N] [--folder DIR]

Half of the kills come at a random moment, half at a named crash point (debug builds). What must be zero:
accepted flows lost, flows transmitted twice without a recorded human decision, answers lost. The simulator's own
ledger is the witness. Over FTP an answer whose RETR ended but which was not yet on disk cannot be kept by us
(decisions, Durability): those are counted apart.
"""

import argparse
import hashlib
import json
import pathlib
import random
import shutil
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import rig  # noqa: E402

CRASH_POINTS = ["before_intent", "after_intent", "after_put", "after_outcome", "before_import", "after_import",
                "before_settle", "after_settle", "accept_payload_kept", "change_written", "import_payload_kept",
                "before_commit", "after_commit"]
TEMPLATE_NOMFIC = "CAMPAGNE-00000"
FINAL = {"acknowledged", "partly_rejected", "rejected", "refused", "cancelled", "sent_final"}


class Load:
    """Clients that post until each file has been accepted, whatever happens to the gateway."""

    def __init__(self, gateway, clients):
        self.gateway = gateway
        self.template = {siren: rig.sample("depense", siren, TEMPLATE_NOMFIC, "--pieces", "2", "--dematerialise", "--ids")
                         if signed else rig.sample("pj", siren, TEMPLATE_NOMFIC, "--size", "6000")
                         for siren, signed in ((rig.VALJOIE_SIREN, True), (rig.MONTBRUME_SIREN, False))}
        self.lock = threading.Lock()
        self.next = 0
        self.accepted = {}  # NomFic -> (id, sha256, agent)
        self.errors = []
        self.running = True
        self.alive = threading.Event()
        self.threads = [threading.Thread(target=self.client, args=(i,), daemon=True) for i in range(clients)]
        for thread in self.threads:
            thread.start()

    def flow(self, index):
        agent, siren = (("valjoie", rig.VALJOIE_SIREN), ("montbrume", rig.MONTBRUME_SIREN))[index % 2]
        nom_fic = f"CAMPAGNE-{index:05d}"
        return agent, nom_fic, self.template[siren].replace(TEMPLATE_NOMFIC.encode(), nom_fic.encode())

    def client(self, _):
        while self.running:
            with self.lock:
                index = self.next
                self.next += 1
            agent, nom_fic, content = self.flow(index)
            while not self.post(agent, nom_fic, content):
                if not self.running and not self.alive.is_set():
                    return
                time.sleep(0.02)
            time.sleep(0.01)

    def post(self, agent, nom_fic, content):
        if not self.alive.is_set():
            return False
        api = None
        try:
            api = self.gateway.api(agent)
            status, _, answer = api.submit(content, nom_fic + ".xml")
        except (OSError, ValueError, rig.http.client.HTTPException):
            return False
        finally:
            if api:
                api.close()
        if status in (200, 202):
            with self.lock:
                self.accepted[nom_fic] = (answer["id"], hashlib.sha256(content).hexdigest(), agent)
            return True
        if status not in (429, 503):
            with self.lock:
                self.errors.append((nom_fic, status, answer))
            return True
        return False

    def finish(self):
        self.running = False
        for thread in self.threads:
            thread.join(30)


def whole_deposits(simulator):
    """A kill in mid-upload leaves a cut file under its final name (put = "direct"); it is no flow, the State can only
    refuse it, and it is counted apart."""
    return [d for d in simulator.ledger("deposit") if d["wellformed"]]


def absent_at_helios(simulator, flows):
    """Flows of which the State has no trace: neither in its ledger nor lying in its deposit directory."""
    deposited = {d["nomfic"] for d in whole_deposits(simulator)}
    lying = {name.name for name in (simulator.folder / "home" / "entree").iterdir()}
    return [f for f in flows if f["nom_fic"] not in deposited and not any(f["remote_name"] in name for name in lying)]


def quiet_peer(simulator, seconds=3.0):
    """Waits until Hélios has had nothing to take up, and has taken nothing up, for so long: a deposit that was under
    way when the operator looked is in the ledger by then."""
    entree = simulator.folder / "home" / "entree"
    seen, since = len(simulator.ledger("deposit")), time.monotonic()
    deadline = since + 60
    while time.monotonic() - since < seconds:
        time.sleep(0.1)
        count = len(simulator.ledger("deposit"))
        lying = any(not file.name.startswith(".") for file in entree.iterdir())
        if lying or count != seen:
            seen, since = count, time.monotonic()
        if time.monotonic() > deadline:
            raise AssertionError("the deposit directory did not get quiet within 60 s")


def quiet(gateway, simulator, decisions):
    """Waits until every flow has its answer; plays the operator for what only a person can decide."""
    operator = gateway.api("operator")
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        flows = operator.flows()
        open_flows = [f for f in flows if f["state"] not in FINAL]
        if not open_flows:
            break
        missing = absent_at_helios(simulator, [f for f in open_flows if f["state"] == "uncertain"])
        if missing:
            quiet_peer(simulator)
        for flow in absent_at_helios(simulator, missing):
            status, _ = operator.json("POST", f"/v1/flows/{flow['id']}/resolve",
                                      {"outcome": "not-sent", "reason": "absent from the ledger of Hélios"})
            if status == 200:
                decisions.add(flow["nom_fic"])
        time.sleep(0.3)
    else:
        states = [(f["nom_fic"], f["state"], f.get("waiting_code")) for f in open_flows]
        raise AssertionError(f"not quiet after 180 s: {len(states)} flows: {states[:10]}")
    operator.close()


def judge(gateway, simulator, load, decisions):
    """The counts of the campaign; every list must be empty, but for the doubles that a person decided on."""
    verdict = {"accepted_lost": [], "bytes_changed": [], "sent_twice": [], "sent_twice_decided": [],
               "never_sent": [], "answers_lost": []}
    operator = gateway.api("operator")
    flows = {f["id"]: f for f in operator.flows()}
    deposits = {}
    for deposit in whole_deposits(simulator):
        deposits.setdefault(deposit["nomfic"], []).append(deposit)
    for nom_fic, (flow_id, digest, _) in load.accepted.items():
        flow = flows.get(flow_id)
        if flow is None:
            verdict["accepted_lost"].append(nom_fic)
            continue
        status, _, content = operator.raw("GET", f"/v1/flows/{flow_id}/payload")
        if status != 200 or hashlib.sha256(content).hexdigest() != digest:
            verdict["bytes_changed"].append(nom_fic)
        if nom_fic not in deposits:
            verdict["never_sent"].append((nom_fic, flow["state"]))
        if flow["state"] != "acknowledged":
            verdict["answers_lost"].append((nom_fic, flow["state"]))
    for nom_fic, seen in deposits.items():
        if len(seen) > 1:
            verdict["sent_twice_decided" if nom_fic in decisions else "sent_twice"].append((nom_fic, len(seen)))
    status, journal = operator.json("GET", "/v1/journal/verify")
    verdict["journal"] = [] if status == 200 and journal.get("intact") else [journal]
    verdict["errors"] = load.errors
    operator.close()
    return verdict


def campaign(folder, kills, mode, seed):
    dice = random.Random(seed)
    simulator = rig.Simulator(folder / "sim", mode, "--delay", "0.05")
    gateway = rig.Gateway(folder / "gateway", simulator)
    gateway.start()
    gateway.declare()
    load = Load(gateway, clients=4)
    by_point, decisions, point = {}, set(), None
    try:
        for number in range(kills):
            load.alive.set()
            died_by_itself = dies_within(gateway, 5.0 if point else dice.uniform(0.15, 0.8))
            load.alive.clear()
            gateway.kill()
            reached = point if died_by_itself else "random"
            by_point[reached] = by_point.get(reached, 0) + 1
            last = number + 1 == kills
            point = None if last or number % 2 else CRASH_POINTS[number // 2 % len(CRASH_POINTS)]
            if point and not start_again(gateway, {"DEMAT_CRASH_AT": f"{point}:{dice.randint(1, 4)}"}):
                by_point[point + " at start"] = by_point.get(point + " at start", 0) + 1
                point = None
            elif not point:
                gateway.start()
        load.alive.set()
        load.finish()
        quiet(gateway, simulator, decisions)
        verdict = judge(gateway, simulator, load, decisions)
    finally:
        load.running = False
        load.alive.clear()
        gateway.stop()
        simulator.stop()
    counts = {"accepted": len(load.accepted), "deposits": len(whole_deposits(simulator)),
              "cut_uploads": len(simulator.ledger("deposit")) - len(whole_deposits(simulator)),
              "human_decisions": len(decisions)}
    return verdict, by_point, counts


def dies_within(gateway, seconds):
    """True when a crash point struck; false when it is for the harness to kill."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if gateway.process.poll() is not None:
            return True
        time.sleep(0.02)
    return False


def start_again(gateway, environment):
    """False when the crash point struck before the port was open; the gateway then runs without one."""
    try:
        gateway.start(environment)
        return True
    except RuntimeError:
        gateway.start()
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--mode", default="sftp", choices=["sftp", "ftp", "gateway", "ftps"])
    parser.add_argument("--seed", type=int, default=20260301)
    parser.add_argument("--folder", type=pathlib.Path, help="kept afterwards; default: a temporary one")
    options = parser.parse_args()
    folder = options.folder or pathlib.Path(tempfile.mkdtemp(prefix="demat-kills-"))
    folder.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    verdict, by_point, counts = campaign(folder, options.kills, options.mode, options.seed)
    print(json.dumps({"kills": options.kills, "seed": options.seed, "mode": options.mode, "by_point": by_point,
                      **counts, "seconds": round(time.monotonic() - started, 1),
                      **{name: len(items) for name, items in verdict.items()}}, indent=1))
    failed = {name: items[:5] for name, items in verdict.items() if items and name != "sent_twice_decided"}
    if failed:
        print("FAILED:", json.dumps(failed, indent=1), f"\nkept for inspection: {folder}", file=sys.stderr)
        return 1
    if not options.folder:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
