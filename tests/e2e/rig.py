"""The installed programs on a private folder: a PKI, a simulated Hélios, a gateway, an API client.

Used by the end-to-end tests and by the crash campaign. Everything listens on loopback and ends with `close()`.
"""

import hashlib
import http.client
import json
import os
import pathlib
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.parse

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("DEMAT_BUILD", SOURCE / "build" / "dev")).resolve()
PYTHON = "/usr/bin/python3"
sys.path.append(str(SOURCE / "tools/sim/common"))
from ports import kept_port  # noqa: E402


def luhn_right(digits):
    """True when the last digit is the right key of the others."""
    total = 0
    for index, char in enumerate(reversed(digits)):
        digit = int(char) * (2 if index % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def luhn_siret(siren):
    """The first SIRET of a SIREN with a right key."""
    return next(siret for siret in (f"{siren}{nic:05d}" for nic in range(100000)) if luhn_right(siret))


def luhn_siren(prefix):
    """The SIREN of eight digits and their key."""
    return next(siren for siren in (f"{prefix}{key}" for key in range(10)) if luhn_right(siren))


def until(what, condition, seconds=30, step=0.05):
    """Waits for a condition; a rig that waits for ever would hide the fault it should show."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(step)
    raise TimeoutError(f"gave up waiting for: {what}")


class Simulator:
    """The simulated Hélios in one of its modes."""

    def __init__(self, folder, mode="sftp", *options):
        self.folder = pathlib.Path(folder)
        self.mode = mode
        self.options = options
        self.process = None
        self.port = 0
        self.gate = None  # what stands between it and the gateway, if anything
        self.keeper = None  # of its port
        self.start()

    def start(self):
        port_file = self.folder / "port"
        port_file.unlink(missing_ok=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [PYTHON, str(SOURCE / "tools/sim/helios/helios_sim.py"), "--dir", str(self.folder), "--mode", self.mode,
                   "--port", str(self.port), "--port-file", str(port_file), "--max-seconds", "3600", *self.options]
        with open(self.folder.parent / "sim.log", "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        until("the simulator's port", lambda: port_file.exists() and port_file.read_text().strip())
        self.port = int(port_file.read_text())
        self.details = json.loads((self.folder / "sim.json").read_text())

    def entrance(self):
        """Where the gateway finds it: host and port."""
        return ("127.0.0.2", self.gate.port) if self.gate else ("127.0.0.1", self.port)

    def known_hosts(self):
        """The file with its host key, under the name of its entrance."""
        if not self.gate:
            return self.details["known_hosts"]
        file = self.folder / "known_hosts_of_gate"
        key = pathlib.Path(self.details["known_hosts"]).read_text().split(None, 1)[1]
        file.write_text("[{}]:{} {}".format(*self.entrance(), key))
        return str(file)

    def misbehave(self, **faults):
        """Faults of tools/sim/helios/faults.py, on at once; none: it behaves."""
        file = self.folder / "misbehave.json"
        file.with_suffix(".new").write_text(json.dumps(faults))
        file.with_suffix(".new").rename(file)

    def ledger(self, kind=None):
        file = self.folder / "ledger.jsonl"
        if not file.exists():
            return []
        lines = [json.loads(line) for line in whole_lines(file)]
        return [line for line in lines if kind is None or line.get("kind") == kind]

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.port and self.keeper is None:
            self.keeper = kept_port(self.port)


class Api:
    """A client of the native API with one certificate."""

    IDLE = 45  # seconds; the gateway closes what stood idle for 60

    def __init__(self, port, pki, name, authority=None):
        self.port = port
        self.authority = authority
        self.context = ssl.create_default_context(cafile=str(pki / "ca.pem"))
        if name:
            self.context.load_cert_chain(str(pki / f"{name}.pem"), str(pki / f"{name}.key"))
        self.connection = None
        self.used = 0.0
        self.timeout = 30

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None

    def raw(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        if self.authority:
            headers.setdefault("Demat-Authority", self.authority)
        if self.connection and time.monotonic() - self.used > self.IDLE:
            self.close()
        if self.connection is None:
            self.connection = http.client.HTTPSConnection("localhost", self.port, context=self.context, timeout=self.timeout)
        try:
            self.connection.request(method, path, body=body, headers=headers)
            response = self.connection.getresponse()
            content = response.read()
            self.used = time.monotonic()
            return response.status, dict(response.getheaders()), content
        except Exception:
            self.close()
            raise

    def json(self, method, path, value=None):
        body = None if value is None else json.dumps(value).encode()
        headers = {"Content-Type": "application/json"} if body is not None else {}
        status, _, content = self.raw(method, path, body, headers)
        return status, (json.loads(content) if content else None)

    def submit(self, content, name="flux.xml"):
        status, headers, body = self.raw("POST", "/v1/flows", content,
                                         {"Content-Type": "application/xml", "Demat-File-Name": name})
        return status, headers, json.loads(body)

    def flow(self, flow_id):
        return self.json("GET", f"/v1/flows/{flow_id}")[1]

    def flows(self, **filters):
        """Every flow of the list, page after page."""
        out, cursor = [], ""
        while True:
            query = dict(filters, limit=200)
            if cursor:
                query["cursor"] = cursor
            status, page = self.json("GET", "/v1/flows?" + urllib.parse.urlencode(query))
            assert status == 200, page
            out += page["items"]
            cursor = page.get("next") or ""
            if not cursor:
                return out


class Gateway:
    """A dematd on its own folder, with authorities, identities and routes."""

    def __init__(self, folder, simulator, settings="", destination=""):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.pki = self.folder / "pki"
        self.simulator = simulator
        self.process = None
        self.port = 0
        subprocess.run(["sh", str(SOURCE / "certs-sample/make_pki.sh"), str(self.pki)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.config = self.folder / "dematd.toml"
        self.config.write_text(self.configuration(settings, destination))
        self.run("init", "--operator-certificate", str(self.pki / "operator.pem"))

    def configuration(self, settings, destination):
        lines = [
            'environment = "test"', 'data_folder = "data"', f'schema_folder = "{SOURCE}/schemas"',
            "[http]", "port = 0", 'port_file = "port"', 'certificate = "pki/server.pem"', 'key = "pki/server.key"',
            'client_ca = "pki/ca.pem"', 'metrics_listen = ""',
            "[log]", 'level = "info"', 'file = "dematd.log"',
            "[pipeline]", "check_workers = 2", 'lease = "20s"',
            "[pipeline.retry]", 'first = "100ms"', 'max = "1s"',
            "[breaker]", 'rest = "200ms"', 'max_rest = "1s"', settings,
            self.destination_text("helios", *reversed(self.simulator.entrance())), destination,
            "[[signer]]", 'name = "ordonnateur"', 'key = "pki/signer.key"', 'certificate = "pki/signer.pem"',
            'role = "Ordonnateur"', 'city = "Valjoie"', 'postal_code = "34000"',
        ]
        return "\n".join(line for line in lines if line) + "\n"

    def destination_text(self, name, port, host="127.0.0.1"):
        """A [[destination]] of the simulator's mode and account, at any place."""
        sim = self.simulator
        mode = {"sftp": "passtrans_sftp", "ftp": "ftp_simulator", "gateway": "gateway_ftp", "ftps": "passtrans_ftps"}[sim.mode]
        lines = [
            "[[destination]]", f'name = "{name}"', 'environment = "test"', f'mode = "{mode}"', f'host = "{host}"',
            f"port = {port}", f'user = "{sim.details["user"]}"', 'poll_every = "200ms"', 'connect_timeout = "5s"',
            'transfer_timeout = "20s"', 'p_dest = "MHPCE11"', 'send_directory = "entree"', 'return_directory = "sortie"',
        ]
        if sim.mode == "sftp":
            lines += [f'key = "{sim.details["key"]}"', f'known_hosts = "{sim.known_hosts()}"']
        else:
            secret = self.folder / "password"
            secret.write_text(sim.details["password"])
            secret.chmod(0o600)
            lines.append('password_file = "password"')
            if sim.mode == "ftps":
                lines.append(f'ca = "{sim.details["ca"]}"')
            if sim.mode == "ftp":
                lines.append("delete_after_fetch = true")
        return "\n".join(lines)

    def run(self, command, *options):
        subprocess.run([str(BUILD / "gateway/dematd"), command, "--config", str(self.config), *options], check=True)

    def start(self, environment=None):
        port_file = self.folder / "port"
        port_file.unlink(missing_ok=True)
        with open(self.folder / "serve.out", "ab") as output:
            self.process = subprocess.Popen([str(BUILD / "gateway/dematd"), "serve", "--config", str(self.config)],
                                            stdout=output, stderr=output, env={**os.environ, **(environment or {})})

        def ready():
            if self.process.poll() is not None:
                raise RuntimeError("dematd ended: " + (self.folder / "serve.out").read_text()[-2000:])
            return port_file.exists() and port_file.read_text().strip()

        until("dematd's port", ready)
        self.port = int(port_file.read_text())

    def kill(self):
        """SIGKILL: no farewell."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, seconds=60):
        if self.process is None or self.process.poll() is not None:
            return None
        self.process.terminate()
        code = self.process.wait(seconds)
        # A sanitizer reports leaks and races by the exit code; nobody may overlook them.
        if code != 0:
            raise RuntimeError(f"dematd ended with {code}: " + (self.folder / "serve.out").read_text()[-4000:])
        return code

    def api(self, name, authority=None):
        return Api(self.port, self.pki, name, authority)

    def fingerprint(self, name):
        pem = (self.pki / f"{name}.pem").read_text()
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()

    def declare(self):
        """Two authorities, their agents and routes: Valjoie's flows are signed by the gateway, Montbrume's are not."""
        operator = self.api("operator")
        for siren, name, agent, signer in ((VALJOIE_SIREN, "Valjoie", "valjoie", "ordonnateur"),
                                           (MONTBRUME_SIREN, "Montbrume", "montbrume", "")):
            done = [
                operator.json("PUT", f"/v1/authorities/{siren}", {"name": name, "sirets": [luhn_siret(siren)], "active": True}),
                operator.json("PUT", f"/v1/authorities/{siren}/routes/pes",
                              {"destination": "helios", "p_dest": "MHPCE11", "signer": signer}),
                operator.json("PUT", f"/v1/identities/{self.fingerprint(agent)}",
                              {"name": f"agent {name}", "active": True,
                               "grants": [{"authority": siren, "role": "transmitter"},
                                          {"authority": siren, "role": "operator"}]}),
            ]
            for status, answer in done:
                assert status in (200, 201, 204), answer
        operator.close()


VALJOIE_SIREN = luhn_siren("21750001")
MONTBRUME_SIREN = luhn_siren("21340001")


def whole_lines(file):
    """Of a ledger that is being written to: not the line that is under way."""
    return [line for line in file.read_text().splitlines(keepends=True) if line.endswith("\n")]


def sample(kind, siren, nom_fic, *options):
    """A sample flow of the project's own making, as bytes."""
    with tempfile.NamedTemporaryFile(suffix=".xml") as out:
        subprocess.run([str(BUILD / "tools/make_sample/make_sample"), kind, "--nomfic", nom_fic, "--id-coll",
                        luhn_siret(siren), *options, "-o", out.name], check=True)
        return pathlib.Path(out.name).read_bytes()


def note(text):
    print(text, file=sys.stderr, flush=True)
