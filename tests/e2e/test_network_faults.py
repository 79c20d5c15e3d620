#!/usr/bin/python3
"""Network faults on each link, through a gate, while flows run: each heals by itself when the cause goes, or ends in
`uncertain` with an alarm. The simulator's ledger counts: nothing lost, nothing twice.

    test_network_faults.py [CASE...]     the short form: each fault once per link
    test_network_faults.py --all         every fault in both directions, at many offsets, in both put modes
"""

import hashlib
import json
import pathlib
import shutil
import sys
import tempfile
import time
import unittest

import rig

sys.path.insert(0, str(rig.SOURCE / "tests/support"))

import gate as network

ALL = "--all" in sys.argv
FINAL = {"acknowledged", "partly_rejected", "rejected", "refused"}
QUICK = (('connect_timeout = "5s"', 'connect_timeout = "1s"'), ('transfer_timeout = "20s"', 'transfer_timeout = "3s"'),
         ('max = "1s"', 'max = "400ms"'))

# name, parameters. After how many bytes a cut strikes decides which step it hits: greeting, login, transfer.
SHORT = [
    ("refuse", {}), ("no_accept", {}), ("no_read", {}), ("no_reply", {}), ("close", {}),
    ("close_on_data", {"way": "up", "after": 2000}), ("close_on_data", {"way": "down", "after": 300}),
    ("delay", {"seconds": 0.05}), ("throttle", {"rate": 20000.0}), ("timeout", {"after": 600}), ("slicing", {"size": 7}),
]
CORRUPT = [("corrupt", {"way": "up", "after": 2500}), ("corrupt", {"way": "down", "after": 900}),
           ("corrupt", {"way": "down", "after": 3000})]  # TLS and SSH only
DATA = [("close_on_data", {"where": "data", "way": "up", "after": 1500}), ("timeout", {"where": "data", "after": 1500}),
        ("close", {"where": "data"}), ("no_accept", {"where": "data"})]
OFFSETS = (0, 1, 40, 200, 1000, 2200, 3000, 4500, 6000, 9000)
LONG = [(name, {"way": way, "after": after}) for name in ("close_on_data", "timeout") for way in ("up", "down")
        for after in OFFSETS]
LONG_CORRUPT = [("corrupt", {"way": way, "after": after}) for way in ("up", "down") for after in OFFSETS[2:]]


def matrix(secure, ftp):
    out = SHORT + (CORRUPT if secure else []) + (DATA if ftp else [])
    if ALL:
        out += LONG + (LONG_CORRUPT if secure else [])
        out += [(name, {**more, "where": "data"}) for name, more in LONG if ftp]
    return out


