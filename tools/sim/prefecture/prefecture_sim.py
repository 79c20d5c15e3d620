#!/usr/bin/python3
"""The simulated préfecture: takes envelopes over HTTPS, answers by mail into a real Dovecot mailbox."""

import argparse
import json
import os
import sys
import threading
import time

sys.dont_write_bytecode = True  # the source tree stays clean
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "common"))

import https_side
import pki
import scenarios
from ledger import Ledger
from life import Life, publish
from dovecot import Mailbox
from faults import KNOWN
from misbehaviour import Misbehaviour
from office import Office, Settings


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dir", required=True, help="the simulator's own folder, with a short path; kept between runs")
    parser.add_argument("--port", type=int, default=0, help="HTTPS")
    parser.add_argument("--imap-port", type=int, default=0)
    parser.add_argument("--port-file", help="gets the HTTPS port once everything listens")
    parser.add_argument("--success", type=int, default=201, help="what a deposit is answered")
    parser.add_argument("--server-certificate", default="server", choices=("server", "expired", "elsewhere"))
    parser.add_argument("--imap-certificate", default="server", choices=("server", "expired", "elsewhere"))
    parser.add_argument("--no-client-certificate", action="store_true", help="do not ask for one")
    parser.add_argument("--address", default="actes@operateur.test", help="the mailbox; answers go there when AdressesRetour names it")
    parser.add_argument("--user", default="actes")
    parser.add_argument("--password", default="demat-test")
    parser.add_argument("--scenario", default="accepted", choices=scenarios.NAMES)
    parser.add_argument("--delay", type=float, default=0.2, help="seconds before an answer")
    parser.add_argument("--classification", default="2026-01-15", help="date of the classification in force")
    parser.add_argument("--strict", action="store_true", help="refuse acts with another classification (ODT-VERIF-01)")
    parser.add_argument("--known", action="append", default=[], help="a registered SIREN; none given: every one is")
    parser.add_argument("--misbehave", action="append", default=[], metavar="FAULT=VALUE", help=", ".join(KNOWN))
    parser.add_argument("--max-seconds", type=float, default=3600)
    return parser.parse_args()


def describe(options, folder, server, mailbox):
    """Where and how to connect, for whoever started the simulator."""
    keys = os.path.join(folder, "pki")
    file = lambda name: os.path.join(keys, name)
    port = server.socket.getsockname()[1]
    facts = {
        "mode": "prefecture", "post_url": f"https://localhost:{port}/actes", "port": port, "ca": file("ca.pem"),
        "certificate": file("client.pem"), "key": file("client.key"), "pin": pki.pin(file(options.server_certificate + ".pem")),
        "success_codes": [options.success], "mail_host": "localhost", "mail_port": mailbox.port, "mail_user": options.user,
        "mail_password": options.password, "mail_ca": file("ca.pem"), "mail_folder": "INBOX", "return_addresses": [options.address],
        "classification": options.classification,
    }
    publish(os.path.join(folder, "sim.json"), json.dumps(facts, indent=1))
    publish(options.port_file, f"{port}\n")


def obey(folder, office):
    """Carries out the commands that prefecture_ctl.py put into commands/, in the order of their names."""
    inbox = os.path.join(folder, "commands")
    for name in sorted(os.listdir(inbox)):
        if not name.endswith(".json"):
            continue
        path = os.path.join(inbox, name)
        try:
            with open(path, encoding="utf-8") as file:
                asked = json.load(file)
            said = {"ok": True, **office.do(asked.pop("command"), asked)}
        except (KeyError, ValueError, OSError) as error:
            said = {"ok": False, "error": f"{type(error).__name__}: {error}"}
        os.unlink(path)
        publish(path[: -len(".json")] + ".done", json.dumps(said))


def main():
    options = parse_arguments()
    folder = os.path.abspath(options.dir)
    os.makedirs(os.path.join(folder, "commands"), exist_ok=True)
    life = Life(options.max_seconds)
    keys = os.path.join(folder, "pki")
    pki.make(keys)
    faults = Misbehaviour(os.path.join(folder, "misbehave.json"), KNOWN)
    if options.misbehave:
        faults.set(**dict(entry.partition("=")[::2] for entry in options.misbehave))
    ledger = Ledger(os.path.join(folder, "ledger.jsonl"))
    certificate = lambda suffix: os.path.join(keys, options.imap_certificate + suffix)
    mailbox = Mailbox(os.path.join(folder, "dovecot"), certificate(".pem"), certificate(".key"), options.user, options.password,
                      options.imap_port)
    settings = Settings(options.address, scenarios.Plan(options.scenario, options.delay), options.classification, options.strict,
                        tuple(options.known))
    office = Office(folder, settings, ledger, faults, mailbox)
    context = https_side.make_context(keys, options.server_certificate, not options.no_client_certificate)
    server = https_side.Server(options.port, folder, context, office, ledger, faults, options.success)
    try:
        mailbox.start()
        office.start()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        describe(options, folder, server, mailbox)
        while life.goes_on():
            obey(folder, office)
            time.sleep(0.05)
    finally:
        server.server_close()
        mailbox.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
