"""The FTP(S) side of the simulated Hélios, on pyftpdlib."""

import os
import re
import sys
import time

from OpenSSL import SSL
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import DTPHandler, FTPHandler, TLS_DTPHandler, TLS_FTPHandler
from pyftpdlib.ioloop import RetryError
from pyftpdlib.log import config_logging
from pyftpdlib.servers import FTPServer

SITES = ("SITE P_DEST", "SITE P_APPLI", "SITE P_MSG", "SITE META")
SIZE = re.compile(rb"size=(\d+)")
WANTED = {"gateway": {"P_DEST", "P_APPLI", "P_MSG"}, "ftps": {"P_DEST", "P_APPLI", "P_MSG"}, "ftp": set()}


class DataMixin:
    """A data connection that can be slow or die."""

    def recv(self, buffer_size):
        data = super().recv(buffer_size)
        self._slow_down(len(data))
        limit = self.cmd_channel.misbehaviour.get("drop_stor_after")
        if limit is not None and self.tot_bytes_received + len(data) >= int(limit):
            self.cmd_channel.close()
            raise RetryError
        return data

    def send(self, data):
        sent = super().send(data)
        self._slow_down(sent)
        limit = self.cmd_channel.misbehaviour.get("abort_retr_after")
        if limit is not None and self.cmd_channel.last_command == "RETR" and self.tot_bytes_sent >= int(limit):
            self._resp = ("421 Closing.", print)
            self.cmd_channel.close_when_done()
            self.close()
        return sent

    def close(self):
        """Unlike stock pyftpdlib, a data connection that was reset is not the end of the file: 426, not 226."""
        if self.receive and not self._closed and isinstance(sys.exc_info()[1], (OSError, SSL.SysCallError)):
            self.transfer_finished = False
            self._resp = ("426 Connection reset; transfer aborted.", print)
        super().close()

    def _slow_down(self, count):
        speed = self.cmd_channel.misbehaviour.get("slow")
        if speed:
            time.sleep(min(0.5, count / float(speed)))  # blocks every session: a test peer may


class PlainData(DataMixin, DTPHandler):
    pass


class TlsData(DataMixin, TLS_DTPHandler):
    def readable(self):
        # Stock 1.5.7 resets a data channel whose handshake is pending (pyftpdlib issue 604).
        return self._ssl_accepting or super().readable()


