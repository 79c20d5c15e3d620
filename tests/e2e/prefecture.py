"""The simulated préfecture (tools/sim/prefecture) beside a gateway under test."""

import json
import pathlib
import subprocess

from rig import PYTHON, SOURCE, until, whole_lines

FOLDER = SOURCE / "tools/sim/prefecture"


class Prefecture:
    """A child process; stop() and start() keep ports, mails, ledger. `folder` wants a short path."""

    def __init__(self, folder, *options):
        self.folder = pathlib.Path(folder)
        self.options = options
        self.process = None
        self.facts = {"port": 0, "mail_port": 0}
        self.start()

    def start(self):
        port_file = self.folder / "port"
        self.folder.mkdir(parents=True, exist_ok=True)
        port_file.unlink(missing_ok=True)
        command = [PYTHON, str(FOLDER / "prefecture_sim.py"), "--dir", str(self.folder), "--port", str(self.facts["port"]),
                   "--imap-port", str(self.facts["mail_port"]), "--port-file", str(port_file), *self.options]
        with open(self.folder / "output", "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        until("the préfecture's port", lambda: port_file.exists() and port_file.read_text().strip())
        self.facts = json.loads((self.folder / "sim.json").read_text())

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    def entrance(self):
        """Where the gateway finds it: host and port."""
        return "localhost", self.facts["port"]

    def destination(self, name="actes", **more):
        """The [[destination]] of a gateway's configuration; writes the mail password beside."""
        secret = self.folder / "mail.password"
        secret.write_text(self.facts["mail_password"])
        secret.chmod(0o600)
        (self.folder / "pki/client.key").chmod(0o600)
        keys = {
            "name": name, "mode": "prefecture", "post_url": self.facts["post_url"], "success_codes": self.facts["success_codes"],
            "certificate": self.facts["certificate"], "key": self.facts["key"], "ca": self.facts["ca"],
            "mail_host": self.facts["mail_host"], "mail_port": self.facts["mail_port"], "mail_user": self.facts["mail_user"],
            "mail_password_file": str(secret), "mail_ca": self.facts["mail_ca"], "return_addresses": self.facts["return_addresses"],
            "trigramme": "ABC", "quadrigramme": "TACT", "delete_after_fetch": True, "poll_every": "200ms",
            "connect_timeout": "5s", "transfer_timeout": "30s", **more,
        }
        return "\n[[destination]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())

    def ask(self, *words):
        """A command of prefecture_ctl.py: letter, mail, fill, notice, classification, imap-stop, imap-start."""
        subprocess.run([PYTHON, str(FOLDER / "prefecture_ctl.py"), "--dir", str(self.folder), *map(str, words)], check=True,
                       stdout=subprocess.DEVNULL)

    def misbehave(self, **faults):
        """Faults of tools/sim/prefecture/faults.py, on at once; none: it behaves."""
        self.ask("misbehave", *(f"{key}={value}" for key, value in faults.items()))

    def ledger(self, kind=None):
        lines = [json.loads(line) for line in whole_lines(self.folder / "ledger.jsonl")]
        return [line for line in lines if kind is None or line["kind"] == kind]

    def doubles(self):
        """SHA-256 of archives that were taken more than once."""
        seen = [line["sha256"] for line in self.ledger("deposit")]
        return {sha for sha in seen if seen.count(sha) > 1}
