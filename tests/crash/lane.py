"""One gateway beside one simulated Hélios per way of sending: kills in batches, each on a fresh store, counted at its end."""

import json
import pathlib
import random
import shutil
import signal
import time

import rig
from data_folder import DataFolder
from load import Load, Poster, Templates
from witness import Witness

# Ways of sending: simulator's mode, and how a deposit gets its final name.
VARIANTS = {
    "sftp": ("sftp", "direct"),
    "sftp_rename": ("sftp", "temporary_then_rename"),
    "ftp": ("ftp", "direct"),
    "ftp_rename": ("ftp", "temporary_then_rename"),
    "gateway": ("gateway", "direct"),
    "ftps": ("ftps", "direct"),
}
POINTS = ["staged_written", "blob_fsynced", "before_blob_rename", "blob_renamed", "blob_folders_synced",
          "accept_payload_kept", "accept_written", "change_written", "before_commit", "after_commit", "recover_changed",
          "before_verdict", "after_verdict", "before_intent", "after_intent", "put_begins", "during_put", "after_put",
          "after_outcome", "during_fetch", "before_import", "import_payload_kept", "after_import", "before_settle",
          "settlement_written", "after_settle"]
RENAME_POINTS = ["rename_asked"]
DELETE_POINTS = ["before_delete", "after_delete"]  # where deleting is ours: mode ftp
FINAL = {"acknowledged", "partly_rejected", "rejected", "refused", "cancelled", "sent_final"}
# A send's lease is the sum of the three.
LEASE, CONNECT, TRANSFER = 1.0, 1.0, 1.0
LONGER_THAN_A_LEASE = LEASE + CONNECT + TRANSFER + 0.4


def points_of(variant):
    mode, put = VARIANTS[variant]
    return POINTS + (RENAME_POINTS if put != "direct" else []) + (DELETE_POINTS if mode == "ftp" else [])


class QuickGateway(rig.Gateway):
    """The rig's gateway with short leases and periods; PKI and declared store come from a model."""

    def __init__(self, folder, simulator, put, model=None):
        self.put = put
        folder.mkdir(parents=True, exist_ok=True)
        if model:
            for name in ("pki", "model"):
                shutil.copytree(model.folder / name, folder / name)
        self.model = folder / "model"
        self.has_model = model is not None
        super().__init__(folder, simulator)

    def run(self, command, *options):
        if command != "init" or not self.has_model:
            super().run(command, *options)

    def hurries(self):
        """What the rig's configuration says, and what it says here."""
        return (('check_workers = 2', 'check_workers = 1'), ('lease = "20s"', f'lease = "{LEASE:.0f}s"'),
                ('poll_every = "200ms"', 'poll_every = "40ms"'),
                ('connect_timeout = "5s"', f'connect_timeout = "{CONNECT:.0f}s"'),
                ('transfer_timeout = "20s"', f'transfer_timeout = "{TRANSFER:.0f}s"\nput = "{self.put}"'),
                ('first = "100ms"', 'first = "50ms"'), ('max = "1s"', 'max = "200ms"'))

    def configuration(self, settings, destination):
        text = super().configuration(settings, destination)
        for old, new in self.hurries():
            assert old in text, f"the rig's configuration no longer has {old}"
            text = text.replace(old, new)
        return "inline_payload = 8000\n" + text  # small enough for blob files among small flows

    def make_model(self):
        """The declared store, to be copied for each batch."""
        self.start()
        self.declare()
        self.stop()
        shutil.copytree(self.folder / "data", self.model)

    def fresh_store(self):
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        shutil.copytree(self.model, self.folder / "data")
        for name in ("dematd.log", "serve.out"):
            (self.folder / name).unlink(missing_ok=True)

    def ready(self, seconds):
        """True once the port is open; false when the process ended before."""
        port_file = self.folder / "port"
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if port_file.exists() and (text := port_file.read_text()).endswith("\n"):
                self.port = int(text)
                return True
            if self.process.poll() is not None:
                return False
            time.sleep(0.003)
        raise TimeoutError("dematd neither opened its port nor ended")

    def launch(self, environment):
        port_file = self.folder / "port"
        port_file.unlink(missing_ok=True)
        with open(self.folder / "serve.out", "ab") as output:
            self.process = rig.subprocess.Popen(
                [str(rig.BUILD / "gateway/dematd"), "serve", "--config", str(self.config)], stdout=output, stderr=output,
                env={**rig.os.environ, **environment})


