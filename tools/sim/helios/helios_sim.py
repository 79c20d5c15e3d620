#!/usr/bin/python3
"""The simulated Hélios: real FTP(S) or SFTP server in front, an office behind that answers by scenario."""

import argparse
import json
import os
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # the source tree stays clean
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "common"))

import scenarios
from ledger import Ledger
from life import Life, publish
from faults import KNOWN
from misbehaviour import Misbehaviour
from office import Checks, Office


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dir", required=True, help="the simulator's own folder; kept between runs")
    parser.add_argument("--mode", required=True, choices=("ftp", "gateway", "ftps", "sftp"))
    parser.add_argument("--pki", help="folder with server.pem (certificate and key) and ca.pem; made when absent")
    parser.add_argument("--scenario", default="positive", help="name or JSON file: " + ", ".join(scenarios.NAMES))
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--port-file", help="gets the port once the server listens")
    parser.add_argument("--ledger", help="default: ledger.jsonl in --dir")
    parser.add_argument("--user", default="demat", help="FTP only")
    parser.add_argument("--password", default="demat-test", help="FTP only")
    parser.add_argument("--keep-deposits", action="store_true", help="deposits stay visible in entree/")
    parser.add_argument("--delay", type=float, help="seconds before an acquit")
    parser.add_argument("--late", type=float, help="seconds before a late acquit")
    parser.add_argument("--return-after", type=float, help="seconds from an acquit to a PES_Retour; 0: by marker only")
    parser.add_argument("--xsd", default="", help="validate deposits with xmllint")
    parser.add_argument("--verify-signature", action="store_true", help="verify deposits with xmlsec1")
    parser.add_argument("--trusted", default="", help="PEM of the signers' authority for --verify-signature")
    parser.add_argument("--misbehave", action="append", default=[], metavar="FAULT=VALUE", help=", ".join(KNOWN))
    parser.add_argument("--passive-ports", help="FTP only: these ports for data connections, with commas between")
    parser.add_argument("--max-seconds", type=float, default=3600)
    return parser.parse_args()


def make_plan(options):
    plan = scenarios.load(options.scenario)
    for name in ("delay", "late", "return_after"):
        if getattr(options, name) is not None:
            setattr(plan, name, getattr(options, name))
    return plan


def make_certificates(folder):
    """A throw-away authority and a server certificate for localhost and 127.0.0.1."""
    os.makedirs(folder, exist_ok=True)
    name = lambda file: os.path.join(folder, file)
    if os.path.exists(name("server.pem")):
        return
    openssl = lambda *arguments: subprocess.run(["/usr/bin/openssl", *arguments], check=True, capture_output=True)
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *key, "-subj", "/CN=Test peer CA", "-days", "30", "-keyout", name("ca.key"), "-out",
            name("ca.pem"))
    openssl("req", *key, "-subj", "/CN=localhost", "-keyout", name("server.key"), "-out", name("server.csr"))
    with open(name("server.ext"), "w", encoding="ascii") as file:
        file.write("subjectAltName=DNS:localhost,IP:127.0.0.1,IP:127.0.0.2\nextendedKeyUsage=serverAuth\n")
    openssl("x509", "-req", "-in", name("server.csr"), "-CA", name("ca.pem"), "-CAkey", name("ca.key"), "-days", "30",
            "-extfile", name("server.ext"), "-out", name("server.crt"))
    with open(name("server.part"), "wb") as out:
        for part in ("server.crt", "server.key"):
            with open(name(part), "rb") as file:
                out.write(file.read())
    os.rename(name("server.part"), name("server.pem"))


def describe(options, port, **more):
    """Where and how to connect, for whoever started the simulator."""
    facts = {"mode": options.mode, "host": "127.0.0.1", "port": port, "send_directory": "entree/",
             "return_directory": "sortie/", **more}
    publish(os.path.join(options.dir, "sim.json"), json.dumps(facts, indent=1))
    publish(options.port_file, f"{port}\n")


def serve_ftp(options, office, faults, life):
    import ftp_side  # pylint: disable=import-outside-toplevel; pyftpdlib is not needed for SFTP

    pki = options.pki or os.path.join(options.dir, "pki")
    if options.mode == "ftps":
        make_certificates(pki)
    ports = [int(port) for port in options.passive_ports.split(",")] if options.passive_ports else None
    with open(os.path.join(options.dir, "trace.log"), "a", encoding="utf-8", errors="replace", buffering=1) as trace:
        server = ftp_side.make_server(
            options.mode, os.path.join(options.dir, "home"), options.user, options.password, options.port,
            os.path.join(pki, "server.pem"), office=office, misbehaviour=faults, keep=options.keep_deposits,
            passive_ports=ports, trace=lambda line: trace.write(line + "\n"))
        describe(options, server.socket.getsockname()[1], user=options.user, password=options.password,
                 ca=os.path.join(pki, "ca.pem") if options.mode == "ftps" else "")
        while life.goes_on():
            server.serve_forever(timeout=0.2, blocking=False, handle_exit=False)
        server.close_all()


def serve_sftp(options, office, life):
    import sftp_side  # pylint: disable=import-outside-toplevel

    sshd = sftp_side.Sshd(options.dir, options.port)
    sshd.start()
    watch = sftp_side.Watch(office, options.keep_deposits)
    describe(options, sshd.port, user=sshd.user, key=sshd.key, known_hosts=sshd.known_hosts)
    try:
        while life.goes_on():
            watch.look()
            time.sleep(0.1)
    finally:
        sshd.stop()


def main():
    options = parse_arguments()
    options.dir = os.path.abspath(options.dir)
    os.makedirs(options.dir, exist_ok=True)
    life = Life(options.max_seconds)
    faults = Misbehaviour(os.path.join(options.dir, "misbehave.json"), KNOWN)
    if options.misbehave:
        faults.set(**dict(entry.partition("=")[::2] for entry in options.misbehave))
    ledger = Ledger(options.ledger or os.path.join(options.dir, "ledger.jsonl"))
    checks = Checks(options.xsd, options.verify_signature, options.trusted)
    office = Office(options.dir, make_plan(options), ledger, checks, faults)
    office.start()
    if options.mode == "sftp":
        serve_sftp(options, office, life)
    else:
        serve_ftp(options, office, faults, life)
    return 0


if __name__ == "__main__":
    sys.exit(main())
