#!/usr/bin/python3
"""Asks a running simulated préfecture for something.

    prefecture_ctl.py --dir D letter 3-1 034-111111118-20260115-DEL1-DE [--date 2026-02-01] [--with FILE]
    prefecture_ctl.py --dir D mail FILE          a mail of your own, as it is
    prefecture_ctl.py --dir D fill COUNT         so many small mails
    prefecture_ctl.py --dir D notice             a multi-canal notice
    prefecture_ctl.py --dir D classification 2026-03-01
    prefecture_ctl.py --dir D imap-stop | imap-start
    prefecture_ctl.py --dir D misbehave [FAULT=VALUE …]     replaces the faults; none: it behaves
"""

import argparse
import json
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "common"))

from faults import KNOWN
from life import publish
from misbehaviour import Misbehaviour


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", required=True)
    verbs = parser.add_subparsers(dest="command", required=True)
    letter = verbs.add_parser("letter")
    letter.add_argument("code", choices=("2-1", "3-1", "4-1", "5-1"))
    letter.add_argument("id", help="IDActe")
    letter.add_argument("--date", default="")
    letter.add_argument("--with", default="", metavar="FILE", help="attached beside the letter itself")
    verbs.add_parser("mail").add_argument("file", type=os.path.abspath)
    verbs.add_parser("fill").add_argument("count", type=int)
    verbs.add_parser("notice").add_argument("--siren", default="")
    verbs.add_parser("classification").add_argument("date")
    verbs.add_parser("imap-stop")
    verbs.add_parser("imap-start")
    verbs.add_parser("misbehave").add_argument("faults", nargs="*", metavar="FAULT=VALUE")
    return parser.parse_args()


def main():
    asked = vars(parse_arguments())
    if asked.get("with"):
        asked["with"] = os.path.abspath(asked["with"])
    folder = asked.pop("dir")
    if asked["command"] == "misbehave":
        Misbehaviour(os.path.join(folder, "misbehave.json"), KNOWN).set(**dict(entry.partition("=")[::2] for entry in asked["faults"]))
        return 0
    path = os.path.join(folder, "commands", f"{time.time_ns()}-{os.getpid()}")
    publish(path + ".json", json.dumps(asked))
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if os.path.exists(path + ".done"):
            with open(path + ".done", encoding="utf-8") as file:
                said = json.load(file)
            os.unlink(path + ".done")
            print(json.dumps(said))
            return 0 if said["ok"] else 1
        time.sleep(0.02)
    print("no answer", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
