#!/usr/bin/python3
"""Peers and neighbours that misbehave while flows run: at each protocol step, about sizes, about names, about who they are; a
scanner that hangs, a locked database, too few descriptors. Each heals by itself, or ends in `uncertain` with an alarm.
"""

import pathlib
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import unittest

import rig
from test_network_faults import Road
from vitals import descriptors

# What the simulated server does (tools/sim/helios/faults.py) while two flows are on their way.
STEPS = ("USER", "PASS", "CWD", "EPSV", "TYPE", "SITE", "STOR", "MLSD", "RETR")
FAULTS = [("drop_at", step) for step in STEPS] + [("hang_at", step) for step in STEPS] + [
    ("refuse_site", "550 no"), ("refuse_site", "202 noted"), ("hang_site", True), ("drop_site", True),
    ("stor_reply", "552 full"), ("stor_reply", "452 full"), ("stor_reply", "553 name"), ("drop_stor_after", 3000),
    ("drop_before_226", True), ("late_226", 1), ("abort_retr_after", 200), ("slow", 20000), ("lie_size", 100),
    ("lie_size", -100), ("half_returns", 1), ("no_mlsd", True), ("odd_list", True),
]
SHORT = [fault for fault in FAULTS if fault[0] not in ("drop_at", "hang_at")] + [
    ("drop_at", "PASS"), ("drop_at", "EPSV"), ("drop_at", "STOR"), ("hang_at", "CWD"), ("hang_at", "SITE"), ("hang_at", "STOR")]


class PeerFaults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.road = Road("gateway", gated=False)

    @classmethod
    def tearDownClass(cls):
        cls.road.close()

    def test_a_peer_that_misbehaves_at_each_step(self):
        for number, (fault, value) in enumerate(FAULTS if "--all" in sys.argv else SHORT):
            with self.subTest(fault=fault, value=value):
                names = [f"P{number:03d}-{i}" for i in range(2)]
                self.road.simulator.misbehave(**{fault: value})
                for name in names:
                    self.road.submit(name)
                time.sleep(1.5)
                self.road.simulator.misbehave()
                self.road.settle(names)
        twice = {n: len(self.road.deposits(n)[0]) for n in self.road.sent if len(self.road.deposits(n)[0]) != 1}
        self.assertEqual(twice, {})
        rig.note(f"{len(self.road.sent)} flows, {self.road.decisions} decided by the operator")

    def test_a_peer_that_goes_away_and_comes_back(self):
        self.road.simulator.stop()
        for name in ("PARTI-1", "PARTI-2"):
            self.road.submit(name)
        rig.until("they wait", lambda: self.road.agent.flow(self.road.sent["PARTI-1"]).get("waiting_code") == "transport.unreachable")
        self.road.simulator.start()
        self.road.settle(["PARTI-1", "PARTI-2"])


class Truncated(unittest.TestCase):
    """A middlebox that ends the data connection politely: with the rename the gateway asks for the size first."""

    def test_half_a_file_is_never_renamed(self):
        road = Road("gateway", edits=(('mode = "gateway_ftp"', 'mode = "gateway_ftp"\nput = "temporary_then_rename"'),))
        try:
            road.gate.set("truncate", where="data", way="up", after=1500)
            road.submit("TRONQUE-1")
            rig.until("it was noticed", lambda: road.agent.flow(road.sent["TRONQUE-1"]).get("waiting_code") == "transport.interrupted")
            self.assertEqual(road.deposits("TRONQUE-1"), ([], []))
            road.gate.clear()
            road.settle(["TRONQUE-1"])
            self.assertEqual((len(road.deposits("TRONQUE-1")[0]), road.decisions), (1, 0))
        finally:
            road.close()


class Identity(unittest.TestCase):
    """Another host key or certificate than the expected one: alarm, wait, nothing sent; heals when the peer is itself again."""

    def test_another_host_key(self):
        road = Road("sftp", gated=False)
        try:
            keys = pathlib.Path(road.simulator.details["known_hosts"])
            right = keys.read_text()
            other = road.folder / "other"
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(other)], check=True)
            keys.write_text(right.split()[0] + " " + " ".join(other.with_suffix(".pub").read_text().split()[:2]) + "\n")
            self.refuses(road, lambda: keys.write_text(right))
        finally:
            road.close()

    def test_another_authority(self):
        road = Road("ftps", gated=False)
        try:
            ca = pathlib.Path(road.simulator.details["ca"])
            right = ca.read_text()
            ca.write_text((road.gateway.pki / "ca.pem").read_text())
            self.refuses(road, lambda: ca.write_text(right))
        finally:
            road.close()

    def refuses(self, road, put_right):
        road.gateway.stop()  # connections that were made before are no matter
        road.gateway.start()
        road.agent = road.gateway.api("valjoie")
        road.submit("IDENTITE-1")
        rig.until("it waits", lambda: road.agent.flow(road.sent["IDENTITE-1"]).get("waiting_code") == "transport.identity")
        rig.until("an alarm", lambda: road.alarms("transport.identity"))
        self.assertEqual(road.simulator.ledger(), [])
        put_right()
        road.settle(["IDENTITE-1"])


