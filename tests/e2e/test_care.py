#!/usr/bin/python3
"""Looking after a running gateway: back it up while flows run, restore it elsewhere and go on; traces; verification."""

import csv
import hashlib
import io
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import rig

FINAL = {"acknowledged", "partly_rejected", "sent_final", "refused", "rejected", "cancelled"}


class CareTrial(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.simulator = rig.Simulator(cls.folder / "sim", "sftp", "--delay", "0.05")
        cls.addClassCleanup(cls.simulator.stop)
        cls.gateway = rig.Gateway(cls.folder / "gateway", cls.simulator)
        text = cls.gateway.config.read_text()
        cls.gateway.config.write_text(f'backup_folder = "{cls.folder}/backups"\n' + text)
        cls.gateway.start()
        cls.addClassCleanup(cls.gateway.stop)
        cls.gateway.declare()
        cls.agent = cls.gateway.api("montbrume")
        cls.operator = cls.gateway.api("operator")

    def ctl(self, *arguments, code=0):
        pki = self.gateway.pki
        command = [str(rig.BUILD / "tools/dematctl/dematctl"), "--url", f"https://localhost:{self.gateway.port}",
                   "--ca", f"{pki}/ca.pem", "--cert", f"{pki}/operator.pem", "--key", f"{pki}/operator.key", *arguments]
        done = subprocess.run(command, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def dematd(self, *arguments, code=0):
        done = subprocess.run([str(rig.BUILD / "gateway/dematd"), *arguments], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def flow(self, nom_fic, *options):
        content = rig.sample("pj", rig.MONTBRUME_SIREN, nom_fic, "--size", "3000", *options)  # leaves unsigned, as it came
        return self.agent.submit(content)[2]["id"], content

    def until_final(self, flow):
        rig.until("the acquit of " + flow, lambda: self.agent.flow(flow)["state"] in FINAL, 60)

    def test_1_traces_are_true(self):
        flow, content = self.flow("TRACE-0001")
        self.until_final(flow)
        rows = list(csv.DictReader(io.StringIO(self.ctl("traces", "export").decode("utf-8-sig"))))
        mine = [row for row in rows if row["subject"] == flow]
        self.assertEqual([row["direction"] for row in mine], ["deposited", "sent"])
        for row in mine:
            self.assertEqual(row["sha1"], hashlib.sha1(content).hexdigest())
            self.assertEqual(int(row["size"]), len(content))
            self.assertRegex(row["at"], r"^\d{4}-\d\d-\d\dT[\d:.]+\+0[12]:00$")
        sent = self.simulator.ledger("received") or self.simulator.ledger()
        self.assertTrue(any(mine[1]["name"] in str(line) for line in sent), mine[1]["name"])
        self.assertTrue(any(row["direction"] == "received" for row in rows))
        xml = self.folder / "traces.xml"
        self.ctl("traces", "export", "--format", "xml", "-o", str(xml))
        subprocess.run(["xmllint", "--noout", "--schema", str(rig.SOURCE / "docs/traces.xsd"), str(xml)], check=True,
                       stderr=subprocess.DEVNULL)

    def test_2_purge_takes_nothing_young(self):
        self.assertIn(b"rien n'a", self.ctl("purge", "--dry-run"))
        self.assertIn(b"Purge faite", self.ctl("purge", "--reason", "essai"))
        self.ctl("purge", "--reason", "essai", "--state", "sent", code=1)

    def test_3_verify_and_journal(self):
        self.assertIn(b"sain", self.ctl("verify-store", "--full"))
        lines = self.ctl("journal", "export").decode().splitlines()
        self.assertIn('"head":', lines[-1])
        self.assertIn(b"store.verified", self.ctl("journal", "search", "--code", "store.verified"))
        self.ctl("journal", "anchor")

    def test_4_backup_restore_and_go_on(self):
        done, content = self.flow("SAUVE-0001")
        self.until_final(done)
        self.simulator.stop()
        waiting = [self.flow(f"SAUVE-{i:04}")[0] for i in range(2, 6)]
        self.ctl("backup", "--name", "one")
        self.assertIn(b"one", self.ctl("backups"))
        later, _ = self.flow("SAUVE-0009")
        self.gateway.stop()
        backup = self.folder / "backups/one"
        self.assertFalse((backup / "journal.key").exists())
        target = self.folder / "restored"
        self.dematd("restore", "--from", str(backup), "--to", str(target), code=1)
        told = self.dematd("restore", "--from", str(backup), "--to", str(target), "--journal-key",
                           str(self.gateway.folder / "data/journal.key"))
        self.assertIn("2", told)
        self.dematd("restore", "--from", str(backup), "--to", str(target), "--journal-key",
                    str(self.gateway.folder / "data/journal.key"), code=1)
        text = self.gateway.config.read_text()
        self.gateway.config.write_text(text.replace('data_folder = "data"', f'data_folder = "{target}"'))
        self.assertIn("sain", self.dematd("verify-store", "--config", str(self.gateway.config), "--full"))
        self.simulator.start()
        self.gateway.start()
        self.agent = self.gateway.api("montbrume")
        self.assertEqual(self.agent.flow(done)["state"] in FINAL, True)
        for flow in waiting:
            self.assertEqual(self.agent.flow(flow)["state"], "uncertain")
        self.assertEqual(self.agent.json("GET", f"/v1/flows/{later}")[0], 404)
        status, _, body = self.agent.raw("GET", f"/v1/flows/{done}/payload")
        self.assertEqual((status, body), (200, content))
        for flow in waiting:
            status, answer = self.agent.json("POST", f"/v1/flows/{flow}/resolve",
                                             {"outcome": "not-sent", "reason": "le guichet était arrêté"})
            self.assertEqual(status, 200, answer)
        before = len(self.simulator.ledger())
        self.assertNotIn(self.agent.flow(waiting[0])["state"], FINAL | {"sent", "sending"})
        self.ctl("queue", "resume", "*", "--reason", "rapproché")
        for flow in waiting:
            self.until_final(flow)
        self.assertGreater(len(self.simulator.ledger()), before)
        self.assertIn(b"sain", self.ctl("verify-store"))

    def test_5_damage_is_told(self):
        self.gateway.stop()
        store = next(line for line in self.gateway.config.read_text().splitlines() if line.startswith("data_folder"))
        folder = self.gateway.folder / store.split('"')[1]
        with open(folder / "dematd.db", "r+b") as database:
            database.write(b"x" * 4096)
        self.assertIn("restore", self.dematd("verify-store", "--config", str(self.gateway.config), code=3))


if __name__ == "__main__":
    unittest.main(verbosity=2)
