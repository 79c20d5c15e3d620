"""A real clamd with one signature of our own, which finds the EICAR test file anywhere; no network."""

import pathlib
import shutil
import socket
import subprocess
import time

from rig import kept_port

PROGRAM = shutil.which("clamd", path="/usr/sbin:/usr/bin")
# The test file that every scanner knows; in two halves, so that this source is none.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()


class Clamd:
    """stop() and start() keep the port."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        (self.folder / "db").mkdir(parents=True)
        (self.folder / "db/rig.ndb").write_text(f"Rig.EICAR:0:*:{EICAR.hex()}\n")
        self.keeper = kept_port()
        self.port = self.keeper.getsockname()[1]
        (self.folder / "clamd.conf").write_text(
            f"DatabaseDirectory {self.folder}/db\nTCPSocket {self.port}\nTCPAddr 127.0.0.1\nForeground yes\n"
            f"LogFile {self.folder}/log\nStreamMaxLength 200M\n")
        self.process = None
        self.start()

    def start(self):
        with open(self.folder / "output", "ab") as log:
            self.process = subprocess.Popen([PROGRAM, "-c", str(self.folder / "clamd.conf")], stdout=log, stderr=log)
        deadline = time.monotonic() + 30
        while not self.answers():
            assert time.monotonic() < deadline and self.process.poll() is None, (self.folder / "output").read_text()
            time.sleep(0.05)

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 2) as connection:
                connection.sendall(b"zPING\0")
                return connection.recv(16) == b"PONG\0"
        except OSError:
            return False

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    def settings(self):
        """The [antivirus] of a gateway's configuration."""
        return f'[antivirus]\nenabled = true\nhost = "127.0.0.1"\nport = {self.port}\ntimeout = "20s"'
