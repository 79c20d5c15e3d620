"""An authority for time stamps (tests/support/tsa.py) beside a gateway under test, with a CA of its own."""

import pathlib
import subprocess

from rig import PYTHON, SOURCE, until

EXTENSIONS = "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\nbasicConstraints=CA:FALSE\n"


class Stamps:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        for name in ("trust/anchors", "trust/issuers"):
            (self.folder / name).mkdir(parents=True)
        self.make_pki()
        port_file = self.folder / "port"
        with open(self.folder / "output", "ab") as log:
            self.process = subprocess.Popen(
                [PYTHON, str(SOURCE / "tests/support/tsa.py"), "--dir", str(self.folder), "--port-file", str(port_file),
                 "--certificate", str(self.folder / "tsa.pem"), "--key", str(self.folder / "tsa.key")], stdout=log, stderr=log)
        until("the authority's port", lambda: port_file.exists() and port_file.read_text().strip())
        self.port = int(port_file.read_text())

    def openssl(self, *words):
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)

    def make_pki(self):
        (self.folder / "tsa.ext").write_text(EXTENSIONS)
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj",
                     "/C=FR/CN=Racine d essai", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/C=FR/CN=Horodatage")
        self.openssl("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "20",
                     "-extfile", "tsa.ext", "-out", "tsa.pem")
        for name in ("anchors", "issuers"):
            (self.folder / "trust" / name / "ca.pem").write_bytes((self.folder / "ca.pem").read_bytes())

    def settings(self, name="tsa"):
        """[[trust]] and [[timestamp]] of a gateway's configuration."""
        return (f'[[trust]]\nname = "horodatage"\nfolder = "{self.folder}/trust"\nrevocation = "off"\n'
                f'[[timestamp]]\nname = "{name}"\nurl = "http://127.0.0.1:{self.port}/tsa"\ntrust = "horodatage"\ntimeout = "5s"\n')

    def misbehave(self, fault=""):
        (self.folder / "fault.new").write_text(fault)
        (self.folder / "fault.new").rename(self.folder / "fault")

    def questions(self):
        file = self.folder / "questions"
        return len(file.read_text().splitlines()) if file.exists() else 0

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
