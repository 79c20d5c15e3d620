#!/usr/bin/python3
"""Living with the gateway: reload under traffic, drain, what systemd is told, health, alarms, secrets, installation."""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

import rig

DEMATD = str(rig.BUILD / "gateway/dematd")
DEMATCTL = str(rig.BUILD / "tools/dematctl/dematctl")


class Living(unittest.TestCase):
    """One simulator and one gateway for each test; they are cheap."""

    simulator_options = ("--delay", "0.05")
    settings = ""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.simulator = rig.Simulator(self.folder / "sim", "sftp", *self.simulator_options)
        self.addCleanup(self.simulator.stop)
        self.gateway = rig.Gateway(self.folder / "gateway", self.simulator, self.settings)
        self.log_file = self.gateway.folder / "dematd.log"

    def start(self, environment=None):
        self.gateway.start(environment)
        self.addCleanup(self.end)
        self.gateway.declare()

    def end(self):
        if self.gateway.process.poll() is None:
            self.gateway.kill()

    def events(self, code):
        lines = self.log_file.read_text().splitlines() if self.log_file.exists() else []
        return [event for event in map(json.loads, lines) if event["code"] == code]

    def event(self, code, count=1, seconds=60):
        return rig.until(f"{count} × {code}", lambda: self.events(code)[count - 1:count], seconds)[0]

    def edit(self, old, new):
        text = self.gateway.config.read_text()
        self.assertIn(old, text)
        self.gateway.config.write_text(text.replace(old, new, 1))

    def hang_up(self):
        self.gateway.process.send_signal(signal.SIGHUP)

    def verbose(self):
        operator = self.gateway.api("operator")
        self.addCleanup(operator.close)
        return operator.json("GET", "/healthz?verbose")

    def part(self, name):
        return next(p for p in self.verbose()[1]["parts"] if p["name"] == name)

    def flow(self, name):
        return rig.sample("depense", rig.VALJOIE_SIREN, name, "--dematerialise", "--ids")

    def ctl(self, *arguments):
        pki = self.gateway.pki
        command = [DEMATCTL, "--url", f"https://localhost:{self.gateway.port}", "--ca", f"{pki}/ca.pem", "--cert",
                   f"{pki}/operator.pem", "--key", f"{pki}/operator.key", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    # --- reload

    def test_reload_under_traffic(self):
        """20 reloads while flows are posted over kept connections: no request fails, nothing is lost or doubled."""
        self.start()
        pattern = self.flow("RELOAD-00000")
        accepted, wrong, over = [], [], threading.Event()

        def post(place):
            agent = self.gateway.api("valjoie")
            for number in range(100):
                if over.is_set():
                    break
                try:
                    status, _, answer = agent.submit(pattern.replace(b"RELOAD-00000", f"RELOAD-{place}{number:04d}".encode()))
                    (accepted if status == 202 else wrong).append(answer)
                except Exception as broken:  # a dropped connection is what this test looks for
                    wrong.append(repr(broken))
                time.sleep(0.05)
            agent.close()

        def look():
            agent = self.gateway.api("valjoie")
            while not over.is_set():
                try:
                    status, answer = agent.json("GET", "/v1/status")
                    if status != 200:
                        wrong.append(answer)
                except Exception as broken:
                    wrong.append(repr(broken))
                time.sleep(0.02)
            agent.close()

        threads = [threading.Thread(target=post, args=(place,)) for place in (1, 2, 3)] + [threading.Thread(target=look)]
        self.addCleanup(over.set)
        for thread in threads:
            thread.start()
        for number in range(20):
            self.edit('level = "info"', 'level = "info" # again')
            self.hang_up()
            self.event("gateway.reloaded", number + 1)
        rig.until("twenty posts", lambda: len(accepted) + len(wrong) >= 20, 60)
        over.set()
        for thread in threads:
            thread.join(120)
        self.assertEqual(wrong, [])
        self.assertGreaterEqual(len(accepted), 20)
        agent = self.gateway.api("valjoie")
        self.addCleanup(agent.close)
        for answer in accepted:
            rig.until(f"the acquit of {answer['id']}", lambda i=answer["id"]: agent.flow(i)["state"] == "acknowledged", 120)
        self.assertEqual(len(self.simulator.ledger("deposit")), len(accepted))
        health = self.verbose()[1]
        self.assertEqual(health["config"]["generation"], 21)
        self.assertEqual(health["config"]["sha256"], self.events("gateway.reloaded")[-1]["sha256"])
        self.assertEqual(self.gateway.stop(), 0)

    def test_a_wrong_file_changes_nothing(self):
        self.start()
        before = self.verbose()[1]["config"]
        self.edit('level = "info"', 'level = "loud"\nlevle = "info"')
        self.hang_up()
        refused = self.event("gateway.reload_refused", 2)
        codes = {event["because"] for event in self.events("gateway.reload_refused")}
        self.assertEqual(len(codes), 2, codes)
        self.assertIn("config.unknown_key", codes)
        self.assertEqual(refused["level"], "error")
        now = rig.until("the changed file is seen", lambda: (lambda c: c["changed_since"] and c)(self.verbose()[1]["config"]))
        self.assertEqual(now["generation"], before["generation"])
        self.assertEqual(now["sha256"], before["sha256"])
        self.edit('level = "loud"\nlevle = "info"', 'level = "info"')
        self.edit('data_folder = "data"', 'data_folder = "elsewhere"')
        self.hang_up()
        self.event("gateway.reloaded")
        self.assertEqual(self.event("gateway.reload_needs_restart")["keys"], "data_folder")
        self.assertFalse((self.gateway.folder / "elsewhere").exists())
        self.assertEqual(self.gateway.stop(), 0)

    def test_a_broken_key_changes_nothing_and_new_certificates_are_used(self):
        self.start()
        pki = self.gateway.pki
        key = (pki / "server.key").read_text()
        (pki / "server.key").write_text("not a key\n")
        self.hang_up()
        self.assertTrue(self.event("gateway.reload_refused")["because"].startswith("tls."))
        self.assertEqual(self.verbose()[0], 200)
        (pki / "server.key").write_text(key)
        before = self.served_certificate()
        (pki / "server.pem").unlink()
        subprocess.run(["sh", str(rig.SOURCE / "certs-sample/make_pki.sh"), str(pki)], check=True, capture_output=True)
        self.assertEqual(self.served_certificate(), before)
        self.hang_up()
        self.event("gateway.reloaded")
        self.assertNotEqual(self.served_certificate(), before)

    def served_certificate(self):
        return subprocess.run(["openssl", "s_client", "-connect", f"localhost:{self.gateway.port}"], input="", capture_output=True,
                              text=True, timeout=20).stdout.split("-----BEGIN CERTIFICATE-----")[1].split("-----END")[0]

    def test_a_new_destination_and_signer_are_in_force_after_a_reload(self):
        self.start()
        text = self.gateway.config.read_text()
        self.gateway.config.write_text(text + self.gateway.destination_text("second", *reversed(self.simulator.entrance())) + "\n")
        self.hang_up()
        self.event("gateway.reloaded")
        operator = self.gateway.api("operator")
        self.addCleanup(operator.close)
        names = {d["name"] for d in operator.json("GET", "/v1/destinations")[1]["items"]}
        self.assertEqual(names, {"helios", "second"})
        rig.until("a look at the second destination", lambda: self.part("destination/second/poll")["state"] == "ok")

    # --- the end

    def test_sigterm_lets_a_transfer_end(self):
        self.start()
        agent = self.gateway.api("valjoie")
        ids = [agent.submit(self.flow(f"DRAIN-{n}"))[2]["id"] for n in range(5)]
        self.gateway.process.terminate()
        agent.close()
        self.assertEqual(self.gateway.process.wait(60), 0)
        self.assertTrue(self.events("gateway.stopped"))
        self.assertFalse(self.events("gateway.stop_forced"))
        self.gateway.start()
        agent = self.gateway.api("valjoie")
        self.addCleanup(agent.close)
        for flow_id in ids:
            rig.until("its acquit", lambda i=flow_id: agent.flow(i)["state"] == "acknowledged", 60)
        self.assertFalse([f for f in agent.flows() if f["state"] == "uncertain"])
        self.assertEqual(len(self.simulator.ledger("deposit")), 5)

    def test_the_drain_is_bounded_and_a_second_signal_ends_at_once(self):
        """A request that never ends: its client holds the body back."""
        for second in (False, True):
            with self.subTest(second_signal=second):
                self.serve_with_stuck_client(second)

    def serve_with_stuck_client(self, second):
        self.gateway.start()
        self.addCleanup(self.end)
        if not second:
            self.gateway.declare()
        stuck = self.gateway.api("valjoie")
        self.addCleanup(stuck.close)
        stuck.raw("GET", "/v1/whoami")
        stuck.connection.putrequest("POST", "/v1/flows")
        stuck.connection.putheader("Content-Type", "application/xml")
        stuck.connection.putheader("Content-Length", "100000")
        stuck.connection.putheader("Expect", "100-continue")
        stuck.connection.endheaders()
        self.assertIn(b"100 Continue", stuck.connection.sock.recv(100))  # the request is running
        stuck.connection.sock.sendall(b"<?xml version='1.0'?>")
        began = time.monotonic()
        self.gateway.process.terminate()
        if second:
            time.sleep(0.5)
            self.assertIsNone(self.gateway.process.poll(), "it waits for the running request")
            self.gateway.process.terminate()
            self.assertEqual(self.gateway.process.wait(10), 1)
            self.assertLess(time.monotonic() - began, 8)
            self.assertEqual(self.events("gateway.stop_forced")[-1]["because"], "second signal")
        else:
            self.assertEqual(self.gateway.process.wait(45), 0)
            self.assertLess(time.monotonic() - began, 40)

    # --- systemd

    def test_the_service_manager_is_told(self):
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(manager.close)
        path = str(self.folder / "notify")
        manager.bind(path)
        manager.settimeout(20)
        heard = []

        def hear(what):
            while not any(what in message for message in heard):
                heard.append(manager.recv(4096).decode())
            return next(message for message in heard if what in message)

        self.gateway.start({"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "600000"})
        self.addCleanup(self.end)
        self.assertIn("STATUS=environment test", hear("READY=1"))
        for _ in range(3):
            heard.clear()
            hear("WATCHDOG=1")
        heard.clear()
        self.hang_up()
        self.assertRegex(hear("RELOADING=1"), r"MONOTONIC_USEC=\d+")
        hear("READY=1")
        self.gateway.process.terminate()
        hear("STOPPING=1")
        self.assertEqual(self.gateway.process.wait(60), 0)

    def test_a_stopped_process_gives_no_sign_of_life(self):
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(manager.close)
        path = str(self.folder / "notify")
        manager.bind(path)
        self.gateway.start({"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "600000"})
        self.addCleanup(self.end)
        self.gateway.process.send_signal(signal.SIGSTOP)
        status = pathlib.Path(f"/proc/{self.gateway.process.pid}/status")
        rig.until("it stands still", lambda: "State:\tT" in status.read_text())
        manager.setblocking(False)
        try:
            while manager.recv(4096):
                pass
        except BlockingIOError:
            pass
        time.sleep(1)
        self.assertRaises(BlockingIOError, manager.recv, 4096)
        self.gateway.process.send_signal(signal.SIGCONT)
        manager.settimeout(60)
        # On a busy machine it may have been stopped before it said that it was ready.
        rig.until("a sign of life", lambda: "WATCHDOG=1" in manager.recv(4096).decode())

    # --- one true story

    def test_a_peer_that_is_down_degrades_only(self):
        self.start()
        rig.until("a look at the returns", lambda: self.part("destination/helios/poll")["state"] == "ok")
        self.simulator.stop()
        agent = self.gateway.api("valjoie")
        self.addCleanup(agent.close)
        self.assertEqual(agent.submit(self.flow("DOWN-1"))[0], 202)
        rig.until("trouble with the peer", lambda: self.part("destination/helios/send")["state"] == "degraded", 60)
        status, health = self.verbose()
        self.assertEqual((status, health["status"]), (200, "degraded"))
        self.assertEqual(agent.raw("GET", "/readyz")[0], 200)
        self.assertEqual(agent.json("GET", "/healthz"), (200, {"status": "degraded"}))
        self.assertEqual(agent.raw("GET", "/healthz?verbose")[0], 403)
        told = self.ctl("health", "--nagios")
        self.assertEqual(told.returncode, 1, told)
        self.assertRegex(told.stdout, r"^WARNING - .*destination/helios/send transport\.\w+.* \| alarms=\d+\n$")
        metrics = self.metrics()
        self.assertEqual(metrics['demat_destination_up{destination="helios",what="send"}'], 0)
        waits = self.events("flow.waits")
        self.assertTrue(any(event["because"].startswith("transport.") for event in waits))
        self.simulator.start()
        rig.until("the peer is well again", lambda: self.part("destination/helios/send")["state"] == "ok", 60)

    def metrics(self):
        operator = self.gateway.api("operator")
        text = operator.raw("GET", "/metrics")[2].decode()
        operator.close()
        return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line and line[0] != "#"}

    def test_health_when_all_is_well(self):
        self.start()
        self.flow_through("WELL-1")
        rig.until("a look at the returns", lambda: self.part("destination/helios/poll")["state"] == "ok")
        rig.until("the tasks' first turns", lambda: self.part("task/certificates")["state"] == "ok")
        told = self.ctl("health")
        self.assertEqual(told.returncode, 0, told.stdout + told.stderr)
        for name in ("store", "disk", "config", "destination/helios/send", "certificate/server", "certificate/client_ca",
                     "certificate/signer/ordonnateur", "schemas/pes", "task/watch"):
            self.assertIn(name, told.stdout)
        self.assertEqual(self.ctl("health", "--nagios").stdout[:5], "OK - ")
        alarms = [json.loads(line) for line in self.ctl("--json", "alarms").stdout.splitlines()]
        # The sample certificates live for 30 days: a reminder, and no more than that.
        self.assertEqual({alarm["code"] for alarm in alarms}, {"certificate.expires"})
        metrics = self.metrics()
        self.assertEqual(metrics['demat_alarms{code="certificate.expires"}'], len(alarms))
        for name in ("demat_disk_free_bytes", "demat_store_bytes", "demat_open_descriptors", "demat_resident_bytes",
                     'demat_certificate_expiry_seconds{role="server",name=""}', "demat_ack_delay_seconds_count"):
            self.assertGreater(metrics[name], 0, name)

    def flow_through(self, name):
        agent = self.gateway.api("valjoie")
        flow_id = agent.submit(self.flow(name))[2]["id"]
        rig.until("its acquit", lambda: agent.flow(flow_id)["state"] == "acknowledged", 60)
        agent.close()

    def test_nobody_there_is_critical(self):
        self.start()
        self.gateway.stop()
        told = self.ctl("health", "--nagios")
        self.assertEqual((told.returncode, told.stdout[:11]), (2, "CRITICAL - "))

    # --- secrets

    def test_secrets_come_from_credentials_and_are_never_shown(self):
        credentials = self.folder / "credentials"
        credentials.mkdir()
        pki = self.gateway.pki
        shutil.move(pki / "signer.key", credentials / "ordonnateur.key")
        (credentials / "helios.password").write_text("correct horse\n")
        (credentials / "helios.password").chmod(0o440)  # systemd's access list looks like a group's right
        self.edit('key = "pki/signer.key"', 'key = "ordonnateur.key"')
        self.edit('p_dest = "MHPCE11"', 'p_dest = "MHPCE11"\npassword_file = "helios.password"')
        shown = subprocess.run([DEMATD, "check-config", "--show", "--config", str(self.gateway.config)], capture_output=True, text=True,
                               env={**os.environ, "CREDENTIALS_DIRECTORY": str(credentials)})
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn('# password = "***"', shown.stdout)
        self.assertNotIn("correct horse", shown.stdout)
        self.assertIn(f'key = "{credentials}/ordonnateur.key"', shown.stdout)
        self.assertIn('max_payload = 100000000', shown.stdout)
        self.start({"CREDENTIALS_DIRECTORY": str(credentials)})
        self.flow_through("CREDENTIAL-1")
        without = subprocess.run([DEMATD, "check-config", "--config", str(self.gateway.config)], capture_output=True, text=True)
        self.assertEqual(without.returncode, 1)
        self.assertIn("config.file", without.stderr)


class Installed(unittest.TestCase):
    """`cmake --install` into an empty folder, and what is then there."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-install-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        done = subprocess.run(["cmake", "--install", str(rig.BUILD), "--prefix", str(cls.folder)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def test_everything_is_there(self):
        for name in ("bin/dematd", "bin/dematctl", "lib/systemd/system/dematd.service", "lib/sysusers.d/dematd.conf",
                     "share/man/man8/dematd.8", "share/man/man5/dematd.toml.5", "share/man/man1/dematctl.1",
                     "share/bash-completion/completions/dematd", "share/bash-completion/completions/dematctl",
                     "share/zsh/site-functions/_dematctl", "share/fish/vendor_completions.d/dematctl.fish",
                     "share/dematd/schemas/pes/5.30/pack.toml", "share/doc/dematd/dematd.sample.toml"):
            self.assertTrue((self.folder / name).is_file(), name)

    def subcommands(self, program, *path):
        text = subprocess.run([str(self.folder / "bin" / program), *path, "--help"], capture_output=True, text=True).stdout
        part = text.split("Subcommands:", 1)
        # The footer comes after an empty line.
        commands = re.findall(r"^  ([^\s,]+)", part[1].split("\n\n")[0], re.M) if len(part) > 1 else []
        options = re.findall(r"(?<=[\s,])(--[a-z][a-z-]*)", part[0])
        return commands, set(options)

    def every_command(self, program, path=()):
        commands, options = self.subcommands(program, *path)
        yield path, options
        for command in commands:
            yield from self.every_command(program, (*path, command))

    def complete(self, program, *words):
        script = self.folder / "share/bash-completion/completions" / program
        line = (f"source {script}; COMP_WORDS=({program} {' '.join(words)} ''); COMP_CWORD={len(words) + 1}; _{program}; "
                "printf '%s\\n' \"${COMPREPLY[@]}\"")
        return set(subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True).stdout.split())

    def test_completion_and_manual_hold_every_command_and_option(self):
        for program, page in (("dematd", "man8/dematd.8"), ("dematctl", "man1/dematctl.1")):
            manual = (self.folder / "share/man" / page).read_text().replace("\\-", "-")
            for path, options in self.every_command(program):
                with self.subTest(program=program, path=path):
                    offered = self.complete(program, *path)
                    self.assertLessEqual(options, offered)
                    for option in options:
                        self.assertIn(option, manual)
                    if path:
                        self.assertIn(path[-1], self.complete(program, *path[:-1]))
                        self.assertIn(" ".join(path), manual.replace("\\fB", "").replace("\\fR", ""))

    def test_the_manual_renders(self):
        if not shutil.which("man"):
            self.skipTest("no man here")
        for page in ("man8/dematd.8", "man5/dematd.toml.5", "man1/dematctl.1"):
            done = subprocess.run(["man", "--warnings", "-l", str(self.folder / "share/man" / page)], capture_output=True, text=True,
                                  env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "120"})
            self.assertEqual((done.returncode, done.stderr), (0, ""), page)
            self.assertIn("NAME", done.stdout)

    def test_the_unit_is_sound_and_tight(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("no systemd-analyze here")
        unit = self.folder / "lib/systemd/system/dematd.service"
        # The installed path stands in the unit; here it is under another prefix.
        text = re.sub(r"ExecStart=\S+", f"ExecStart={self.folder}/bin/dematd", unit.read_text())
        unit.write_text(text)
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True)
        mine = [line for line in done.stderr.splitlines() if "dematd" in line]
        self.assertEqual((done.returncode, mine), (0, []), done.stderr)
        rated = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--threshold=20", str(unit)], capture_output=True,
                               text=True)
        self.assertEqual(rated.returncode, 0, rated.stdout + rated.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
