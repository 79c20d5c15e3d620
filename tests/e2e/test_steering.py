#!/usr/bin/python3
"""Someone at the wheel: pauses, drains, windows, the breaker, verbs for many flows; with the real programs.

    DEMAT_BUILD=<build folder> tests/e2e/test_steering.py
"""

import datetime
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

import rig


class Steering(unittest.TestCase):
    def setUp(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-e2e-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.simulator = rig.Simulator(folder / "sim", "sftp", "--delay", "0.05")
        self.addCleanup(self.simulator.stop)
        self.gateway = rig.Gateway(folder / "gateway", self.simulator)
        self.gateway.start()
        self.addCleanup(self.gateway.stop)
        self.gateway.declare()
        self.agent = self.gateway.api("valjoie")
        self.addCleanup(lambda: self.agent.close())

    def submit(self, name):
        status, _, answer = self.agent.submit(rig.sample("pj", rig.VALJOIE_SIREN, name, "--size", "5000"))
        self.assertEqual(status, 202, answer)
        return answer["id"]

    def states(self, ids):
        return [self.agent.flow(flow_id)["state"] for flow_id in ids]

    def ctl(self, *arguments, who="operator", expect=0):
        """The lines that dematctl gives as JSON."""
        pki = self.gateway.pki
        environment = dict(os.environ, DEMATCTL_URL=f"https://localhost:{self.gateway.port}",
                           DEMATCTL_CERT=str(pki / f"{who}.pem"), DEMATCTL_KEY=str(pki / f"{who}.key"),
                           DEMATCTL_CA=str(pki / "ca.pem"))
        done = subprocess.run([str(rig.BUILD / "tools/dematctl/dematctl"), "--json", *arguments], text=True,
                              capture_output=True, env=environment, check=False)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_a_paused_destination_waits_and_is_resumed(self):
        paused = self.ctl("queue", "pause", "helios", "--for", "1h", "--reason", "maintenance")
        self.assertEqual(paused[0]["obstacle"]["code"], "sending.paused")
        ids = [self.submit(f"PAUSE-{i}") for i in range(3)]
        rig.until("all ready", lambda: self.states(ids) == ["ready"] * 3)
        self.assertEqual(self.agent.flow(ids[0])["obstacle"]["code"], "sending.paused")
        self.assertEqual(self.simulator.ledger("deposit"), [])
        # A pause survives a restart.
        self.agent.close()
        self.gateway.stop()
        self.gateway.start()
        self.agent = self.gateway.api("valjoie")
        self.assertEqual(self.ctl("queue", "list")[0]["pauses"][0]["kind"], "paused")
        self.assertEqual(self.states(ids), ["ready"] * 3)
        self.ctl("queue", "resume", "*", "--reason", "nothing there")
        self.assertEqual(self.states(ids), ["ready"] * 3)
        self.ctl("queue", "resume", "helios", "--reason", "done")
        rig.until("all acknowledged", lambda: self.states(ids) == ["acknowledged"] * 3, 60)
        self.assertEqual(len(self.simulator.ledger("deposit")), 3)

    def test_a_drain_lets_go_what_was_there(self):
        self.ctl("queue", "pause", "helios", "--for", "1h", "--reason", "fill the queue")
        early = [self.submit(f"AVANT-{i}") for i in range(2)]
        rig.until("ready", lambda: self.states(early) == ["ready"] * 2)
        self.ctl("queue", "drain", "helios", "--for", "1h", "--reason", "maintenance")
        late = self.submit("APRES-1")
        rig.until("drained", lambda: self.ctl("queue", "list")[0]["drained"])
        rig.until("the early ones acknowledged", lambda: self.states(early) == ["acknowledged"] * 2, 60)
        rig.until("the late one ready", lambda: self.states([late]) == ["ready"])
        self.ctl("queue", "resume", "helios", "--reason", "done")
        rig.until("all acknowledged", lambda: self.states([late]) == ["acknowledged"], 60)

    def test_a_window_is_set_and_lifted_by_a_reload(self):
        yesterday = datetime.date.today() - datetime.timedelta(days=2)
        text = self.gateway.config.read_text()
        self.gateway.config.write_text(
            text + f'[[window]]\nname = "passée"\ndestination = "helios"\nlast_day = "{yesterday}"\n')
        self.gateway.process.send_signal(signal.SIGHUP)
        rig.until("the window", lambda: self.ctl("windows")[0]["defined"])
        flow_id = self.submit("FENETRE-1")
        rig.until("ready", lambda: self.states([flow_id]) == ["ready"])
        self.assertEqual(self.agent.flow(flow_id)["obstacle"]["code"], "window.closed")
        self.gateway.config.write_text(text)
        self.gateway.process.send_signal(signal.SIGHUP)
        rig.until("acknowledged", lambda: self.states([flow_id]) == ["acknowledged"], 60)

    def test_the_queue_leaves_in_order_once_after_an_outage(self):
        self.simulator.stop()
        ids = [self.submit(f"PANNE-{i:02}") for i in range(12)]
        rig.until("the breaker", lambda: self.ctl("queue", "list")[0]["breaker"]["state"] != "closed")
        self.assertEqual(self.ctl("errors")[0]["state"], "ready")
        self.simulator.start()
        rig.until("all acknowledged", lambda: self.states(ids) == ["acknowledged"] * 12, 90)
        deposits = [entry["name"] for entry in self.simulator.ledger("deposit")]
        self.assertEqual(len(deposits), len(set(deposits)))
        self.assertEqual(len(deposits), 12)

    def test_many_flows_at_once(self):
        ids = [self.submit(f"LOT-{i}") for i in range(3)]
        rig.until("acknowledged", lambda: self.states(ids) == ["acknowledged"] * 3, 60)
        self.ctl("queue", "pause", "helios", "--for", "1h", "--reason", "fill the queue")
        waiting = [self.submit(f"ATTENTE-{i}") for i in range(3)]
        rig.until("ready", lambda: self.states(waiting) == ["ready"] * 3)
        tried = self.ctl("cancel", "--filter", "state=ready", "--dry-run", "--reason", "try")
        self.assertEqual([line.get("id") for line in tried[:-1]], waiting)
        self.assertEqual(self.states(waiting), ["ready"] * 3)
        self.ctl("priority", waiting[2], "--to", "high", "--reason", "paie")
        done = self.ctl("cancel", "--filter", "state=ready", "--rate", "50/s", "--reason", "a mistake")
        self.assertEqual((done[-1]["found"], done[-1]["done"]), (3, 3))
        self.assertEqual(self.states(waiting), ["cancelled"] * 3)
        replayed = self.ctl("replay", "--filter", "state=cancelled", "--reason", "no mistake")
        self.assertEqual(replayed[-1]["done"], 3)
        again = self.ctl("replay", "--filter", "state=cancelled", "--reason", "no mistake")
        self.assertEqual((again[-1]["done"], again[-1]["skipped"]), (0, 3))


if __name__ == "__main__":
    unittest.main()
