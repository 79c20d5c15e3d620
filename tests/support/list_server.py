#!/usr/bin/python3
"""A web server that publishes revocation lists, well or badly. Listens on 127.0.0.1, ends by itself.

    list_server.py --dir FOLDER --port-file FILE

    /lists/NAME        a file of FOLDER/lists, with ETag and Last-Modified; 304 when asked with them
    /bare/NAME         the same without either
    /to?URL            a redirection
    /loop              a redirection to itself
    /huge              bytes without end and without a length
    /long              a length that is too much
    /slow              nothing, until the client goes
    /bomb              a megabyte of zeros, gzip-coded though nobody asked
    /cut               half of what its length promises
    POST /ocsp/NAME    a file of FOLDER/lists as the answer of a responder; what was asked is FOLDER/asked
    anything else      404
Each request is a line of FOLDER/requests: path, and the conditions it came with.
"""

import argparse
import email.utils
import gzip
import hashlib
import http.server
import pathlib
import threading
import time
import urllib.parse

MOST_SECONDS = 600


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def publish(self, name, bare):
        file = self.server.folder / "lists" / pathlib.PurePath(name).name
        if not file.is_file():
            return self.reply(404)
        body = file.read_bytes()
        if bare:
            return self.reply(200, body)
        tag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
        modified = email.utils.formatdate(int(file.stat().st_mtime), usegmt=True)
        asked = self.headers.get("If-None-Match")
        same = asked == tag if asked else self.headers.get("If-Modified-Since") == modified
        return self.reply(304 if same else 200, b"" if same else body, ETag=tag, Last_Modified=modified)

    def stream(self):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        while True:
            self.wfile.write(b"\0" * 65536)

    def do_GET(self):  # noqa: N802, the name is given
        with open(self.server.folder / "requests", "a", encoding="utf-8") as log:
            conditions = [self.headers.get(name, "-") for name in ("If-None-Match", "If-Modified-Since")]
            log.write(" ".join([self.path, "etag" if conditions[0] != "-" else "-", "since" if conditions[1] != "-" else "-"]) + "\n")
        try:
            self.answer()
        except OSError:
            self.close_connection = True  # the client has had enough

    def do_POST(self):  # noqa: N802
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        (self.server.folder / "asked").write_bytes(body)
        with open(self.server.folder / "requests", "a", encoding="utf-8") as log:
            log.write(f"POST {self.path} {self.headers.get('Content-Type')}\n")
        file = self.server.folder / "lists" / pathlib.PurePath(self.path).name
        if self.path.startswith("/ocsp/") and file.is_file():
            self.reply(200, file.read_bytes(), Content_Type="application/ocsp-response")
        elif self.path == "/elsewhere":
            self.reply(307, Location="/ocsp/leaf")
        else:
            self.reply(404)

    def answer(self):
        path, _, query = self.path.partition("?")
        if path.startswith("/lists/"):
            self.publish(path[7:], bare=False)
        elif path.startswith("/bare/"):
            self.publish(path[6:], bare=True)
        elif path == "/to":
            self.reply(302, Location=urllib.parse.unquote(query))
        elif path == "/loop":
            self.reply(302, Location="/loop")
        elif path == "/huge":
            self.stream()
        elif path == "/long":
            self.send_response(200)
            self.send_header("Content-Length", "9999999999")
            self.end_headers()
            self.close_connection = True
        elif path == "/slow":
            time.sleep(30)
        elif path == "/bomb":
            self.reply(200, gzip.compress(b"\0" * 1_000_000), Content_Encoding="gzip")
        elif path == "/cut":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"x" * 500)
            self.close_connection = True
        else:
            self.reply(404)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dir", type=pathlib.Path, required=True)
    parser.add_argument("--port-file", type=pathlib.Path, required=True)
    options = parser.parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.folder = options.dir
    (options.dir / "lists").mkdir(parents=True, exist_ok=True)
    threading.Timer(MOST_SECONDS, server.shutdown).start()
    beside = options.port_file.with_suffix(".new")
    beside.write_text(str(server.server_port))
    beside.rename(options.port_file)
    server.serve_forever()


if __name__ == "__main__":
    main()
