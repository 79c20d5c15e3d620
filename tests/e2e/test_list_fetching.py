#!/usr/bin/python3
"""Revocation lists fetched from a web server, as an operator sees it: a flow waits for one, gets it, and goes on."""

import os
import subprocess
import time
import unittest

import rig
from test_trust import Believing


class ListServer:
    """tests/support/list_server.py"""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        command = [rig.PYTHON, str(rig.SOURCE / "tests/support/list_server.py"), "--dir", str(folder), "--port-file", str(folder / "port")]
        self.process = subprocess.Popen(command)
        rig.until("the server of lists", lambda: (folder / "port").exists())
        self.url = f"http://127.0.0.1:{(folder / 'port').read_text()}/lists/sample.crl"
        self.lists = folder / "lists"

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def issue_signer(pki, name, place):
    """A signing certificate that says where to learn about its revocation; its serial number."""
    serial = "5" + os.urandom(7).hex().upper() + "7"
    extensions = pki / f"{name}.ext"
    extensions.write_text(f"basicConstraints=critical,CA:FALSE\nkeyUsage=critical,nonRepudiation\n{place}\n")
    for command in (
            ["req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", f"/C=FR/CN={name}", "-keyout", f"{name}.key", "-out",
             f"{name}.csr"],
            ["x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "0x" + serial,
             "-sha256", "-days", "30", "-extfile", str(extensions), "-out", f"{name}.pem"]):
        subprocess.run(["openssl", *command], cwd=pki, check=True, capture_output=True)
    return serial


class Fetching(Believing):
    def adapted(self, text):
        self.server = ListServer(self.folder / "web")
        self.addCleanup(self.server.stop)
        # A flow left to itself would wait too long for this test.
        text = text.replace('first = "100ms"\nmax = "1s"', 'first = "10min"\nmax = "15min"', 1)
        return text + 'fetch = true\nfetch_hosts = ["127.0.0.1"]\n'

    def place(self):
        operator = self.gateway.api("operator")
        profile = operator.json("GET", "/v1/trust")[1]["items"][0]
        operator.close()
        return next((place for place in profile["places"] if place["url"] == self.server.url), None)

    def test_a_flow_waits_for_a_list_that_is_then_fetched(self):
        issue_signer(self.gateway.pki, "fetched-signer",
                     f"crlDistributionPoints=URI:{self.server.url},URI:http://crl.example.fr/x.crl")
        self.authority.publish(self.server.lists)
        flow = self.post(self.signed("FETCH-1", "fetched-signer"))
        self.comes_to(flow, "acknowledged", 60)
        code, text = self.ctl("signatures", flow, who="montbrume")
        self.assertEqual(code, 0, text)
        events = self.agent.json("GET", f"/v1/flows/{flow}/events")[1]["items"]
        self.assertIn("verb.retry", [event["code"] for event in events], "the list should have hurried it")
        report = self.agent.json("GET", f"/v1/flows/{flow}/signatures")[1]
        self.assertIn("fetched/at-127.0.0.1-", str(report))
        self.assertEqual(list((self.trust / "crls").iterdir()), [], "the operator's folder is the operator's")
        code, text = self.ctl("certs", "ls")
        self.assertEqual(code, 0, text)
        for part in (self.server.url, "trust.fetch_host", "server", "signer"):
            self.assertIn(part, text)
        # Revoked: the next look knows.
        self.authority.revoke("fetched-signer")
        self.authority.publish(self.server.lists)
        time.sleep(1.1)  # signing times have seconds
        file = self.signed("FETCH-2", "fetched-signer")
        code, text = self.ctl("certs", "fetch")
        self.assertEqual(code, 0, text)
        rig.until("the new list", lambda: self.ctl("verify", str(file), who="montbrume")[0] == 1, 20, 0.5)
        # Rubbish: told, and the former list stays.
        number = self.place()["number"]
        (self.server.lists / "sample.crl").write_text("<html>It works!</html>")
        code, text = self.ctl("certs", "fetch")
        self.assertEqual(code, 6, text)
        self.assertIn("trust.crl_unreadable", text)
        rig.until("the alarm", lambda: ("trust.fetch_failed", f"essai {self.server.url}") in self.alarms())
        self.assertEqual(self.place()["number"], number)
        self.assertEqual(self.ctl("verify", str(file), who="montbrume")[0], 1)
        # A restart keeps what came.
        self.agent.close()
        self.gateway.stop()
        self.server.stop()
        self.gateway.start()
        self.assertEqual(self.ctl("verify", str(file), who="montbrume")[0], 1)
        self.assertEqual(self.ctl("certs", "fetch", who="montbrume")[0], 4)


class Asking(Believing):
    """openssl's own responder."""

    def adapted(self, text):
        keeper = rig.kept_port()
        self.addCleanup(keeper.close)
        self.port = keeper.getsockname()[1]
        return text + 'fetch = true\nfetch_hosts = ["127.0.0.1"]\nrevocation_by = "ocsp"\n'

    def respond(self):
        pki, folder = self.gateway.pki, self.authority.folder
        process = subprocess.Popen(["openssl", "ocsp", "-port", str(self.port), "-index", str(folder / "index.txt"), "-CA",
                                    str(pki / "ca.pem"), "-rsigner", str(pki / "ca.pem"), "-rkey", str(pki / "ca.key"),
                                    "-nmin", "60"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait, 10)
        self.addCleanup(process.terminate)

    def test_a_flow_waits_for_an_answer_that_is_then_fetched(self):
        pki = self.gateway.pki
        serial = issue_signer(pki, "asked-signer", f"authorityInfoAccess=OCSP;URI:http://127.0.0.1:{self.port}/")
        (self.authority.folder / "index.txt").write_text(f"V\t401231235959Z\t\t{serial}\tunknown\t/C=FR/CN=asked-signer\n")
        self.respond()
        flow = self.post(self.signed("ASK-1", "asked-signer"))
        self.comes_to(flow, "acknowledged", 60)
        report = self.agent.json("GET", f"/v1/flows/{flow}/signatures")[1]
        self.assertIn("fetched/of-", str(report))
        self.assertIn(f"http://127.0.0.1:{self.port}/", self.ctl("certs", "ls")[1])


if __name__ == "__main__":
    unittest.main()