class Batch:
    """So many kills on one fresh store. `records` has one entry per kill, `verdict` the counts."""

    def __init__(self, lane, variant, number, kills, seed):
        self.lane, self.variant, self.number, self.kills = lane, variant, number, kills
        self.dice = random.Random(f"{seed}-{number}")
        self.gateway, simulator = lane.pair(variant)
        self.prefix, self.witness, self.points = self.prepare(simulator)
        self.records = []
        self.dice.shuffle(self.points)

    # What a road has of its own.

    def prepare(self, simulator):
        """How its files are called, who counts, where it is killed."""
        prefix = f"K{self.number:05d}-"
        return prefix, Witness(simulator, prefix), points_of(self.variant)

    def folder(self):
        return DataFolder(self.gateway.folder / "data")

    def run(self):
        began = time.monotonic()
        self.witness.clear()
        self.gateway.fresh_store()
        self.load = Load(self.lane.poster, self.lane.templates, self.prefix, clients=3)
        try:
            for number in range(self.kills):
                self.load.allow(3)
                self.records.append({"batch": self.number, "variant": self.variant, "n": number, **self.one_kill(number)})
            killing = time.monotonic() - began
            self.gateway.start()
            self.up()
            self.load.finish()
            self.settle()
            verdict = self.judge()
        finally:
            self.load.running = False
            self.load.alive.clear()
            if self.gateway.process and self.gateway.process.poll() is None:
                self.gateway.kill()
        return {"batch": self.number, "variant": self.variant, "kills": self.kills, "killing_s": round(killing, 2),
                "seconds": round(time.monotonic() - began, 2), **verdict}

    def up(self):
        self.load.port = self.gateway.port
        self.load.alive.set()

    # --- killing

    def one_kill(self, number):
        way = self.dice.random()
        if way < 0.5:
            point = self.points[number % len(self.points)]
            return self.at_point(point, self.dice.randint(1, 3))
        if way < 0.9:
            return self.at_random()
        if way < 1 - self.lane.stops:
            return self.in_start()
        return self.after_stop()

    def begin(self, environment=None):
        """Launches; the moment of each kill counts from here."""
        self.launched = time.monotonic()
        self.gateway.launch(environment or {})
        if not self.gateway.ready(30):
            return False
        self.up()
        return True

    def end(self, **record):
        self.load.alive.clear()
        moment = time.monotonic() - self.launched
        if self.gateway.process.poll() is None:
            self.gateway.kill()
        elif self.gateway.process.returncode != -signal.SIGKILL:
            raise AssertionError(f"dematd ended by itself with {self.gateway.process.returncode}: "
                                 + (self.gateway.folder / "serve.out").read_text()[-2000:])
        return {**record, "ms": round(moment * 1000)}

    def at_point(self, point, passage):
        where = {"how": "point", "point": point, "passage": passage}
        if not self.begin({"DEMAT_CRASH_AT": f"{point}:{passage}"}):
            return self.end(**where, outcome="struck in start")
        struck = self.dies_within(0.8)
        return self.end(**where, outcome="struck" if struck else "not reached")

    def dies_within(self, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.gateway.process.poll() is not None:
                return True
            time.sleep(0.003)
        return False

    def at_random(self):
        if not self.begin():
            return self.end(how="random", outcome="ended")
        time.sleep(self.dice.uniform(0.0, 0.25))
        return self.end(how="random", outcome="killed")

    def in_start(self):
        self.launched = time.monotonic()
        self.gateway.launch({})
        time.sleep(self.dice.uniform(0.002, self.lane.start_time))
        return self.end(how="start", outcome="killed")

    def after_stop(self):
        """SIGSTOP for longer than any lease, SIGCONT, a while later SIGKILL."""
        if not self.begin():
            return self.end(how="stop", outcome="ended")
        time.sleep(self.dice.uniform(0.02, 0.2))
        self.gateway.process.send_signal(signal.SIGSTOP)
        time.sleep(LONGER_THAN_A_LEASE)
        self.gateway.process.send_signal(signal.SIGCONT)
        time.sleep(self.dice.uniform(0.0, 0.5))
        return self.end(how="stop", outcome="killed")

    # --- counting

    def settle(self):
        """Waits until every flow has its answer; plays the operator for what only a person can decide."""
        operator = self.gateway.api("operator")
        deadline = time.monotonic() + 150
        while time.monotonic() < deadline:
            open_flows = [f for f in operator.flows() if f["state"] not in FINAL]
            if not open_flows or self.nothing_to_wait_for(open_flows):
                break
            missing = self.witness.absent([f for f in open_flows if f["state"] == "uncertain"])
            if missing:
                self.witness.quiet(0.8)
            for flow in self.witness.absent(missing):
                operator.json("POST", f"/v1/flows/{flow['id']}/resolve",
                              {"outcome": "not-sent", "reason": "absent from the ledger of Hélios"})
            time.sleep(0.1)
        else:
            states = [(f["nom_fic"], f["state"], f.get("waiting_code")) for f in open_flows]
            raise AssertionError(f"not quiet after 150 s: {len(states)} flows: {states[:10]}")
        operator.close()

    def nothing_to_wait_for(self, open_flows):
        """True when a while has changed nothing, and each open flow waits for an answer that cannot come: Hélios removed
        it as fetched before it was on our disk, or left the flow lying because the transfer's end was missing."""
        if VARIANTS[self.variant][0] == "sftp":
            return False
        answers, fetched, deposits = self.witness.answers(), self.witness.fetched(), self.witness.deposits()
        for flow in open_flows:
            given = answers.get(flow["nom_fic"], [])
            in_window = given and all(answer["name"] in fetched for answer in given)
            left = flow["state"] == "sent" and flow["nom_fic"] not in deposits
            if flow["state"] not in ("sent", "uncertain") or not (in_window or left):
                self.waited = 0
                return False
        self.waited = getattr(self, "waited", 0) + 1
        return self.waited > 10

    def judge(self):
        """The counts of the batch; every list must be empty, but `window` and `left_lying` over FTP."""
        operator = self.gateway.api("operator")
        status, journal = operator.json("GET", "/v1/journal/verify")
        operator.close()
        self.load.alive.clear()
        self.gateway.stop()
        disk = self.folder()
        try:
            wrong = disk.check()
            if status != 200 or not journal.get("intact"):
                wrong.append(f"journal verify says {journal}")
            return {**self.count(disk), "store": wrong}
        finally:
            disk.close()

    def count(self, disk):
        out = {name: [] for name in ("accepted_lost", "flow_doubled", "never_sent", "sent_twice", "answers_lost", "window", "left_lying")}
        deposits, flows, decisions = self.witness.deposits(), disk.flows(), disk.decisions()
        twice_decided = 0
        for nom_fic, (flow_id, digest) in self.load.accepted.items():
            rows = flows.get(nom_fic, [])
            if not any(row[0] == flow_id and row[2] == digest for row in rows):
                out["accepted_lost"].append(nom_fic)
            if nom_fic not in deposits:
                left = any(row[1] == "sent" and self.witness.left(row[4], row[3]) for row in rows)
                out["left_lying" if left else "never_sent"].append(nom_fic)
        for nom_fic, rows in flows.items():
            if len(rows) > 1:
                out["flow_doubled"].append(nom_fic)
            seen, decided = len(deposits.get(nom_fic, [])), decisions.get(rows[0][0], 0)
            if seen > 1 + decided:
                out["sent_twice"].append((nom_fic, seen, decided))
            twice_decided += seen > 1
        out["answers_lost"], out["window"] = self.answers(disk, flows, out["left_lying"])
        return {"accepted": len(self.load.accepted), "reposted": self.load.reposted,
                "deposits": sum(map(len, deposits.values())), "cut_uploads": self.witness.cut(),
                "decisions": sum(decisions.values()), "decided_doubles": twice_decided,
                "receipts_unlike": self.load.unlike, "errors": self.load.errors[:5], **out}

    def answers(self, disk, flows, left_lying):
        """Every answer that Hélios gave is on disk; what it removed as fetched is apart where it removes."""
        held, fetched, lost, window = disk.answers(), self.witness.fetched(), [], []
        removes = VARIANTS[self.variant][0] in ("gateway", "ftps")
        for nom_fic, given in self.witness.answers().items():
            for answer in given:
                if answer["sha256"] not in held:
                    (window if removes and answer["name"] in fetched else lost).append(nom_fic)
        missed = {*lost, *window, *left_lying}
        lost += [nom_fic for nom_fic, rows in flows.items() if rows[0][1] != "acknowledged" and nom_fic not in missed]
        return lost, window


class Lane:
    """Its own folder, gateways and simulators; batches run one after the other."""

    variants = tuple(VARIANTS)
    batch = Batch

    def __init__(self, folder, poster, templates, model, stops, start_time):
        self.folder, self.poster, self.templates, self.model = folder, poster, templates, model
        self.stops, self.start_time = stops, start_time
        self.pairs = {}

    def pair(self, variant):
        if variant not in self.pairs:
            home = self.folder / variant
            home.mkdir(parents=True, exist_ok=True)
            self.pairs[variant] = self.make_pair(home, variant)
        return self.pairs[variant]

    def make_pair(self, home, variant):
        mode, put = VARIANTS[variant]
        simulator = rig.Simulator(home / "sim", mode, "--delay", "0.02", "--max-seconds", "1000000")
        return QuickGateway(home / "gateway", simulator, put, self.model), simulator

    def keep_remains(self, variant, into):
        """The failed batch's data folder, log and ledger, for whoever looks."""
        home = self.folder / variant
        pathlib.Path(into).mkdir(parents=True, exist_ok=True)
        for name in ("gateway/data", "gateway/dematd.log", "gateway/serve.out", "sim/ledger.jsonl", "sim/trace.log"):
            source = home / name
            target = pathlib.Path(into) / source.name
            if source.is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True)
            elif source.exists():
                shutil.copy(source, target)

    def close(self):
        for gateway, simulator in self.pairs.values():
            if gateway.process and gateway.process.poll() is None:
                gateway.kill()
            simulator.stop()


class HeliosRoad:
    """What the lanes of a campaign over PES share: a declared store as a model, clients, samples."""

    def __init__(self, folder):
        simulator = rig.Simulator(folder / "sim", "ftp", "--max-seconds", "60")
        self.model = QuickGateway(folder / "gateway", simulator, "direct")
        self.model.make_model()
        self.model.start()
        self.model.stop()
        simulator.stop()
        self.poster = Poster(self.model.pki)
        self.templates = Templates()

    def lane(self, folder, stops, start_time):
        return Lane(folder, self.poster, self.templates, self.model, stops, start_time)


def to_line(value):
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n"
