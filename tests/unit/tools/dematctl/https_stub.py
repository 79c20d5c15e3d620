"""A real HTTPS server that asks for a client certificate and answers as a gateway would; for curl_client_test."""

import email
import hashlib
import http.server
import json
import os
import ssl
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self, status, body, kind="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _parts(self, body):
        """Name, file name and digest of each part of a form."""
        kind = self.headers.get("Content-Type", "")
        if not kind.startswith("multipart/form-data"):
            return []
        form = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
        return [{"name": part.get_param("name", header="Content-Disposition"), "file": part.get_filename("") != "",
                 "sha256": hashlib.sha256(part.get_payload(decode=True)).hexdigest()} for part in form.get_payload()]

    def _facts(self, body):
        subject = dict(pair[0] for pair in self.connection.getpeercert()["subject"])
        return json.dumps({"client": subject["commonName"], "method": self.command, "path": self.path,
                           "authority": self.headers.get("Demat-Authority", ""),
                           "file": self.headers.get("Demat-File-Name", ""), "size": len(body), "parts": self._parts(body),
                           "sha256": hashlib.sha256(body).hexdigest()}).encode()

    def _any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/bytes":
            self._answer(200, bytes(range(256)) * 4096, "application/xml")
        elif self.path == "/missing":
            self._answer(404, b'{"code":"flow.not_found","detail":"Inconnu.","detail_en":"Unknown."}',
                         "application/problem+json")
        else:
            self._answer(200, self._facts(body))

    do_GET = do_POST = do_PUT = _any

    def log_message(self, *_):
        pass


def main():
    certificate, key, authority, port_file = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(authority)
    context.verify_mode = ssl.CERT_REQUIRED
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    with open(port_file + ".new", "w", encoding="ascii") as file:
        file.write(str(server.server_address[1]))
    os.rename(port_file + ".new", port_file)
    server.serve_forever()


main()