class Road:
    """A simulator, a gateway and one agent; between them what the case wants."""

    def __init__(self, mode, gated=True, settings="", edits=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-net-"))
        self.gate = network.Gate(data_ports=0 if mode == "sftp" else 24) if gated else None
        options = ["--delay", "0.05"]
        if self.gate and self.gate.data_ports:
            options += ["--passive-ports", ",".join(map(str, self.gate.data_ports))]
        self.simulator = rig.Simulator(self.folder / "sim", mode, *options)
        if self.gate:
            self.gate.point_at(self.simulator.port)
            self.simulator.gate = self.gate
        self.gateway = rig.Gateway(self.folder / "gateway", self.simulator, settings)
        text = self.gateway.config.read_text()
        for old, new in (*QUICK, *edits):
            assert old in text, old
            text = text.replace(old, new)
        self.gateway.config.write_text(text)
        self.gateway.start()
        self.gateway.declare()
        self.agent = self.gateway.api("valjoie")
        self.mode = mode
        self.sent = {}  # NomFic -> flow id
        self.decisions = 0

    def close(self):
        self.agent.close()
        try:
            self.gateway.stop()
        finally:
            self.simulator.stop()
            if self.gate:
                self.gate.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def submit(self, name, *options):
        content = rig.sample("depense", rig.VALJOIE_SIREN, name, "--dematerialise", "--ids", *options)
        status, _, answer = self.agent.submit(content)
        assert status == 202, answer
        self.sent[name] = answer["id"]
        return answer["id"]

    def state(self, flow_id):
        return self.agent.flow(flow_id)["state"]

    def alarms(self, code):
        return [line for line in self.log() if line.get("code") == code and line.get("alarm")]

    def log(self):
        lines = (self.gateway.folder / "dematd.log").read_text(errors="replace").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def deposits(self, name):
        """Whole deposits of this NomFic, and those that the peer took before they were whole."""
        found = [d for d in self.simulator.ledger("deposit") if d["nomfic"] == name]
        return [d for d in found if d["wellformed"]], [d for d in found if not d["wellformed"]]

    def decide(self, name):
        """The operator's part: an uncertain flow is settled by what the State says that it has."""
        flow_id = self.sent[name]
        time.sleep(1)
        if not self.deposits(name)[0]:
            time.sleep(4)  # the peer may still be taking it over
        if self.state(flow_id) != "uncertain":
            return
        verdict = "sent" if self.deposits(name)[0] else "not-sent"
        status, answer = self.agent.json("POST", f"/v1/flows/{flow_id}/resolve", {
            "outcome": verdict, "reason": "what the ledger of the State says"})
        assert status in (200, 409), answer
        self.decisions += 1

    def settle(self, names, seconds=40):
        """All flows of `names` reach their end once the cause is gone; uncertain ones have their alarm and get decided."""
        def done():
            for name in names:
                state = self.state(self.sent[name])
                if state == "uncertain":
                    flow_id = self.sent[name]
                    assert any(a.get("flow") == flow_id for a in self.alarms("send.uncertain")), "uncertain, no alarm"
                    self.decide(name)
                if state not in FINAL and not self.answer_lost(name, state) and not self.left_lying(name, state):
                    return False
            return True
        try:
            rig.until(f"the end of {names}", done, seconds, 0.2)
        except TimeoutError as error:
            raise AssertionError(f"{error}: {[self.story(name) for name in names]}") from error

    def story(self, name):
        """What a person would look at."""
        flow = self.agent.flow(self.sent[name])
        return {"state": flow["state"], "waiting": flow.get("waiting_code"), "attempts": flow["attempts"],
                "ledger": [(line["kind"], line["name"], line.get("nomfic"), line.get("size"))
                           for line in self.simulator.ledger()[-12:]]}

    def answer_lost(self, name, state):
        """The window of plain and TLS FTP: the peer removed a return that the cut swallowed (docs/reliability.md)."""
        if self.mode == "sftp" or state != "sent":
            return False
        answers = [a["name"] for a in self.simulator.ledger("answer") if a["nomfic"] == name]
        fetched = {f["name"] for f in self.simulator.ledger("fetched")}
        return bool(answers) and set(answers) <= fetched

    def left_lying(self, name, state):
        """The cut came between the last byte and the end of the dialogue: the peer takes the transfer for broken, and the
        gateway, which looks, finds all of it under its name (docs/reliability.md)."""
        if self.mode == "sftp" or state != "sent" or self.deposits(name)[0]:
            return False
        flow = self.agent.flow(self.sent[name])
        file = self.simulator.folder / "home/entree" / flow["remote_name"]
        return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == flow["outgoing_sha256"]


class LinkCase:
    """One link; each fault strikes while two flows are on their way."""

    mode = ""
    secure = False

    @classmethod
    def setUpClass(cls):
        cls.road = Road(cls.mode, edits=cls.edits())

    @classmethod
    def edits(cls):
        return ()

    @classmethod
    def tearDownClass(cls):
        cls.road.close()

    def test_each_fault_heals_or_ends_uncertain(self):
        lost = 0
        for number, (fault, more) in enumerate(matrix(self.secure, self.mode != "sftp")):
            with self.subTest(fault=fault, **more):
                lost += self.strike(number, fault, more)
        rig.note(f"{self.mode}: {len(self.road.sent)} flows, {self.road.decisions} decided by the operator, "
                 f"{lost} answers in the FTP window")
        self.count()

    def strike(self, number, fault, more):
        """Returns how many answers fell into the window."""
        began = time.monotonic()
        road, names = self.road, [f"F{number:03d}-{i}" for i in range(2)]
        road.gate.set(fault, **more)
        if fault in ("close", "refuse", "close_on_data", "corrupt", "timeout"):
            road.gate.cut()  # a fresh connection meets the fault from its first byte
        for name in names:
            road.submit(name)
        if fault in ("delay", "slicing", "throttle"):
            road.settle(names)  # slow is not broken: all goes on under the fault
        else:
            rig.until("the fault strikes", lambda: road.gate.strikes > 0, 10)
            time.sleep(1.5)
        road.gate.clear()
        road.settle(names)
        lost = [n for n in names if road.state(road.sent[n]) not in FINAL and not self.lies(n)]
        rig.note(f"  {self.mode} {fault} {more}: {time.monotonic() - began:.1f} s, {road.decisions} decisions so far")
        return len(lost)

    def lies(self, name):
        return self.road.left_lying(name, self.road.state(self.road.sent[name]))

    def count(self):
        """The ledger knows each flow once: 0 lost, 0 twice."""
        twice = {n: len(self.road.deposits(n)[0]) for n in self.road.sent
                 if len(self.road.deposits(n)[0]) != 1 and not self.lies(n)}
        self.assertEqual(twice, {})
        operator = self.road.gateway.api("operator")
        status, answer = operator.json("GET", "/v1/journal/verify")
        operator.close()
        self.assertEqual((status, answer["intact"]), (200, True), answer)


class OverSftp(LinkCase, unittest.TestCase):
    mode = "sftp"
    secure = True

    @classmethod
    def edits(cls):
        # A peer that takes files as soon as their size stands still needs the rename (docs/operations.md).
        return (('mode = "passtrans_sftp"', 'mode = "passtrans_sftp"\nput = "temporary_then_rename"'),)


class OverGatewayFtp(LinkCase, unittest.TestCase):
    mode = "gateway"


class OverFtps(LinkCase, unittest.TestCase):
    mode = "ftps"
    secure = True


if __name__ == "__main__":
    unittest.main(argv=[a for a in sys.argv if a != "--all"], verbosity=2)