class Surroundings(unittest.TestCase):
    def open(self, mode="sftp", **more):
        road = Road(mode, gated=False, **more)
        self.addCleanup(road.close)
        return road

    def test_a_host_name_that_does_not_resolve(self):
        road = self.open("gateway", edits=(('host = "127.0.0.1"', 'host = "nulle-part.invalid"'),))
        road.submit("DNS-1")
        rig.until("it waits", lambda: road.agent.flow(road.sent["DNS-1"]).get("waiting_code")
                  in ("transport.unreachable", "transport.timeout"), 60)
        self.assertEqual(road.simulator.ledger("deposit"), [])
        road.gateway.stop()
        text = road.gateway.config.read_text()
        road.gateway.config.write_text(text.replace("nulle-part.invalid", "127.0.0.1"))
        road.gateway.start()
        road.agent = road.gateway.api("valjoie")
        road.settle(["DNS-1"])

    def test_a_scanner_that_hangs(self):
        """clamd stopped by SIGSTOP: its port still takes connections, and nothing answers."""
        scanner = rig.SOURCE / "tests/integration/transport/scripted_clamd.py"
        keeper = rig.kept_port()
        self.addCleanup(keeper.close)
        port = keeper.getsockname()[1]
        clamd = subprocess.Popen(["/usr/bin/python3", str(scanner), str(port), "3000000", "normal"], stdout=subprocess.DEVNULL)
        self.addCleanup(clamd.wait)
        self.addCleanup(clamd.kill)
        settings = f'[antivirus]\nenabled = true\nhost = "127.0.0.1"\nport = {port}\ntimeout = "1s"'
        road = self.open(settings=settings)
        road.submit("SCANNE-1")
        road.settle(["SCANNE-1"])
        clamd.send_signal(signal.SIGSTOP)
        names = [f"SCANNE-{i}" for i in range(2, 8)]
        for name in names:
            road.submit(name)
        rig.until("they wait", lambda: all(road.agent.flow(road.sent[n]).get("waiting_code") == "antivirus.down" for n in names), 40)
        asked = time.monotonic()
        self.assertEqual(road.agent.json("GET", "/v1/whoami")[0], 200)
        self.assertLess(time.monotonic() - asked, 2)
        clamd.send_signal(signal.SIGCONT)
        road.settle(names)

    def test_a_database_that_another_process_locks(self):
        road = self.open()
        database = next(f for f in (road.gateway.folder / "data").iterdir() if f.suffix in (".db", ".sqlite", ".sqlite3"))
        other = sqlite3.connect(database, isolation_level=None, timeout=5)
        other.execute("BEGIN IMMEDIATE")
        answers = []

        def post(name):
            agent = road.gateway.api("valjoie")
            content = rig.sample("depense", rig.VALJOIE_SIREN, name, "--dematerialise", "--ids")
            try:
                answers.append((name, agent.submit(content)))
            finally:
                agent.close()

        threads = [threading.Thread(target=post, args=(f"VERROU-{i}",)) for i in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(3)
        asked = time.monotonic()
        self.assertEqual(road.agent.json("GET", "/v1/whoami")[0], 200, "readers go on")
        self.assertLess(time.monotonic() - asked, 2)
        other.execute("ROLLBACK")
        other.close()
        for thread in threads:
            thread.join(60)
        self.assertEqual(len(answers), 4)
        for name, (status, headers, answer) in answers:
            self.assertIn(status, (202, 503), answer)
            if status == 503:
                self.assertIn("Retry-After", headers)
                road.submit(name)
            else:
                road.sent[name] = answer["id"]
        road.settle([name for name, _ in answers])

    def test_too_few_descriptors(self):
        road = self.open()
        road.gateway.stop()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (48, hard))
        try:
            road.gateway.start()  # inherits it
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        road.agent = road.gateway.api("valjoie")
        road.submit("FICHIERS-1")
        crowd = []
        for _ in range(60):
            crowd.append(socket.create_connection(("127.0.0.1", road.gateway.port)))
        rig.until("none is left", lambda: descriptors(road.gateway.process.pid) >= 44)
        time.sleep(2)
        self.assertIsNone(road.gateway.process.poll())
        for one in crowd:
            one.close()
        road.agent.close()
        rig.until("served again", lambda: self.answers(road), 30)
        road.submit("FICHIERS-2")
        road.settle(["FICHIERS-1", "FICHIERS-2"])

    @staticmethod
    def answers(road):
        try:
            return road.agent.json("GET", "/v1/whoami")[0] == 200
        except OSError:
            return False


if __name__ == "__main__":
    unittest.main(argv=[a for a in sys.argv if a != "--all"], verbosity=2)
