#!/usr/bin/python3
"""An authority for time stamps: HTTP around `openssl ts -reply`, for tests.

    tsa.py --dir FOLDER --port-file FILE --certificate PEM --key PEM [--chain PEM] [--user U --password P]
           [--tls-certificate PEM --tls-key PEM]

It listens on 127.0.0.1 at a free port and stamps with the machine's time. Every question is a line of FOLDER/questions.
FOLDER/fault, read for every question, makes it misbehave:

    down       503                      nonsense   bytes that are no answer
    html       a page with 200          refuse     PKIStatus 2
    replay     the answer to an earlier question   silent   the connection is cut without an answer
"""

import argparse
import base64
import http.server
import os
import pathlib
import ssl
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools/sim/common"))
import life  # noqa: E402

CONFIG = """
[tsa]
default_tsa = sample
[sample]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.250.1.999.3.1
other_policies = 1.2.250.1.999.3.2
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""
REFUSAL = bytes.fromhex("30053003020102")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        question = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        given = self.server.given
        with self.server.turn:
            with open(given.dir / "questions", "a", encoding="ascii") as file:
                file.write(base64.b64encode(question).decode() + "\n")
            fault = (given.dir / "fault").read_text().strip() if (given.dir / "fault").exists() else ""
            if given.user and self.headers.get("Authorization") != "Basic " + base64.b64encode(
                    f"{given.user}:{given.password}".encode()).decode():
                return self.say(401, b"", "text/plain")
            if self.headers.get("Content-Type") != "application/timestamp-query":
                return self.say(415, b"", "text/plain")
            return self.answer(question, fault)

    def answer(self, question, fault):
        if fault == "silent":
            self.close_connection = True
            return self.connection.close()
        if fault == "down":
            return self.say(503, b"", "text/plain")
        if fault == "html":
            return self.say(200, b"<html></html>", "text/html")
        if fault == "nonsense":
            return self.say(200, b"nonsense")
        if fault == "refuse":
            return self.say(200, REFUSAL)
        if fault != "replay" or self.server.earlier is None:
            self.server.earlier = self.stamp(question)
        return self.say(200, self.server.earlier)

    def stamp(self, question):
        given = self.server.given
        (given.dir / "question.tsq").write_bytes(question)
        chain = ["-chain", str(given.chain)] if given.chain else []
        subprocess.run(["openssl", "ts", "-reply", "-config", str(given.dir / "tsa.cnf"), "-queryfile",
                        str(given.dir / "question.tsq"), "-signer", str(given.certificate), "-inkey", str(given.key),
                        *chain, "-out", str(given.dir / "answer.tsr")], check=True, capture_output=True)
        return (given.dir / "answer.tsr").read_bytes()

    def say(self, status, body, media_type="application/timestamp-reply"):
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    parser = argparse.ArgumentParser()
    for name in ("dir", "certificate", "key"):
        parser.add_argument("--" + name, type=pathlib.Path, required=True)
    for name in ("chain", "tls-certificate", "tls-key"):
        parser.add_argument("--" + name, type=pathlib.Path)
    parser.add_argument("--port-file", required=True)
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    given = parser.parse_args()
    (given.dir / "tsa.cnf").write_text(CONFIG.format(folder=given.dir))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.given, server.turn, server.earlier = given, threading.Lock(), None
    if given.tls_certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(given.tls_certificate, given.tls_key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.timeout = 0.2
    alive = life.Life(3600)
    life.publish(given.port_file, str(server.server_address[1]))
    while alive.goes_on():
        server.handle_request()


if __name__ == "__main__":
    os.umask(0o077)
    main()
