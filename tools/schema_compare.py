#!/usr/bin/env python3
"""Compare two schema packs by the verdicts they give.

Documents are generated from the grammars of BOTH packs (what only one of them knows is tried too), each with one fault
or one unusual value: elements dropped, repeated, moved, inserted, renamed, values at the edges of their facets. Both
packs judge every document through xmllint. Any document with two different verdicts is printed with the reason given by
the side that refuses it. Optional real documents (--documents) are compared as they are, then with one fault each
(--mutants). What was tried is told at the end: elements and facets reached, out of those of --theirs.

  tools/schema_compare.py --count 3000 --ours schemas/pes/5.30 --theirs DIR

A pack is a folder with a pack.toml. --theirs may be a bare folder of published XSDs: each entry of --ours is then
looked for by its root and namespace. Domains that --ours lists as unsupported are left out of the comparison.
Exit status: 0 same verdicts, 1 disagreements, 2 wrong usage or a pack that does not compile.
"""

import argparse
import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib

import schema_mutants
from schema_cases import Case, Grammar, cases_for, paths_of
from schema_coverage import Coverage
from schema_model import find_entry


def judge(schema, files):
    """Verdict and first error of each file: one xmllint run per few hundred files."""
    verdicts = {}
    for start in range(0, len(files), 300):
        run = subprocess.run(["xmllint", "--nonet", "--huge", "--noout", "--schema", schema, *files[start:start + 300]],
                             capture_output=True, text=True, errors="replace", check=False)
        if "failed to compile" in run.stderr:
            sys.exit(f"{schema} does not compile:\n{run.stderr[:2000]}")
        errors = {}
        for line in run.stderr.splitlines():
            if match := re.match(r"(.+?):(\d+): (?:element [^:]*: )?(.*error *: .*)", line):
                errors.setdefault(match[1], f"L{match[2]} {match[3]}")
            elif line.endswith(" validates"):
                verdicts[line[:-len(" validates")]] = ("valid", "")
            elif line.endswith(" fails to validate"):
                file = line[:-len(" fails to validate")]
                verdicts[file] = ("invalid", errors.get(file, ""))
        for file in files[start:start + 300]:
            verdicts.setdefault(file, ("not-wf", errors.get(file, "")))
    return verdicts


# Disagreements that are meant, named after the "deliberate differences" of a pack's README.
MEANT = [
    ("Ids inside ds:Object are not typed",
     lambda case, ours, theirs: "/Signature/Object/" in case.path and ours[0] == "valid" and "'xs:ID'" in theirs[1]),
]


class Report:
    def __init__(self, show):
        self.show, self.counts, self.different = show, collections.Counter(), []
        self.meant, self.coverage = collections.Counter(), {}
        self.kinds = dict.fromkeys(("generated", "documents", "mutants"), 0)

    def add(self, kind, case, ours, theirs, coverage=None):
        self.counts[(case.entry, ours[0])] += 1
        self.kinds[kind] += 1
        if coverage:
            coverage.add(case, theirs[0])
        if ours[0] != theirs[0]:
            reason = next((name for name, rule in MEANT if rule(case, ours, theirs)), None)
            if reason:
                self.meant[reason] += 1
            else:
                self.different.append((case, ours, theirs))

    def print(self):
        for case, ours, theirs in self.different[:self.show]:
            print(f"{case.path}: {case.fault}\n    ours {ours[0]} {ours[1]}\n    theirs {theirs[0]} {theirs[1]}")
        if len(self.different) > self.show:
            print(f"… and {len(self.different) - self.show} more")
        for (entry, verdict), number in sorted(self.counts.items()):
            print(f"{entry}: {number} {verdict}")
        for coverage in self.coverage.values():
            print(coverage.line())
            if missing := coverage.missing():
                print(f"    without a case or never valid: {', '.join(missing[:5])}{' …' if len(missing) > 5 else ''}")
        for reason, number in sorted(self.meant.items()):
            print(f"meant, {reason}: {number}")
        print(f"{', '.join(f'{number} {kind}' for kind, number in self.kinds.items())} compared, "
              f"{len(self.different)} disagreements")


def compare_cases(report, kind, ours, theirs, cases, coverage=None):
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for number, case in enumerate(cases):
            file = os.path.join(folder, f"{number}.xml")
            with open(file, "w", encoding="utf-8") as out:
                out.write(case.document)
            files[file] = case
        mine, other = judge(ours, list(files)), judge(theirs, list(files))
        for file, case in files.items():
            report.add(kind, case, mine[file], other[file], coverage)


