#!/usr/bin/python3
"""The bars of signing and verifying, beside stock xmlsec1 and `openssl speed`, in turns within each round.

    DEMAT_BUILD=build/release python3 tests/bench/signature_bars.py [--rounds 5] [--all] [--only NAME...]

Files, keys and certificates are made for the run. What counts is CPU (user and system), as the median over the rounds of
the ratios within a round, so that a busy machine troubles both sides alike. xmlsec1 verifies one signature a run: of a
flow with a hundred, each round runs three and counts them for all; --all runs every one. Ends with 1 when a bar is missed.
"""

import argparse
import os
import pathlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("DEMAT_BUILD", ROOT / "build/release")).resolve()
PACK = ROOT / "schemas/pes/5.30"
MIB = 1024 * 1024

ONLY_SIGNATURES_ADDED = """
import pathlib, re, sys
clear, signed = (pathlib.Path(name).read_bytes() for name in sys.argv[1:])
sys.exit(re.sub(rb"<ds:Signature .*?</ds:Signature>", b"", signed, flags=re.S) != clear)
"""

EXTENSIONS = """
[anchor]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[issuer]
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[signer]
basicConstraints=critical,CA:FALSE
keyUsage=critical,nonRepudiation
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
"""


def quiet(*command):
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Spent:
    """What one process took: seconds of CPU, peak resident bytes."""

    def __init__(self, usage):
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss * 1024


def timed(*command):
    """Runs a command that must succeed."""
    child = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise RuntimeError(f"{command}: {said.decode(errors='replace')[-400:]}")
    return Spent(usage)


class Rig:
    """A PKI of three levels, flows signed by its signer, and both verifiers."""

    def __init__(self, folder):
        self.folder = folder
        self.tool = BUILD / "tests/bench/signature_bench"
        self.make_pki()

    def make_pki(self):
        os.umask(0o077)
        (self.folder / "extensions.cnf").write_text(EXTENSIONS)
        above = None
        for name in ("anchor", "issuer", "signer"):
            key, request, pem = (self.folder / f"{name}.{end}" for end in ("key", "csr", "pem"))
            quiet("openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-sha256", "-subj", f"/C=FR/O=Bench/CN={name}",
                  "-keyout", key, "-out", request)
            by = ["-CA", above.with_suffix(".pem"), "-CAkey", above, "-CAcreateserial"] if above else ["-signkey", key]
            quiet("openssl", "x509", "-req", "-sha256", "-days", "30", "-in", request, *by, "-extfile",
                  self.folder / "extensions.cnf", "-extensions", name, "-out", pem)
            above = key
        for part, name in (("anchors", "anchor"), ("issuers", "issuer")):
            (self.folder / "trust" / part).mkdir(parents=True)
            shutil.copy(self.folder / f"{name}.pem", self.folder / "trust" / part)

    def pem(self, name):
        return self.folder / f"{name}.pem"

    def sample(self, name, *options):
        """A flow and its signed form: (clear, signed)."""
        clear, signed = self.folder / f"{name}.xml", self.folder / f"{name}.signed.xml"
        quiet(BUILD / "tools/make_sample/make_sample", *options, "--dematerialise", "--ids", "-o", clear)
        quiet(BUILD / "tools/sign_sample/sign_sample", self.folder / "signer.key", self.pem("signer"), clear, signed)
        # In a process of its own: what a child inherits of this one would count as its memory.
        quiet(sys.executable, "-c", ONLY_SIGNATURES_ADDED, clear, signed)
        return clear, signed

    def depense(self, name, size, bordereaux):
        """About `size` bytes in so many bordereaux, all signed."""
        def length(pieces):
            probe = self.folder / "probe.xml"
            quiet(BUILD / "tools/make_sample/make_sample", "depense", "--bordereaux", bordereaux, "--pieces", pieces, "-o", probe)
            return probe.stat().st_size
        one, three = length(1), length(3)
        pieces = max(1, round((size - one) / ((three - one) / 2)) + 1)
        return self.sample(name, "depense", "--bordereaux", bordereaux, "--pieces", pieces)

    def ours(self, signed, *more):
        return timed(self.tool, "verify", self.folder / "trust", signed, *more)

    def xmlsec(self, signed, number=None):
        """xmlsec1 on the only signature, or on the one with this number."""
        one = ["--node-xpath", f"(//*[local-name()='Signature'])[{number}]"] if number else []
        return timed("xmlsec1", "--verify", "--enabled-key-data", "x509", "--enabled-reference-uris", "same-doc", "--trusted-pem",
                     self.pem("anchor"), "--untrusted-pem", self.pem("issuer"), "--id-attr:Id", "Bordereau", *one, signed)

    def small(self, clear, signed):
        """The figures of a small flow, µs of CPU by name."""
        done = subprocess.run([self.tool, "small", self.folder / "trust", self.folder / "signer.key", self.pem("signer"),
                               self.pem("issuer"), self.pem("anchor"), clear, signed], stdout=subprocess.PIPE, check=True)
        return {name: float(value) for name, value in (line.split() for line in done.stdout.decode().splitlines())}