class PeerMixin:
    """One control connection. `office`, `misbehaviour`, `mode`, `keep`, `trace` are set on the class."""

    auth_failed_timeout = 0.1
    use_sendfile = False  # downloads go through send(), where faults are
    timeout = 600

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.meta = {}
        self.last_command = ""

    def pre_process_command(self, line, cmd, arg):
        self.last_command = cmd
        self.trace("PASS ****" if cmd == "PASS" else line)
        if self.misbehaviour.get("drop_at") == cmd:
            self.close()
        elif self.misbehaviour.get("hang_at") != cmd:
            super().pre_process_command(line, cmd, arg)

    def respond(self, resp, *arguments, **named):
        if self._keeps_silent(resp):
            return
        late = self.misbehaviour.get("late_226")
        if late and self.last_command == "STOR" and resp.startswith("226"):
            self.ioloop.call_later(float(late), self._respond_late, resp)
            return
        super().respond(resp, *arguments, **named)

    def _respond_late(self, resp):
        if not self._closed:
            super().respond(resp)

    def _keeps_silent(self, resp):
        return (self.last_command == "STOR" and resp.startswith("226")
                and bool(self.misbehaviour.get("drop_before_226")))

    def _note(self, values):
        if self.misbehaviour.get("hang_site"):
            return
        if self.misbehaviour.get("drop_site"):
            self.close()
            return
        refusal = self.misbehaviour.get("refuse_site")
        if refusal:
            self.respond(refusal)
            return
        self.meta.update(values)
        self.respond("200 noted")

    def ftp_SITE_P_DEST(self, line):
        self._note({"P_DEST": line})

    def ftp_SITE_P_APPLI(self, line):
        self._note({"P_APPLI": line})

    def ftp_SITE_P_MSG(self, line):
        self._note({"P_MSG": line})

    def ftp_SITE_META(self, line):
        self._note(dict(part.partition("=")[::2] for part in line.split(";") if part))

    def ftp_STOR(self, file, mode="w"):
        refusal = self.misbehaviour.get("stor_reply")
        missing = sorted(WANTED[self.mode] - set(self.meta))
        if refusal or missing:
            self.respond(refusal or f"550 {', '.join(missing)} missing.")
            return None
        return super().ftp_STOR(file, mode)

    def ftp_RNTO(self, path):
        if self.misbehaviour.get("refuse_rnto"):
            self.respond("553 Not now.")
            return None
        done = super().ftp_RNTO(path)
        if done:
            self._arrived(done[1])
        return done

    def on_file_received(self, file):
        if not os.path.basename(file).startswith("."):
            self._arrived(file)
        if self._keeps_silent("226"):
            self.close()

    def on_incomplete_file_received(self, file):
        self.office.note("cut", name=os.path.basename(file), size=os.path.getsize(file))

    def _arrived(self, path):
        folder, name = os.path.split(path)
        if os.path.realpath(folder) != os.path.realpath(self.office.entree):
            return
        self.office.take(name, self.meta, copy=self.keep)
        self.meta = {}

    def on_file_sent(self, file):
        if self.mode != "ftp":
            os.remove(file)  # the DGFiP removes a return once it is downloaded (helios 6.2)
        self.office.note("fetched", name=os.path.basename(file))

    def ftp_MLSD(self, path):
        if self.misbehaviour.get("no_mlsd"):
            self.respond("500 Unknown command.")
            return None
        if not self.misbehaviour.get("lie_size"):
            return super().ftp_MLSD(path)
        lines = b"".join(self.fs.format_mlsx(path, os.listdir(path), self.authorizer.get_perms(self.username),
                                             {"type", "size", "modify"}))
        self.push_dtp_data(SIZE.sub(self._other_size, lines), cmd="MLSD")
        return path

    def ftp_SIZE(self, path):
        if not self.misbehaviour.get("lie_size"):
            return super().ftp_SIZE(path)
        self.respond(f"213 {max(0, os.path.getsize(path) + int(self.misbehaviour.get('lie_size')))}")
        return None

    def _other_size(self, found):
        return b"size=%d" % max(0, int(found[1]) + int(self.misbehaviour.get("lie_size")))

    def ftp_LIST(self, path):
        if self.misbehaviour.get("odd_list"):
            self.push_dtp_data(b"Nom            Taille\r\n", cmd="LIST")
            return path
        return super().ftp_LIST(path)

    def ftp_NLST(self, path):
        if not self.misbehaviour.get("nlst_with_path"):
            return super().ftp_NLST(path)
        folder = self.fs.fs2ftp(path).rstrip("/")
        names = "".join(f"{folder}/{name}\r\n" for name in sorted(os.listdir(path)))
        self.push_dtp_data(names.encode("utf-8"), cmd="NLST")
        return path


def make_server(mode, home, user, password, port, certificate, **shared):
    """A server on 127.0.0.1; port 0 takes a free one. `shared` goes onto the handler class."""
    config_logging(level=40)
    secure = mode == "ftps"
    base = TLS_FTPHandler if secure else FTPHandler
    commands = dict(base.proto_cmds)
    for name in SITES:
        commands[name] = {"perm": None, "auth": True, "arg": True, "help": f"Syntax: {name} value"}
    authorizer = DummyAuthorizer()
    authorizer.add_user(user, password, home, perm="elradfmwMT")
    values = {"proto_cmds": commands, "authorizer": authorizer, "mode": mode,
              "dtp_handler": TlsData if secure else PlainData, "trace": staticmethod(shared.pop("trace")), **shared}
    if secure:
        values.update(certfile=certificate, tls_control_required=True, tls_data_required=True)
    return FTPServer(("127.0.0.1", port), type("Peer", (PeerMixin, base), values))