def documents_by_pair(folders, pairs):
    """Real documents, each under the entry that its root and namespace choose: index of the pair -> files."""
    found = collections.defaultdict(list)
    for folder in folders:
        for base, _, names in sorted(os.walk(folder)):
            for file in (os.path.join(base, name) for name in sorted(names)):
                with open(file, "rb") as stream:
                    head = stream.read(65536).decode("latin-1")
                for number, (entry, _, _) in enumerate(pairs):
                    start = re.search(r"<(?:[\w.-]+:)?%s[\s/>]" % entry["root"], head)
                    if start and f'"{entry["namespace"]}"' in head and not any(
                            f"<{u}" in head for u in entry.get("unsupported", [])):
                        found[number].append(file)
    return found


def compare_documents(report, pairs, found, seed, mutants):
    """The documents as they are, then `mutants` of them, shared out by the number of documents."""
    total = sum(len(files) for files in found.values())
    for number, files in found.items():
        entry, ours, theirs = pairs[number]
        mine, other = judge(ours, files), judge(theirs, files)
        for file in files:
            report.add("documents", Case(entry["root"], file, "document as it is", ""), mine[file], other[file])
        cases = schema_mutants.mutants(entry["root"], files, seed, mutants * len(files) // total)
        compare_cases(report, "mutants", ours, theirs, cases, report.coverage.get(theirs))


def entry_pairs(ours, theirs):
    """(entry of ours, our file, their file) for each entry both packs have."""
    with open(os.path.join(ours, "pack.toml"), "rb") as stream:
        entries = tomllib.load(stream)["entry"]
    other = {}
    if os.path.exists(os.path.join(theirs, "pack.toml")):
        with open(os.path.join(theirs, "pack.toml"), "rb") as stream:
            for entry in tomllib.load(stream)["entry"]:
                other[(entry["namespace"], entry["root"])] = os.path.join(theirs, entry["file"])
    for entry in entries:
        key = (entry["namespace"], entry["root"])
        match = other.get(key) if other else find_entry(theirs, *key)
        if match:
            yield entry, os.path.join(ours, entry["file"]), match
        else:
            print(f"{entry['root']} in {entry['namespace']}: not in {theirs}, left out")


def with_long_serials(folder, into):
    """The folder as dematd reads it: a published xmldsig schema whose X509SerialNumber is an integer, of which libxml2
    holds 24 digits, admits any length (stack X1). Returns the copy, or the folder where there is nothing to mend."""
    integer = re.compile(r'(name="X509SerialNumber" type=")(\w+:)?integer"')
    copy = None
    for base, _, names in os.walk(folder):
        for name in names:
            if not name.endswith(".xsd"):
                continue
            with open(os.path.join(base, name), encoding="utf-8", errors="surrogateescape") as stream:
                text = stream.read()
            if not integer.search(text):
                continue
            copy = copy or shutil.copytree(folder, os.path.join(into, "theirs"))
            target = os.path.join(copy, os.path.relpath(os.path.join(base, name), folder))
            with open(target, "w", encoding="utf-8", errors="surrogateescape") as stream:
                stream.write(integer.sub(r'\1\2string"', text))
    return copy or folder


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", required=True, metavar="DIR", help="a pack, with its pack.toml")
    parser.add_argument("--theirs", required=True, metavar="DIR", help="the pack or folder of XSDs to compare with")
    parser.add_argument("--count", type=int, default=3000, metavar="N",
                        help="documents to draw; 0 = every case, some 70 000 for PES (default 3000)")
    parser.add_argument("--seed", type=int, default=530, help="same seed, same documents (530)")
    parser.add_argument("--documents", action="append", default=[], metavar="DIR", help="real documents to compare too")
    parser.add_argument("--mutants", type=int, default=0, metavar="N", help="mutants of those documents (0)")
    parser.add_argument("--show", type=int, default=40, metavar="N", help="disagreements printed at most (40)")
    options = parser.parse_args()
    if not os.path.exists(os.path.join(options.ours, "pack.toml")):
        parser.error(f"no pack.toml in {options.ours}")
    mended = tempfile.TemporaryDirectory(prefix="demat-schemas-")
    pairs = list(entry_pairs(options.ours, with_long_serials(options.theirs, mended.name)))
    report = Report(options.show)
    unfolded = [[Grammar(ours, entry), Grammar(theirs, entry)] for entry, ours, theirs in pairs]
    paths = sum(len(paths_of(grammars)) for grammars in unfolded)
    for (entry, ours, theirs), grammars in zip(pairs, unfolded):
        number = len(paths_of(grammars))
        share = max(options.count * number // paths, min(options.count // 8, 8 * number)) if options.count else 0
        coverage = report.coverage[theirs] = Coverage(entry["root"], grammars[1])
        compare_cases(report, "generated", ours, theirs, cases_for(grammars, options.seed, share), coverage)
    compare_documents(report, pairs, documents_by_pair(options.documents, pairs), options.seed, options.mutants)
    report.print()
    return 1 if report.different or not report.counts else 0


if __name__ == "__main__":
    sys.exit(main())
