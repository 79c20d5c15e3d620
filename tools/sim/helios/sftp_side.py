"""The SFTP side of the simulated Hélios: a real OpenSSH server for the current user, and a watch on entree/."""

import ctypes
import os
import pwd
import signal
import socket
import subprocess
import time

PR_SET_PDEATHSIG = 1


def _die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _keygen(path):
    if not os.path.exists(path):
        subprocess.run(["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)


def _write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _descendants(root):
    parents = {}
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{entry}/stat", encoding="latin-1") as file:
                parents[int(entry)] = int(file.read().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue  # not a process, or already gone
    found, level = [], [root]
    while level:
        level = [pid for pid, parent in parents.items() if parent in level]
        found += level
    return found


class Sshd:
    """Keys, configuration and process of one sshd; the keys in `folder`/ssh survive a restart."""

    def __init__(self, folder, port):
        self.folder = os.path.join(folder, "ssh")
        self.home = os.path.join(folder, "home")
        self.port = port
        self.user = pwd.getpwuid(os.getuid()).pw_name
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        self.key = os.path.join(self.folder, "client")
        self.host_key = os.path.join(self.folder, "host")
        self.known_hosts = os.path.join(self.folder, "known_hosts")
        _keygen(self.key)
        _keygen(self.host_key)
        authorized = os.path.join(self.folder, "authorized_keys")
        if not os.path.exists(authorized):
            with open(self.key + ".pub", encoding="utf-8") as public:
                _write(authorized, public.read())

    def start(self):
        if os.getuid() == 0:
            os.makedirs("/run/sshd", mode=0o755, exist_ok=True)  # sshd insists on it as root
        for _ in range(20):
            port = self.port or _free_port()
            if self._try(port):
                self.port = port
                with open(self.host_key + ".pub", encoding="utf-8") as public:
                    _write(self.known_hosts, f"[127.0.0.1]:{port} {' '.join(public.read().split()[:2])}\n")
                return
            if self.port:
                time.sleep(0.5)  # known by now: it is waited for
        raise RuntimeError("sshd does not start, see " + os.path.join(self.folder, "log"))

    def _try(self, port):
        config = os.path.join(self.folder, "sshd_config")
        _write(config, "\n".join([
            f"Port {port}", "ListenAddress 127.0.0.1", f"HostKey {self.host_key}",
            f"PidFile {os.path.join(self.folder, 'pid')}",
            f"AuthorizedKeysFile {os.path.join(self.folder, 'authorized_keys')}", "StrictModes no", "UsePAM no",
            "PasswordAuthentication no", "KbdInteractiveAuthentication no", "PermitRootLogin prohibit-password",
            f"AllowUsers {self.user}", "MaxStartups 200", "MaxSessions 200",
            f"Subsystem sftp internal-sftp -d {self.home}", ""]))
        log_path = os.path.join(self.folder, "log")
        with open(log_path, "wb") as log:
            self.process = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", config], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, preexec_fn=_die_with_parent)
        for _ in range(1000):
            with open(log_path, "rb") as log:
                if b"Server listening" in log.read():
                    return True
            if self.process.poll() is not None:
                return False
            time.sleep(0.02)
        self.stop()
        return False

    def stop(self):
        """The listener and the sessions it serves: they are in process groups of their own."""
        sessions = _descendants(self.process.pid)
        self.process.terminate()
        self.process.wait(timeout=5)
        for pid in sessions:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


class Watch:
    """Takes files over from entree/ once their size stood still for `settle` seconds (S²LOW's own rule)."""

    def __init__(self, office, keep, settle=0.3):
        self._office, self._keep, self._settle = office, keep, settle
        self._seen = {}  # name -> (size and time, since)
        self._taken = {}  # kept files: name -> size and time

    def look(self):
        now = time.monotonic()
        present = {}
        for entry in os.scandir(self._office.entree):
            if entry.name.startswith(".") or not entry.is_file(follow_symlinks=False):
                continue
            try:
                status = entry.stat()
            except FileNotFoundError:
                continue  # renamed or removed since the listing
            mark = (status.st_size, status.st_mtime_ns, status.st_ino)
            old, since = self._seen.get(entry.name, (None, now))
            present[entry.name] = (mark, since if old == mark else now)
        self._seen = present
        for name, (mark, since) in present.items():
            if now - since >= self._settle and self._taken.get(name) != mark:
                self._office.take(name, self._parameters(name), copy=self._keep)
                if self._keep:
                    self._taken[name] = mark

    @staticmethod
    def _parameters(name):
        """They travel in the name: P_DEST%%P_APPLI%%P_MSG%%sha1 (helios 3.2)."""
        parts = name.split("%%")
        return dict(zip(("P_DEST", "P_APPLI", "P_MSG", "sha1"), parts)) if len(parts) == 4 else {}
