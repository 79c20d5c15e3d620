"""A real Dovecot in a private folder: IMAPS for the gateway, LMTP for our deliveries."""

import ctypes
import grp
import os
import pwd
import shutil
import signal
import smtplib
import subprocess
import tempfile
import threading
import time

from ports import kept_port

CONFIGURATION = """\
base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
protocols = imap lmtp
listen = 127.0.0.1
mail_location = maildir:~/Maildir
first_valid_uid = {uid}
first_valid_gid = {gid}
ssl = required
ssl_cert = <{dir}/certificate.pem
ssl_key = <{dir}/key.pem
auth_failure_delay = 0
mail_fsync = never
mail_max_userip_connections = 50
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {dir}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {dir}/users
}}
namespace inbox {{
  inbox = yes
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""


def _die_with_parent():
    """Runs in the child: a simulator that is killed takes Dovecot with it (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


# Dovecot's parts will not run as root: it is then "nobody", in a folder that is nobody's.
NOBODY = 65534


class Mailbox:
    """start() and stop() as often as wanted, close() at the end; the mails, the port and UIDVALIDITY stay."""

    def __init__(self, folder, certificate, key, user, password, port=0):
        self.user = user
        self.password = password
        self._keepers = [kept_port(port), kept_port()]
        self.port, self._lmtp = (keeper.getsockname()[1] for keeper in self._keepers)
        self._home = folder
        self._dir = self._enter()
        self._certificate = certificate
        self._key = key
        self._process = None
        self._lock = threading.Lock()

    @property
    def running(self):
        return self._process is not None and self._process.poll() is None

    def _enter(self):
        """Where Dovecot works: our folder, for root a moved one."""
        os.makedirs(self._home, exist_ok=True)
        if os.getuid() != 0:
            return self._home
        if os.path.exists(self._marker()):  # an earlier run was killed
            with open(self._marker(), encoding="utf-8") as file:
                place = file.read()
            if os.path.isdir(place):
                return place
        base = tempfile.mkdtemp(prefix="actes-")
        os.chmod(base, 0o711)
        place = os.path.join(base, "d")
        with open(self._marker(), "w", encoding="utf-8") as file:
            file.write(place)
        shutil.move(self._home, place)
        return place

    def _marker(self):
        return self._home + ".at"

    def close(self):
        self.stop()
        if self._dir != self._home and os.path.isdir(self._dir):
            shutil.rmtree(os.path.join(self._dir, "run"), ignore_errors=True)
            if os.path.isdir(self._home):
                os.rmdir(self._home)  # made by _enter() after a kill
            shutil.move(self._dir, self._home)
            os.rmdir(os.path.dirname(self._dir))
            os.unlink(self._marker())

    def _configure(self):
        own = os.getuid()
        uid, gid = (own, os.getgid()) if own else (NOBODY, NOBODY)
        for name in ("run", "state", "mail"):
            os.makedirs(os.path.join(self._dir, name), exist_ok=True)
        copies = {"certificate": self._certificate, "key": self._key}
        for name, source in copies.items():
            shutil.copy(source, os.path.join(self._dir, name + ".pem"))
        with open(os.path.join(self._dir, "users"), "w", encoding="ascii") as file:
            file.write(f"{self.user}:{{PLAIN}}{self.password}:{uid}:{gid}::{self._dir}/mail/{self.user}\n")
        with open(os.path.join(self._dir, "dovecot.conf"), "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(dir=self._dir, user=pwd.getpwuid(uid).pw_name, group=grp.getgrgid(gid).gr_name,
                                            uid=uid, gid=gid, port=self.port, lmtp=self._lmtp))
        if not own:
            for folder, _, files in os.walk(self._dir):
                for path in (folder, *(os.path.join(folder, name) for name in files)):
                    os.chown(path, uid, gid, follow_symlinks=False)

    @staticmethod
    def _account():
        return {} if os.getuid() else {"user": NOBODY, "group": NOBODY, "extra_groups": []}

    def start(self):
        if self.running:
            return
        self._configure()
        log = os.path.join(self._dir, "log")
        before = os.path.getsize(log) if os.path.exists(log) else 0
        self._process = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", os.path.join(self._dir, "dovecot.conf")],
                                         stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=_die_with_parent, **self._account())
        end = time.monotonic() + 20
        while time.monotonic() < end and self.running:
            with open(log, "rb") if os.path.exists(log) else open(os.devnull, "rb") as file:
                file.seek(before)
                if b"starting up" in file.read():
                    return
            time.sleep(0.01)
        self.stop()
        raise RuntimeError(f"dovecot does not start; see {log}")

    def stop(self):
        """Sessions end, too: by themselves they may outlive their master. A mail that is being delivered gets there first: a
        server that stops refuses it with 421."""
        waited = self._lock.acquire(timeout=20)
        try:
            if self.running:
                self._process.send_signal(signal.SIGTERM)
                self._process.wait(timeout=20)
                try:
                    os.killpg(self._process.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            self._process = None
        finally:
            if waited:
                self._lock.release()

    def deliver(self, *messages):
        """The bytes of mails into INBOX; returns once they are there. ConnectionError while Dovecot is stopped."""
        with self._lock:
            try:
                with smtplib.LMTP("127.0.0.1", self._lmtp, timeout=300) as lmtp:
                    lmtp.ehlo()
                    for message in messages:
                        lmtp.sendmail("ministere@actes.test", [self.user], message)
            except smtplib.SMTPServerDisconnected as error:
                raise ConnectionError("stopped while it took a mail") from error
