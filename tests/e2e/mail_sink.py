"""The mail server of the tests (tests/support/smtp_sink.py) beside a gateway under test."""

import email
import email.policy
import json
import pathlib
import subprocess

from rig import PYTHON, SOURCE, kept_port, until, whole_lines


class MailSink:
    """A child process; stop() and start() keep the port and what it took."""

    def __init__(self, folder, pki, mode="starttls"):
        self.folder, self.pki, self.mode = pathlib.Path(folder), pathlib.Path(pki), mode
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process, self.port, self.keeper = None, 0, None
        self.start()

    def start(self, mode=None):
        port_file = self.folder / "port"
        port_file.unlink(missing_ok=True)
        command = [PYTHON, str(SOURCE / "tests/support/smtp_sink.py"), "--dir", str(self.folder), "--port", str(self.port),
                   "--port-file", str(port_file), "--mode", mode or self.mode, "--certificate", str(self.pki / "server.pem"),
                   "--key", str(self.pki / "server.key"), "--user", "actes", "--password", "mot de passe"]
        with open(self.folder / "output", "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        until("the mail server's port", lambda: port_file.exists() and port_file.read_text().strip())
        self.port = int(port_file.read_text())

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)
        if self.port and self.keeper is None:
            self.keeper = kept_port(self.port)

    def misbehave(self, **faults):
        """Faults of smtp_sink.py, on at once; none: it behaves."""
        (self.folder / "faults.new").write_text(json.dumps(faults))
        (self.folder / "faults.new").rename(self.folder / "faults.json")

    def taken(self, about=""):
        """The mails whose text names `about`, as email.message with `.recipient`."""
        ledger = self.folder / "ledger.jsonl"
        out = []
        for line in whole_lines(ledger) if ledger.exists() else []:
            raw = json.loads(line)
            mail = email.message_from_string(raw["content"], policy=email.policy.default)
            mail.recipient, mail.raw = raw["to"][0], raw["content"]
            if about in mail.get_content():
                out.append(mail)
        return out

    def settings(self, **more):
        """[mail] of a gateway whose folder is beside `pki`; writes the password there."""
        secret = self.folder / "password"
        secret.write_text("mot de passe\n")
        secret.chmod(0o600)
        keys = {"url": f"smtp://localhost:{self.port}", "ca": str(self.pki / "ca.pem"), "user": "actes", "password_file": str(secret),
                "from": "actes@passerelle.exemple.fr", "connect_timeout": "5s", "timeout": "10s", "retry_first": "200ms",
                "retry_max": "1s", **more}
        return "[mail]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
