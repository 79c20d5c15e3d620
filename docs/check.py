#!/usr/bin/python3
"""Holds the documentation against the source: codes, log events, metrics, crash points, transitions, hostile signatures, links.

    docs/check.py        ends with 1 and one line for each thing that a page lacks, or that the source lacks
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# Dotted words in the source that are no code: files, sections, versions, object identifiers.
NO_CODE = re.compile(r'^([0-9.]+|[a-z]\.[a-z_]+|.*\.(toml|xml|pdf|csv|jsonl|txt|new|restoring|db|db\.new)|journal\.key|pipeline\.retry|adbe\..*)$')


def sources(*folders, suffixes=(".cpp", ".hpp")):
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes:
                yield path.read_text()


def read(name):
    return (ROOT / name).read_text()


def codes():
    """Every stable code that the programs may say, and every event of log and journal."""
    found = set()
    for text in sources("protocols", "gateway", "tools/dematctl", suffixes=(".cpp",)):
        found |= set(re.findall(r'"([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)"', text))
    return {code for code in found if not NO_CODE.match(code)}


def compare(what, source, page, complaints):
    complaints += [f"{what}: {item} is in the source, not in the page" for item in sorted(source - page)]
    complaints += [f"{what}: {item} is in the page, not in the source" for item in sorted(page - source)]


def check_codes(complaints):
    rows = set(re.findall(r"^\| `([a-z0-9_.]+)` \|", read("docs/errors.md"), re.M))
    rules = set(re.findall(r"^\| `([a-z0-9_.]+)` \|", read("docs/rules.md"), re.M))
    said = rows | rules | set(re.findall(r"`([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)`", read("docs/operations.md")))
    complaints += [f"codes: {code} is in none of errors.md, rules.md and operations.md" for code in sorted(codes() - said)]
    everything = "\n".join(sources("protocols", "gateway", "tools/dematctl"))
    complaints += [f"codes: {code} is in errors.md, not in the source" for code in sorted(rows) if f'"{code}"' not in everything]


def check_names(complaints):
    everything = "\n".join(sources("protocols", "gateway"))
    points = set(re.findall(r'crash_point\("([a-z_]+)"\)', everything))
    compare("crash points", points, set(re.findall(r"^\| `([a-z_]+)` \|", read("docs/reliability.md"), re.M)), complaints)
    metrics = set(re.findall(r'"(demat_[a-z_]+[a-z])"', "\n".join(sources("gateway", suffixes=(".cpp",)))))
    compare("metrics", metrics, set(re.findall(r"^\| `(demat_[a-z_]+)` \|", read("docs/operations.md"), re.M)), complaints)


def check_transitions(complaints):
    """The state diagram is the table of gateway/flow/state.cpp; `release` leads back to wherever one may hold."""
    rows = re.findall(r"Transition\{(\w+), T::(\w+), (\w+)\}", read("gateway/flow/state.cpp"))
    table = {(a.rstrip("_"), trigger, b.rstrip("_")) for a, trigger, b in rows}
    table |= {("held", "release", a) for a, trigger, _ in table if trigger == "hold"}
    drawn = re.findall(r"^  (\w+) --> (\w+): (\w+)$", read("README.md"), re.M)
    compare("transitions", table, {(a, trigger, b) for a, b, trigger in drawn}, complaints)


def anchors(text):
    """As the usual renderers make them from headings."""
    for title in re.findall(r"^#+ (.+)$", text, re.M):
        yield re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def check_links(complaints):
    for page in PAGES:
        for target in re.findall(r"\]\(([^)]+)\)", page.read_text()):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            file = (page.parent / name).resolve() if name else page
            if not file.exists():
                complaints.append(f"links: {page.name}: no such file: {target}")
            elif anchor and anchor not in anchors(file.read_text()):
                complaints.append(f"links: {page.name}: no such heading: {target}")


def check_hostile(complaints):
    """Each hostile file of the tests is promised an outcome, and each promise is a test."""
    row = r'\{"([TID]\d\d\d?[a-z]?)",\s*"(\w+)",\s*Outcome::(\w+),\s*"([\w.]*)"(?:,\s*Stock::(\w+))?'
    tests = {
        (number, name + (" †" if stock == "fooled" else ""), outcome, code)
        for path in (ROOT / "tests/unit").rglob("hostile_*.cpp")
        for number, name, outcome, code, stock in re.findall(row, path.read_text())
    }
    promised = set(re.findall(r"^\| ([TID]\d\d\d?[a-z]?) \| ([\w †]+?) \| (\w+) \| `?([\w.]*?)`? \|", read("docs/signatures.md"), re.M))
    compare("hostile signatures", tests, promised, complaints)
    missing = {f"T{number:02}" for number in range(1, 56)} - {number[:3] for number, *_ in tests}
    complaints += [f"hostile signatures: {number} has no test" for number in sorted(missing)]


def main():
    complaints = []
    for check in (check_codes, check_names, check_transitions, check_links, check_hostile):
        check(complaints)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
