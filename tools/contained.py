#!/usr/bin/python3
"""Runs a command and leaves no process of it behind: contained.py COMMAND ARGUMENTS...

A test that is cut (time limit, Ctrl-C) cannot stop the servers it started. Whatever outlives its parent below this
process becomes its child (PR_SET_CHILD_SUBREAPER), whichever session or group it made for itself; at the end those
children, and nothing else, are named and ended. Ends with the command's exit code.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36
GRACE = 5.0  # seconds for what is just ending


def children():
    """Living children of this process, as pid -> command line."""
    found = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", encoding="latin-1") as file:
                state, parent = file.read().rpartition(")")[2].split()[:2]
            if int(parent) == os.getpid() and state != "Z":
                with open(f"/proc/{entry}/cmdline", encoding="latin-1") as file:
                    found[int(entry)] = file.read().replace("\0", " ").strip()
        except (FileNotFoundError, ProcessLookupError):
            continue  # ended meanwhile
    return found


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def gone_within(seconds):
    deadline = time.monotonic() + seconds
    while True:
        reap()
        if not children():
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)


def end_leftovers():
    """Each round ends one generation: its own children come to us next."""
    if gone_within(GRACE):
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        for _ in range(20):
            left = children()
            for pid, command in left.items():
                print(f"contained.py: still running, ended: {pid} {command[:150]}", file=sys.stderr)
                try:
                    os.kill(pid, number)
                except ProcessLookupError:
                    pass
            if gone_within(GRACE if number == signal.SIGTERM else 0.5):
                return
            if number == signal.SIGTERM and children().keys() <= left.keys():
                break  # deaf to it


def main():
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        print("contained.py: not a subreaper: " + os.strerror(ctypes.get_errno()), file=sys.stderr)
        return 1
    command = subprocess.Popen(sys.argv[1:])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: command.send_signal(received))
    code = command.wait()
    end_leftovers()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
