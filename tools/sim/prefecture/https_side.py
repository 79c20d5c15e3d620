"""Where envelopes are posted: HTTPS with required client certificates, multipart bodies of any size on disk."""

import http.server
import mmap
import os
import re
import select
import shutil
import socket
import ssl
import struct
import threading
import time

import deposit as deposits

PIECE = 65_536


class Dropped(Exception):
    """The connection was reset on purpose."""


def make_context(pki, certificate, required):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(pki, certificate + ".pem"), os.path.join(pki, certificate + ".key"))
    context.load_verify_locations(os.path.join(pki, "ca.pem"))
    context.verify_mode = ssl.CERT_REQUIRED if required else ssl.CERT_NONE
    return context


def split_parts(path, boundary):
    """[(field, filename or None, begin, end)] of a multipart body on disk."""
    parts = []
    mark = b"--" + boundary
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as body:
        place = body.find(mark)
        while place >= 0 and body[place + len(mark):place + len(mark) + 2] != b"--":
            begin = body.find(b"\r\n\r\n", place) + 4
            head = body[place:begin].decode("latin-1")
            after = body.find(b"\r\n" + mark, begin)
            if begin < 4 or after < 0:
                return []
            field = re.search(r'[; ]name="([^"]*)"', head)
            name = re.search(r'filename="([^"]*)"', head)
            parts.append((field.group(1) if field else "", name.group(1) if name else None, begin, after))
            place = after + 2
        return parts if place >= 0 else []


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "prefecture"

    def setup(self):
        self.request.settimeout(120)
        if self.server.faults.get("drop_at") == "handshake":
            # Not before the client has spoken: a reset that comes earlier can make its connect() fail instead.
            select.select([self.request], [], [], 10)
            self._reset()
            raise Dropped
        self.request.do_handshake()
        super().setup()

    def _reset(self):
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.request.close()

    def _drop(self, stage, body=0):
        if self.server.faults.get("drop_at") != stage:
            return
        self.server.ledger.add("cut", stage=stage, body=body)
        self._reset()
        raise Dropped

    def log_message(self, *_arguments):
        pass

    def handle_expect_100(self):
        early = self.server.faults.get("early_status")
        if early:
            self.server.ledger.add("early", status=int(early), body=0)
            self._answer(int(early), close=True)
            return False
        self._drop("headers")
        return True if self.server.faults.get("no_continue") else super().handle_expect_100()

    def do_GET(self):  # pylint: disable=invalid-name
        self._answer(404, close=True)

    def do_POST(self):  # pylint: disable=invalid-name
        self._drop("headers")
        number = self.server.next_number()
        path = os.path.join(self.server.folder, "incoming", f"{number:06d}")
        try:
            size = self._take_body(path, int(self.headers.get("Content-Length", "0")))
            self._consider(path, number, size)
        finally:
            if os.path.exists(path):
                os.unlink(path)

    def _take_body(self, path, promised):
        faults = self.server.faults
        slow = float(faults.get("slow") or 0)
        limit = int(faults.get("drop_after") or 0)
        taken = 0
        with open(path, "wb") as file:
            while taken < promised:
                if faults.get("drop_at") == "body" and taken >= limit:
                    self._drop("body", taken)
                piece = self.rfile.read1(min(PIECE, promised - taken))
                if not piece:
                    self.server.ledger.add("cut", stage="client", body=taken)
                    raise Dropped
                file.write(piece)
                taken += len(piece)
                if slow:
                    time.sleep(len(piece) / slow)
        return taken

    def _consider(self, path, number, size):
        name, style, archive = self._archive(path, number)
        found = deposits.read(name, archive) if archive else None
        status = self._status(found)
        dropped = self.server.faults.get("drop_at") in ("answer", "half_answer")
        taken = found is not None and (status < 300 or bool(self.server.faults.get("take_anyway")))
        self.server.ledger.add(
            "deposit" if taken else "refused", name=name, style=style, sha256=found.sha256 if found else "",
            size=found.size if found else 0, body=size, problem=found.problem if found else "not multipart",
            siren=found.siren if found else "", messages=[message.code for message in found.messages] if found else [],
            status=0 if dropped else status, file=f"{number:06d}.tar.gz", client=self._client(),
            agent=self.headers.get("User-Agent", ""), authorisation=bool(self.headers.get("Authorization")))
        self._drop("answer", size)
        time.sleep(float(self.server.faults.get("late_answer") or 0))
        if taken:
            self.server.office.take(found)
        self._finish(status)

    def _finish(self, status):
        if self.server.faults.get("drop_at") == "half_answer":
            self.wfile.write(b"HTTP/1.1 %d Created\r\nContent-Length: 100\r\n\r\nhalf" % status)
            self._drop("half_answer")
        if self.server.faults.get("endless_headers"):
            self.wfile.write(b"HTTP/1.1 %d Created\r\n" % status)
            while True:
                self.wfile.write(b"X-More: " + b"x" * 1000 + b"\r\n")
        self._answer(status)

    def _client(self):
        names = dict(item for group in self.request.getpeercert().get("subject", ()) for item in group) if self.request.getpeercert() else {}
        return names.get("commonName", "")

    def _archive(self, path, number):
        """(name, style, path of the tar.gz) of a body in either style (actes 5.1)."""
        boundary = re.search(r'boundary="?([^";]+)', self.headers.get("Content-Type", ""))
        parts = split_parts(path, boundary.group(1).encode()) if boundary and os.path.getsize(path) else []
        files = [part for part in parts if part[1] is not None]
        if len(files) != 1:
            return "", "none", None
        field, name, begin, end = files[0]
        style = "single" if len(parts) == 1 and field == name else "three_parts" if [p[0] for p in parts] == ["name", "filename", "file"] else "other"
        target = os.path.join(self.server.folder, "received", f"{number:06d}.tar.gz")
        with open(path, "rb") as source, open(target, "wb") as out:
            source.seek(begin)
            left = end - begin
            while left:
                piece = source.read(min(PIECE, left))
                out.write(piece)
                left -= len(piece)
        return os.path.basename(name), style, target

    def _status(self, found):
        forced = self.server.faults.get("status")
        if forced:
            return int(forced)
        return 400 if found is None else self.server.success

    def _answer(self, status, close=False):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        if close:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port, folder, context, office, ledger, faults, success):
        super().__init__(("127.0.0.1", port), Handler)
        self.folder = folder
        self.office = office
        self.ledger = ledger
        self.faults = faults
        self.success = success
        self._context = context
        self._lock = threading.Lock()
        for name in ("incoming", "received"):
            os.makedirs(os.path.join(folder, name), exist_ok=True)
        shutil.rmtree(os.path.join(folder, "incoming"))
        os.makedirs(os.path.join(folder, "incoming"))
        self._number = len(os.listdir(os.path.join(folder, "received")))

    def next_number(self):
        with self._lock:
            self._number += 1
            return self._number

    def get_request(self):
        raw, address = super().get_request()
        # The handshake is the handler's: one slow client must not hold the others up.
        return self._context.wrap_socket(raw, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request, client_address):
        self.ledger.add("broken", error=type(__import__("sys").exc_info()[1]).__name__)
