#!/usr/bin/python3
"""Hostile clients, documents and peers against a running daemon. After each wave it still serves, and its memory is what it was."""

import base64
import gzip
import itertools
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

import rig
from vitals import resident

FAST = (('port_file = "port"', 'port_file = "port"\nheader_timeout = "3s"\nidle_timeout = "5s"\nbody_timeout = "3s"'),)
HOST = b"Host: localhost\r\n"


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-hostile-"))
        cls.simulator = rig.Simulator(cls.folder / "sim", "sftp", "--delay", "0.05")
        cls.gateway = rig.Gateway(cls.folder / "gateway", cls.simulator)
        text = cls.gateway.config.read_text()
        for old, new in FAST:
            assert old in text
            text = text.replace(old, new)
        cls.gateway.config.write_text(text)
        cls.gateway.start()
        cls.gateway.declare()
        cls.numbers = itertools.count(1)
        cls.accept_one()  # caches are warm
        cls.before = resident(cls.gateway.process.pid)

    @classmethod
    def tearDownClass(cls):
        cls.gateway.stop()
        cls.simulator.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def tearDown(self):
        """The wave is over: the daemon serves as before."""
        self.assertIsNone(self.gateway.process.poll(), "the daemon died")
        self.accept_one()
        grown = resident(self.gateway.process.pid) - self.before
        self.assertLess(grown, 120_000_000, "memory after the wave")

    @classmethod
    def accept_one(cls):
        agent = cls.gateway.api("valjoie")
        name = f"SAIN-{next(cls.numbers):04d}"
        status, _, answer = agent.submit(rig.sample("depense", rig.VALJOIE_SIREN, name, "--dematerialise", "--ids"))
        assert status == 202, answer
        rig.until("a normal flow", lambda: agent.flow(answer["id"])["state"] == "acknowledged", 60)
        agent.close()

    def context(self, name="valjoie"):
        context = ssl.create_default_context(cafile=str(self.gateway.pki / "ca.pem"))
        if name:
            context.load_cert_chain(str(self.gateway.pki / f"{name}.pem"), str(self.gateway.pki / f"{name}.key"))
        return context

    def connect(self, name="valjoie"):
        plain = socket.create_connection(("127.0.0.1", self.gateway.port), timeout=15)
        return self.context(name).wrap_socket(plain, server_hostname="localhost")

    @staticmethod
    def rest(connection, seconds=12):
        """What comes until the server hangs up; fails when it does not."""
        connection.settimeout(seconds)
        out = b""
        try:
            while piece := connection.recv(65536):
                out += piece
        except (ConnectionResetError, ssl.SSLError):
            pass
        return out

    def exchange(self, request, name="valjoie"):
        with self.connect(name) as connection:
            try:
                connection.sendall(request)
            except OSError:
                pass  # it may hang up while we talk
            return self.rest(connection)

    # Slow clients

    def test_slow_heads_and_bodies_are_cut_and_others_served(self):
        slow = [self.connect() for _ in range(60)]
        head = b"POST /v1/flows HTTP/1.1\r\n" + HOST
        body = head + b"Content-Type: application/xml\r\nContent-Length: 100000\r\n\r\n<"
        began, cut = time.monotonic(), 0
        for number, one in enumerate(slow):
            one.settimeout(10)
            one.sendall(head if number % 2 else body)
        silent = [socket.create_connection(("127.0.0.1", self.gateway.port)) for _ in range(20)]  # not even a ClientHello
        stop = threading.Event()

        def drip():
            while not stop.wait(0.3):
                for one in slow:
                    try:
                        one.send(b"x")
                    except OSError:
                        pass

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        agent = self.gateway.api("valjoie")
        for _ in range(10):
            asked = time.monotonic()
            self.assertEqual(agent.json("GET", "/v1/whoami")[0], 200)
            self.assertLess(time.monotonic() - asked, 2)
        agent.close()
        for one in slow:
            self.rest(one)
            cut += 1
        stop.set()
        dripping.join()
        self.assertEqual(cut, 60)
        self.assertLess(time.monotonic() - began, 15)
        for one in silent:
            one.settimeout(40)
            self.assertEqual(one.recv(10), b"", "a connection without a handshake ends")
            one.close()
        for one in slow:
            one.close()

    # Heads

    def test_oversized_heads(self):
        cases = {
            "one long header": b"GET /livez HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 40000 + b"\r\n\r\n",
            "many headers": b"GET /livez HTTP/1.1\r\n" + HOST + b"".join(b"X%d: a\r\n" % i for i in range(5000)) + b"\r\n",
            "long target": b"GET /" + b"a" * 40000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
            "long method": b"G" * 40000 + b" / HTTP/1.1\r\n" + HOST + b"\r\n",
            "no end": b"GET /livez HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 200000,
        }
        for name, request in cases.items():
            with self.subTest(name):
                answer = self.exchange(request)
                self.assertRegex(answer[:12], rb"^(HTTP/1\.1 4(00|14|31)|)$")

    def test_smuggling(self):
        inner = b"GET /v1/whoami HTTP/1.1\r\n" + HOST + b"\r\n"
        post = b"POST /v1/check HTTP/1.1\r\n" + HOST + b"Content-Type: application/xml\r\n"
        framings = [
            b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
            b"Content-Length: 4\r\nContent-Length: 5\r\n", b"Content-Length: 4, 5\r\n", b"Content-Length: +4\r\n",
            b"Content-Length: 0x4\r\n", b"Content-Length: -1\r\n", b"Content-Length: 99999999999999999999\r\n",
            b"Content-Length: 4 4\r\n", b"Content-Length : 4\r\n", b"Transfer-Encoding : chunked\r\n",
            b"Transfer-Encoding: xchunked\r\n", b"Transfer-Encoding: chunked, identity\r\n",
            b"Transfer-Encoding: identity, chunked\r\n", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
            b"Transfer-Encoding:\x0bchunked\r\n", b"Transfer-Encoding: \"chunked\"\r\n", b"Transfer-Encoding: gzip\r\n", b"X: a\x00b\r\n", b"X: a\rTransfer-Encoding: chunked\r\n",
            b"X: y\r\n Transfer-Encoding: chunked\r\n",
        ]
        for framing in framings:
            with self.subTest(framing):
                answer = self.exchange(post + framing + b"\r\n0\r\n\r\n" + inner)
                # One answer at most, and the connection is over: nothing that follows is taken for a request.
                self.assertLessEqual(answer.count(b"HTTP/1.1 "), 1, answer)
                self.assertNotIn(b"HTTP/1.1 200", answer)
        # An unknown header: no body, and what follows is no request.
        plain = post + b"Transfer_Encoding: chunked\r\n" + b"\r\n0\r\n\r\n" + inner
        self.assertEqual(re.findall(rb"HTTP/1\.1 (\d+)", self.exchange(plain)), [b"200", b"400"])

    def test_bad_chunks_and_lines(self):
        chunked = b"POST /v1/check HTTP/1.1\r\n" + HOST + b"Content-Type: application/xml\r\nTransfer-Encoding: chunked\r\n\r\n"
        cases = [chunked + size + b"\r\n<a/>\r\n0\r\n\r\n" for size in (
            b"-4", b"+4", b"0x4", b"4 ", b"ffffffffffffffffff", b"4\x00", b"", b"g", b"4;" + b"a" * 100000)]
        cases += [b"GET http://localhost/v1/whoami HTTP/1.1\r\n" + HOST + b"\r\n", b"GET /livez HTTP/9.9\r\n" + HOST + b"\r\n",
                  b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x00\x01\x02garbage\r\n\r\n", b"GET\t/livez\tHTTP/1.1\r\n" + HOST + b"\r\n",
                  b"GET /livez\r\n\r\n", b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n", b"\r\n" * 5000]
        for request in cases:
            with self.subTest(request[-60:]):
                answer = self.exchange(request)
                self.assertNotIn(b"HTTP/1.1 5", answer)
                self.assertLessEqual(answer.count(b"HTTP/1.1 "), 1)

    def test_pipelined_garbage_after_a_good_request(self):
        good = b"GET /v1/whoami HTTP/1.1\r\n" + HOST + b"\r\n"
        answer = self.exchange(good + good + b"\x16\x03garbage without end " * 100 + b"\r\n\r\n" + good)
        self.assertEqual(answer.count(b"HTTP/1.1 200"), 2, answer[:300])
        self.assertNotIn(b"HTTP/1.1 5", answer)

    # TLS

    def test_broken_handshakes(self):
        hello = self.client_hello()
        cases = {"http": b"GET / HTTP/1.1\r\n\r\n", "garbage": os.urandom(5000), "short record": b"\x16\x03\x01\x40\x00",
                 "half a hello": hello[:len(hello) // 2], "hello, then garbage": hello + os.urandom(2000),
                 "huge record": b"\x16\x03\x01\xff\xff" + b"a" * 70000, "ssl2": b"\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10",
                 "alert": b"\x15\x03\x01\x00\x02\x02\x28"}
        for name, data in cases.items():
            with self.subTest(name):
                with socket.create_connection(("127.0.0.1", self.gateway.port)) as connection:
                    try:
                        connection.sendall(data)
                        self.assertNotIn(b"HTTP/", self.rest(connection, 40))
                    except (BrokenPipeError, ConnectionResetError):
                        pass  # cut while we talk

    @staticmethod
    def client_hello():
        ours, out = ssl.MemoryBIO(), ssl.MemoryBIO()
        engine = ssl.create_default_context().wrap_bio(ours, out, server_hostname="localhost")
        try:
            engine.do_handshake()
        except ssl.SSLWantReadError:
            pass
        return out.read()

    def openssl(self, *options, talk=b"", name="valjoie"):
        """What s_client says; `talk` is typed when the handshake is over."""
        pki = self.gateway.pki
        with subprocess.Popen(["openssl", "s_client", "-connect", f"127.0.0.1:{self.gateway.port}", "-CAfile", str(pki / "ca.pem"),
                               "-cert", str(pki / f"{name}.pem"), "-key", str(pki / f"{name}.key"), *options],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as client:
            time.sleep(0.7)
            try:
                return client.communicate(talk, timeout=15)[0]
            except subprocess.TimeoutExpired:
                client.kill()
                return client.communicate()[0]

    def test_old_protocols_and_renegotiation_are_refused(self):
        for version in ("-tls1", "-tls1_1"):
            with self.subTest(version):
                said = self.openssl(version, "-cipher", "DEFAULT@SECLEVEL=0")
                self.assertIn(b"Cipher is (NONE)", said)
        said = self.openssl("-tls1_2", talk=b"R\nGET /v1/whoami HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertIn(b"RENEGOTIATING", said)
        self.assertNotIn(b"HTTP/1.1 200", said)

    def test_certificates_that_are_not_good_enough(self):
        pki, quiet = self.gateway.pki, {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subject = ["-nodes", "-newkey", "rsa:2048", "-subj", "/CN=intrus"]
        subprocess.run(["openssl", "req", "-x509", *subject, "-days", "2", "-keyout", str(pki / "self.key"), "-out",
                        str(pki / "self.pem")], **quiet)
        subprocess.run(["openssl", "req", "-new", *subject, "-keyout", str(pki / "old.key"), "-out", str(pki / "old.csr")], **quiet)
        # Ended before it began: openssl 3.0 takes no dates for x509 -req, but negative days.
        subprocess.run(["openssl", "x509", "-req", "-in", str(pki / "old.csr"), "-CA", str(pki / "ca.pem"), "-CAkey",
                        str(pki / "ca.key"), "-set_serial", "77", "-days", "-1", "-out", str(pki / "old.pem")], **quiet)
        for name in ("self", "old"):
            with self.subTest(name):
                try:
                    answer = self.exchange(b"GET /v1/whoami HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", name)
                except (ssl.SSLError, ConnectionResetError):
                    continue  # TLS 1.3 tells at the first read, or at once
                self.assertNotIn(b"HTTP/1.1 200", answer)

    def test_no_server_name_is_no_obstacle(self):
        context = self.context()
        context.check_hostname = False
        with context.wrap_socket(socket.create_connection(("127.0.0.1", self.gateway.port))) as connection:
            connection.sendall(b"GET /v1/whoami HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
            self.assertIn(b"HTTP/1.1 200", self.rest(connection))

    # Names

    def test_path_tricks(self):
        for path in ("/v1/flows/../../etc/passwd", "/v1/flows/%2e%2e/%2e%2e/etc/passwd", "/v1/flows/%00", "/v1/flows/a%00b",
                     "/v1/flows/%c0%ae%c0%ae%c0%afetc", "/v1/flows/..%5c..%5cetc", "/v1//flows", "/v1/flows/%", "/v1/flows/%zz",
                     "/v1/flows/" + "a" * 4096, "/v1/flows/%0d%0aX-Injected:%20yes", "/v1/flows?cursor=%00%ff%fe",
                     "/v1/flows?limit=99999999999999999999", "/v1/flows?state=%0d%0a", "/v1/flows/1'%20OR%20'1'='1"):
            with self.subTest(path[:60]):
                answer = self.exchange(b"GET " + path.encode() + b" HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
                self.assertRegex(answer[:12], rb"^HTTP/1\.1 4")
                self.assertNotIn(b"X-Injected", answer.split(b"\r\n\r\n")[0])

    def test_file_names_of_clients(self):
        agent = self.gateway.api("valjoie")
        for number, name in enumerate(("../../../../tmp/evil.xml", "..\\..\\evil.xml", "/etc/passwd", "a" * 4096, "%0d%0aX: y",
                                       "con\x7f.xml", "%00.xml", "-rf", "$(touch evil)", "é".encode().decode("latin-1"))):
            with self.subTest(name[:40]):
                content = rig.sample("depense", rig.VALJOIE_SIREN, f"NOM-{number:04d}", "--dematerialise", "--ids")
                status, _, body = agent.raw("POST", "/v1/flows", content, {"Content-Type": "application/xml", "Demat-File-Name": name})
                self.assertIn(status, (202, 400, 422), body)
                if status == 202:
                    flow_id = json.loads(body)["id"]
                    shown = agent.flow(flow_id).get("file_name", "")
                    self.assertNotRegex(shown, r"[/\\\x00-\x1f]")
                    headers = agent.raw("GET", f"/v1/flows/{flow_id}/payload")[1]
                    self.assertNotIn("X", headers)
        agent.close()
        self.nothing_outside()

    def test_nomfic_with_tricks(self):
        agent = self.gateway.api("valjoie")
        plain = rig.sample("depense", rig.VALJOIE_SIREN, "PIEGE-NOMFIC", "--dematerialise", "--ids")
        for name in (b"../../evil", b"a&#13;&#10;DELE b.xml", b"a/b", b"a&#0;b", b"%s%n%x", b"x" * 4096, b"a;P_DEST=AUTRE", b"&#x202e;lmx"):
            with self.subTest(name[:40]):
                status, _, answer = agent.submit(plain.replace(b"PIEGE-NOMFIC", name))
                if status == 202:
                    rig.until("an end", lambda: agent.flow(answer["id"])["state"] in ("refused", "acknowledged", "rejected", "sent"), 30)
                else:
                    self.assertIn(status, (400, 422), answer)
        agent.close()
        self.nothing_outside()
        for name in os.listdir(self.simulator.folder / "home/entree"):
            self.assertNotRegex(name, r"[\r\n/]|\.\.")

    def test_return_names_of_a_hostile_peer(self):
        sortie = os.fsencode(self.simulator.folder / "home/sortie")
        names = [b"a\r\nDELE x.xml", b"..evil.xml", b"-rf.xml", b"$(touch evil).xml", b"\xe9t\xe9-ACK-1.xml", b"\xc0\xae\xc0\xae.xml",
                 b"x" * 250 + b".xml", b"\x1b[2J-ACK-2.xml", b"a%00b.xml", b"con\\..\\evil.xml", b" .xml", b"%n%n%n.xml"]
        for name in names:
            with open(os.path.join(sortie, name), "wb") as file:
                file.write(b"<?xml version='1.0'?><x/>")
        os.symlink(b"/etc/passwd", os.path.join(sortie, b"lien-ACK-9.xml"))
        os.mkdir(os.path.join(sortie, b"dossier-ACK-9.xml"))
        operator = self.gateway.api("operator")
        rig.until("some of them taken", lambda: len(operator.json("GET", "/v1/orphans?limit=100")[1]["items"]) >= 3, 40)
        time.sleep(2)
        operator.close()  # it has been idle for too long
        for item in operator.json("GET", "/v1/orphans?limit=100")[1]["items"]:
            status, headers, body = operator.raw("GET", f"/v1/orphans/{item['id']}/payload")
            self.assertEqual(status, 200)
            self.assertNotIn(b"root:", body)
            self.assertNotRegex(headers.get("Content-Disposition", ""), r"[\r\n]")
        operator.close()
        self.nothing_outside()
        for name in names:
            os.unlink(os.path.join(sortie, name))
        os.unlink(os.path.join(sortie, b"lien-ACK-9.xml"))
        os.rmdir(os.path.join(sortie, b"dossier-ACK-9.xml"))

    def nothing_outside(self):
        found = [f for f in self.folder.rglob("*evil*") if "sortie" not in str(f)]
        self.assertEqual((found, pathlib.Path("/tmp/evil.xml").exists()), ([], False))

    # Documents

    def test_xml_bombs(self):
        laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "ha">' + b"".join(
            b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, 12)) + b"]><l>&a11;</l>"
        good = rig.sample("depense", rig.VALJOIE_SIREN, "BOMBE-0001", "--dematerialise", "--ids")
        body = good.split(b"?>", 1)[1]
        declared = lambda name: b'<?xml version="1.0" encoding="' + name + b'"?>' + body
        cases = {
            "billion laughs": laughs,
            "external entity": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
            "external dtd": b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><a/>',
            "deep": b"<a>" * 400_000, "one huge attribute": b'<a b="' + b"x" * 12_000_000 + b'"/>',
            "many attributes": b"<a " + b" ".join(b'a%d="1"' % i for i in range(200_000)) + b"/>",
            "many namespaces": b"<a " + b" ".join(b'xmlns:n%d="u:%d"' % (i, i) for i in range(100_000)) + b"/>",
            "long name": b"<" + b"a" * 5_000_000 + b"/>", "long comment": b"<a><!--" + b"x" * 12_000_000 + b"--></a>",
            "truncated": good[:len(good) // 2], "declared UTF-16": declared(b"UTF-16"), "UTF-16": good.decode("latin-1").encode("utf-16"),
            "EBCDIC": good.decode("latin-1").encode("cp500"), "declared EBCDIC": declared(b"IBM037"), "declared UTF-7": declared(b"UTF-7"),
            "unknown encoding": declared(b"x-" + b"a" * 5000), "bad UTF-8": declared(b"UTF-8").replace(b"BOMBE", b"BO\xff\xfeMBE"),
            "NUL": good.replace(b"BOMBE", b"BO\x00MBE"), "two roots": good + b"<a/>", "gzip": gzip.compress(good), "only blanks": b" " * 5_000_000,
        }
        agent = self.gateway.api("valjoie")
        for name, content in cases.items():
            with self.subTest(name):
                began = time.monotonic()
                try:
                    status, _, answer = agent.submit(content)
                except OSError:
                    continue  # cut while the body was on its way
                self.assertEqual(status // 100 if status != 202 else 4, 4, answer)
                if status == 202:  # well-formed as far as the header: refused afterwards
                    rig.until("refused", lambda: agent.flow(answer["id"])["state"] == "refused", 30)
                else:
                    self.assertTrue(answer.get("code"), answer)
                    self.assertNotIn("/etc", answer.get("detail", ""))
                self.assertLess(time.monotonic() - began, 30)
        agent.close()

    def test_gzip_bomb_in_an_attachment(self):
        """PJ are gzip in base64: nothing of ours unpacks them."""
        bomb = base64.b64encode(gzip.compress(b"\0" * 300_000_000, 6))
        plain = rig.sample("pj", rig.MONTBRUME_SIREN, "BOMBE-PJ-01", "--size", "5000")
        begin = plain.index(b">", plain.index(b"<Fichier")) + 1
        end = plain.index(b"</Fichier>")
        agent = self.gateway.api("montbrume")
        before = resident(self.gateway.process.pid)
        status, _, answer = agent.submit(plain[:begin] + bomb + plain[end:])
        self.assertEqual(status, 202, answer)
        peak = before

        def ended():
            nonlocal peak
            peak = max(peak, resident(self.gateway.process.pid))
            return agent.flow(answer["id"])["state"] in ("acknowledged", "refused", "rejected", "sent")

        rig.until("its end", ended, 60)
        agent.close()
        self.assertLess(peak - before, 60_000_000)


if __name__ == "__main__":
    unittest.main(verbosity=2)