def rsa_sign_micros():
    """µs of CPU of one RSA-2048 signature, as openssl speed has it."""
    done = subprocess.run(["openssl", "speed", "-seconds", "1", "-mr", "rsa2048"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=True)
    return 1e6 / float(re.search(rb"^\+F2:\d+:2048:([0-9.]+):", done.stdout, re.M)[1])


class Board:
    """The bars and what was measured."""

    def __init__(self):
        self.missed = []

    def bar(self, name, value, bar, unit="×", at_most=False):
        good = value <= bar if at_most else value >= bar
        if not good:
            self.missed.append(name)
        print(f"{'PASS' if good else 'MISS'}  {name}: {value:.2f} {unit} (bar: {'at most ' if at_most else ''}{bar:g})", flush=True)

    @staticmethod
    def note(text):
        print(f"      {text}", flush=True)


def milliseconds(spents):
    return f"{statistics.median(one.cpu for one in spents) * 1000:.0f} ms"


def many_signatures(rig, board, options):
    """20 MB with 100 signed bordereaux, and the growth from 10 to 1 000."""
    count = 100
    _, signed = rig.depense("hundred", 20 * 1000 * 1000, count)
    dice = random.Random(5)
    ours, ratios, lenient, theirs = [], [], [], []
    for _ in range(options.rounds):
        numbers = range(1, count + 1) if options.all else sorted(dice.sample(range(1, count + 1), 3))
        own = rig.ours(signed)
        runs = [rig.xmlsec(signed, number) for number in numbers]
        parse = timed("xmllint", "--huge", "--nonet", "--noout", signed).cpu
        mean = statistics.mean(run.cpu for run in runs)
        ours.append(own)
        theirs.append(mean * count)
        ratios.append(mean * count / own.cpu)
        lenient.append(((mean - parse) * count + parse) / own.cpu)
    board.bar("20 MB, 100 signatures, xmlsec1 ÷ gateway", statistics.median(ratios), 20)
    board.note(f"gateway {milliseconds(ours)}, xmlsec1 {statistics.median(theirs):.1f} s for all; had it parsed only once, still "
               f"{statistics.median(lenient):.0f} ×")
    linear(rig, board, options)


def linear(rig, board, options):
    """Bordereaux of 20 KB, ever more of them: CPU per signature, start of the process taken off."""
    files = {count: rig.depense(f"grow{count}", 20_000 * count, count)[1] for count in (10, 100, 1000)}
    start = rig.depense("start", 5_000, 1)[1]
    each = {count: [] for count in files}
    for _ in range(options.rounds):
        idle = rig.ours(start).cpu
        for count, signed in files.items():
            each[count].append((rig.ours(signed).cpu - idle) / count * 1e6)
    micros = {count: statistics.median(values) for count, values in each.items()}
    board.bar("CPU per signature of 20 KB, 1 000 signatures ÷ 100", micros[1000] / micros[100], 1.25, at_most=True)
    board.note("per signature: " + ", ".join(f"{value:.0f} µs with {count}" for count, value in micros.items()))


def one_signature(rig, board, options):
    _, signed = rig.depense("one", 20 * 1000 * 1000, 1)
    plain, schema, theirs = [], [], []
    for _ in range(options.rounds):
        plain.append(rig.ours(signed))
        theirs.append(rig.xmlsec(signed))
        schema.append(rig.ours(signed, PACK))
    ratio = lambda own: statistics.median(b.cpu / a.cpu for a, b in zip(own, theirs))
    board.bar("20 MB, one signature, xmlsec1 ÷ gateway", ratio(plain), 1.6)
    board.bar("20 MB, one signature, schema and rules included, xmlsec1 ÷ gateway", ratio(schema), 1.1)
    board.note(f"gateway {milliseconds(plain)}, with schema and rules {milliseconds(schema)}, xmlsec1 {milliseconds(theirs)}")


def small_flow(rig, board, options):
    clear, signed = rig.depense("small", 5_000, 1)
    verify, fresh, sign, seal, rounds = [], [], [], [], []
    for _ in range(options.rounds):
        before = rsa_sign_micros()
        figures = rig.small(clear, signed)
        rsa = (before + rsa_sign_micros()) / 2
        bare = sum(figures[f"term.{name}"] for name in ("parse", "c14n_digest", "rsa"))
        known, unknown = bare + figures["term.path_decoded"], bare + figures["term.path"]
        verify.append(known / figures["verify"])
        fresh.append(unknown / figures["verify.new_signer"])
        sign.append(rsa / figures["sign"])
        seal.append(rsa / figures["seal"])
        rounds.append(figures | {"openssl speed": rsa, "L′": known, "L′, new signer": unknown})
    board.bar("5 KB and its signature, verification: L′ ÷ CPU", statistics.median(verify), 0.7)
    board.bar("the same, of a signer never seen before (certificate decoded on both sides)", statistics.median(fresh), 0.7)
    board.bar("5 KB signed with RSA-2048: share of openssl speed", statistics.median(sign), 0.70)
    board.bar("the same, its output verified", statistics.median(seal), 0.55)
    middle = {name: statistics.median(figures[name] for figures in rounds) for name in rounds[0]}
    board.note("µs: " + ", ".join(f"{name} {value:.0f}" for name, value in middle.items()))


def memory(rig, board, _options):
    """A flow of about 98 MB that is attachments nearly whole."""
    clear, signed = rig.sample("heavy", "recette", "--pj", "20", "--pj-size", "3600000")
    clear.unlink()
    for kind, more in (("verified", []), ("verified with schema and rules", [PACK])):
        spent = rig.ours(signed, *more)
        board.bar(f"{signed.stat().st_size / 1e6:.0f} MB of attachments, {kind}: peak resident", spent.peak / MIB, 256, "MiB",
                  at_most=True)
        board.note(f"{spent.cpu:.2f} s of CPU")


BARS = {"many": many_signatures, "one": one_signature, "small": small_flow, "memory": memory}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--all", action="store_true", help="run xmlsec1 on each of the hundred signatures")
    parser.add_argument("--only", nargs="+", choices=BARS, default=list(BARS))
    options = parser.parse_args()
    board = Board()
    with tempfile.TemporaryDirectory(prefix="demat-signatures-") as folder:
        rig = Rig(pathlib.Path(folder))
        for name in options.only:
            BARS[name](rig, board, options)
    if board.missed:
        sys.exit(f"missed: {'; '.join(board.missed)}")


if __name__ == "__main__":
    main()
