#!/usr/bin/env python3
"""Compare two schema packs by the verdicts they give.

Documents are generated from the grammars of BOTH packs (what only one of them knows is tried too), each with one fault
or one unusual value: elements dropped, repeated, moved, inserted, renamed, values at the edges of their facets. Both
packs judge every document through xmllint. Any document with two different verdicts is printed with the reason given by
the side that refuses it. Optional real documents (--documents) are compared as they are, unchanged.

  tools/schema_compare.py --count 3000 --ours schemas/pes/5.30 --theirs DIR

A pack is a folder with a pack.toml. --theirs may be a bare folder of published XSDs: each entry of --ours is then
looked for by its root and namespace. Domains that --ours lists as unsupported are left out of the comparison.
Exit status: 0 same verdicts, 1 disagreements, 2 wrong usage or a pack that does not compile.
"""

import argparse
import collections
import itertools
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from schema_model import DSIG, Schema, elements, find_entry

# Values tried everywhere, whatever the type: what agents, exports and attackers really write.
COMMON = ["", " ", ".", "nc", "NC", "0", "00", "000", "1", "01", "9", "-1", "+5", "05", "5.0", "5.", ".5", "0.00",
          "0.01", "12.345", "1e3", "INF", "1,5", "A", "Z9", "é", "Œ", "€", "A B", "A-B", "A_B", "a.b", " 1", "1 ",
          "a\tb", "a\nb", "\n", "x" * 600, "true", "false", "TRUE", "2", "2024", "2024Z", "24", "-2024", "2024-02-29",
          "2023-02-29", "2024-2-9", "15/03/2024", "2024-01-01Z", "2024-01-01+01:00", "1899-12-31", "1900-01-01"]

# Plausible values, the first that a type accepts is used in valid documents.
PLAUSIBLE = ["1", "01", "001", "10", "0001", "TEXTE", "2024-01-15", "2024", "1.00", "true", "034123",
             "FR7630001007941234567890185", "BDFEFRPPCCT", "facture.pdf", "34", "A1", "123", "75", "100", "Lieu", "LIEU"]
FILLERS = ["A", "1", "a", " ", "-"]
NEIGHBOURS = "AZO019az -./_'+(,:?é"  # put in turn at each place of a value that has a pattern

SIGNATURE = ('<ds:Signature xmlns:ds="%s"%s><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="urn:c14n"/>'
             '<ds:SignatureMethod Algorithm="urn:rsa"/><ds:Reference URI=""><ds:DigestMethod Algorithm="urn:sha256"/>'
             '<ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>AAAA'
             '</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>CN=x'
             '</ds:X509IssuerName><ds:X509SerialNumber>%s</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data>'
             '</ds:KeyInfo></ds:Signature>')


class Element:
    """A generated element: a plain tree that the mutations edit."""

    def __init__(self, name, path, namespace=""):
        self.name, self.path, self.namespace = name, path, namespace
        self.attributes, self.children, self.text = {}, [], ""

    def find(self, path):
        if self.path == path:
            return self
        return next((hit for c in self.children if (hit := c.find(path))), None)

    def parent_of(self, target):
        if target in self.children:
            return self
        return next((hit for c in self.children if (hit := c.parent_of(target))), None)

    def write(self, out, prefix=""):
        if self.namespace == DSIG:
            out.append(SIGNATURE % (DSIG, self.text, "9" * 48))
            return
        declaration = f' xmlns:n={quoteattr(self.namespace)}' if self.namespace else ""
        name = ("n:" if self.namespace else "") + self.name
        extra = {"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
        attributes = "".join(f" {k}={quoteattr(v, extra)}" for k, v in self.attributes.items())
        out.append(f"<{name}{declaration}{attributes}>{self.text}")
        for child in self.children:
            child.write(out)
        out.append(f"</{name}>\n")

    def document(self):
        out = ['<?xml version="1.0" encoding="UTF-8"?>\n']
        self.write(out)
        return "".join(out)


class Grammar:
    """One entry of one pack, unfolded by path."""

    def __init__(self, path, entry):
        self.file, self.entry = path, entry
        self.schema = Schema(path)
        self.root = self.schema.root(entry["namespace"], entry["root"])
        self.skipped = {f"{entry['root']}/{name}" for name in entry.get("unsupported", [])}
        self.paths = {}
        self._unfold(self.root, self.root.name, 0)

    def _unfold(self, particle, path, depth):
        if path in self.paths or path in self.skipped or depth > 24:
            return
        content = self.schema.content(particle)
        self.paths[path] = (particle, content)
        if particle.namespace == DSIG:
            return
        for child in elements(content.particle):
            self._unfold(child, f"{path}/{child.name}", depth + 1)

    def value_of(self, path):
        """Type of the attribute V at `path`, if any."""
        if path not in self.paths:
            return None
        return next((v for n, v, _ in self.paths[path][1].attributes if n == "V"), None)

    def build(self, path, wanted):
        """An element at `path`: what is required, plus what `wanted(child path)` asks for."""
        particle, content = self.paths[path]
        element = Element(particle.name, path, particle.namespace)
        if particle.namespace == DSIG:
            return element
        for name, value, required in content.attributes:
            if name == "Id":
                element.attributes[name] = "id-" + path.replace("/", ".")
            elif required:
                element.attributes[name] = plausible(value)
        if content.text is not None:
            element.text = "AAAA" if content.text.base == "base64Binary" else plausible(content.text)
        if content.particle is not None:
            self._fill(content.particle, path, wanted, element.children)
        return element

    def _fill(self, particle, path, wanted, out):
        if particle.kind == "element":
            below = f"{path}/{particle.name}"
            if below in self.paths and (particle.low > 0 or wanted(below)):
                out.append(self.build(below, wanted))
            return
        asked = any(wanted(f"{path}/{e.name}") for e in elements(particle))
        if particle.low == 0 and not asked:
            return
        chosen = particle.children
        if particle.kind == "choice" and chosen:
            chosen = [next((c for c in chosen if any(wanted(f"{path}/{e.name}") for e in elements(c))), chosen[0])]
        for child in chosen:
            self._fill(child, path, wanted, out)


def plausible(value):
    for name, listed in value.facets:
        if name == "enumeration":
            return listed[0]
    by_base = {"decimal": "1", "integer": "1", "date": "2024-01-15", "gYear": "2024", "boolean": "true"}
    if value.base in by_base:
        return by_base[value.base]
    return next((p for p in PLAUSIBLE if value.accepts(p)), "A")


def sized(value, length):
    """A text of `length` characters that the other facets accept, if one is found."""
    texts = [f * length for f in FILLERS] + ["A" + " " * (length - 1), "f" * max(length - 4, 0) + ".pdf"]
    rest = type(value)(value.base, [f for f in value.facets if "ength" not in f[0]])
    return next((t for t in texts if len(t) == length and rest.accepts(t)), "A" * length)


def neighbours(text):
    """Values one character away: replaced, taken out, put in."""
    for i in range(len(text)):
        yield from (text[:i] + c + text[i + 1:] for c in NEIGHBOURS)
        yield text[:i] + text[i + 1:]
        yield text[:i] + text[i] + text[i:]


def edges(value):
    """Values on both sides of each facet of a type."""
    out = [plausible(value)]
    for name, bound in value.facets:
        if name in ("length", "minLength", "maxLength"):
            out += [sized(value, n) for n in range(max(int(bound) - 1, 0), int(bound) + 2)]
        elif name == "enumeration":
            out += bound + [b + " " for b in bound[:1]] + [b.lstrip("0") for b in bound] + [bound[-1] + "0"]
            out += [str(int(b) + 1).zfill(len(b)) for b in bound if b.isdigit()]
        elif name == "totalDigits":
            out += ["9" * int(bound), "9" * (int(bound) + 1), "0" * 20 + "9" * int(bound), "-" + "9" * int(bound)]
            out += ["9" * (int(bound) - 2) + ".99", "9" * (int(bound) - 1) + ".99"]
        elif name == "fractionDigits":
            out += ["1." + "1" * int(bound), "1." + "1" * (int(bound) + 1), "1." + "1" * int(bound) + "000"]
        elif name.startswith(("min", "max")):
            out += [bound, "-" + bound, bound + "1" if value.base == "decimal" else bound, "99.99", "99.999", "100"]
    return out


@dataclass
class Case:
    entry: str
    path: str
    fault: str
    document: str


def value_case(path, text):
    return path, f"V={text[:40]!r}({len(text)})", lambda e, r: e.attributes.update(V=text)


def types_at(grammars, path):
    return [v for g in grammars if (v := g.value_of(path)) is not None]


def edge_cases(grammars):
    """One document per path and edge of a facet, of either pack."""
    for path in paths_of(grammars):
        for text in dict.fromkeys(e for v in types_at(grammars, path) for e in edges(v)):
            yield value_case(path, text)


def common_cases(grammars):
    """Many more values, once for each pair of types that the packs put at the same place."""
    seen = set()
    for path in paths_of(grammars):
        types = types_at(grammars, path)
        if not types or repr(types) in seen:
            continue
        seen.add(repr(types))
        near = [n for v in types if any(f == "pattern" for f, _ in v.facets) for n in neighbours(plausible(v))]
        yield from (value_case(path, text) for text in dict.fromkeys(near + PLAUSIBLE + COMMON))


def paths_of(grammars):
    return list(dict.fromkeys(p for g in grammars for p in g.paths))


def set_name(name):
    return lambda e, r: setattr(e, "name", name)


def drop(element, root):
    root.parent_of(element).children.remove(element)


def repeat(element, root):
    siblings = root.parent_of(element).children
    siblings.insert(siblings.index(element), element)


def swap(element, root):
    siblings = root.parent_of(element).children
    i = siblings.index(element)
    siblings[i:i + 2] = reversed(siblings[i:i + 2])


def move_last(element, root):
    siblings = root.parent_of(element).children
    siblings.append(siblings.pop(siblings.index(element)))


def structure_cases(grammars):
    for path in paths_of(grammars):
        name = path.rsplit("/", 1)[-1]
        faults = {"unchanged": lambda e, r: None, "name in other case": set_name(name.swapcase()),
                  "unknown attribute": lambda e, r: e.attributes.update(inconnu="1"),
                  "text inside": lambda e, r: setattr(e, "text", "texte"),
                  "no attribute V": lambda e, r: e.attributes.pop("V", None),
                  "unknown child": lambda e, r: e.children.append(Element("Inconnu", "")),
                  "namespace": lambda e, r: setattr(e, "namespace", "urn:inconnu"),
                  "no children": lambda e, r: e.children.clear()}
        for text in ("1a", "", "a b", " a1 ", "a.b-c_d", "é1"):
            faults[f"Id={text!r}"] = lambda e, r, t=text: e.attributes.update(Id=t)
        if "/" in path:
            faults |= {"dropped": drop, "repeated": repeat, "swapped": swap, "moved last": move_last}
        for fault, edit in faults.items():
            yield path, fault, edit


def insertion_cases(grammars):
    """Each child that either pack knows below a path, put first, in the middle and last."""
    for path in paths_of(grammars):
        names = dict.fromkeys(p for p in paths_of(grammars) if p.rpartition("/")[0] == path)
        for child in names:
            grammar = next(g for g in grammars if child in g.paths)
            for place in (0.0, 0.5, 1.0):
                def edit(element, root, g=grammar, c=child, at=place):
                    element.children.insert(round(at * len(element.children)), g.build(c, lambda p: False))
                yield path, f"{child.rsplit('/', 1)[-1]} inserted at {place}", edit


def full_cases(grammars, rng, rounds):
    """Larger documents: optional parts drawn at random, then one structural fault somewhere."""
    for turn in range(rounds):
        grammar = grammars[turn % len(grammars)]
        share = rng.choice((0.3, 0.6, 1.0))
        root = grammar.build(grammar.root.name, lambda p: rng.random() < share)
        nodes = [root]
        for node in nodes:
            nodes += node.children
        target = rng.choice(nodes)
        faults = {"unchanged": None} if target is root else {
            "unchanged": None, "dropped": drop, "repeated": repeat, "swapped": swap, "moved last": move_last}
        fault = rng.choice(list(faults))
        if faults[fault]:
            faults[fault](target, root)
        yield Case(grammar.entry["root"], target.path, f"random document, {fault}", root.document())


def cases_for(grammars, seed, count):
    """`count` cases (0 = all), an equal share of each kind while it lasts: the same seed gives the same cases."""
    rng = random.Random(seed)
    kinds = [list(kind(grammars)) for kind in (edge_cases, structure_cases, insertion_cases, common_cases)]
    for kind in kinds:
        rng.shuffle(kind)
    plans = [plan for turn in itertools.zip_longest(*kinds) for plan in turn if plan is not None]
    random_share = max(count // 5, 50) if count else len(plans) // 10
    if count:
        plans = plans[:max(count - random_share, 0)]
    for path, fault, edit in plans:
        grammar = next(g for g in grammars if path in g.paths)
        root = grammar.build(grammar.root.name, lambda p, t=path: t == p or t.startswith(p + "/"))
        element = root.find(path)
        if element is not None:
            edit(element, root)
            yield Case(grammar.entry["root"], path, fault, root.document())
    yield from full_cases(grammars, rng, random_share)


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


class Report:
    def __init__(self, show):
        self.show, self.counts, self.different = show, collections.Counter(), []

    def add(self, case, ours, theirs):
        self.counts[(case.entry, ours[0])] += 1
        if ours[0] != theirs[0]:
            self.different.append((case, ours, theirs))

    def print(self):
        for case, ours, theirs in self.different[:self.show]:
            print(f"{case.path}: {case.fault}\n    ours {ours[0]} {ours[1]}\n    theirs {theirs[0]} {theirs[1]}")
        if len(self.different) > self.show:
            print(f"… and {len(self.different) - self.show} more")
        for (entry, verdict), number in sorted(self.counts.items()):
            print(f"{entry}: {number} {verdict}")
        print(f"{sum(self.counts.values())} documents compared, {len(self.different)} disagreements")


def compare_cases(report, ours, theirs, cases):
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for number, case in enumerate(cases):
            file = os.path.join(folder, f"{number}.xml")
            with open(file, "w", encoding="utf-8") as out:
                out.write(case.document)
            files[file] = case
        mine, other = judge(ours, list(files)), judge(theirs, list(files))
        for file, case in files.items():
            report.add(case, mine[file], other[file])


def compare_documents(report, folders, pairs):
    """Real documents, unchanged, each judged by the entry that its root and namespace choose."""
    by_entry = collections.defaultdict(list)
    for folder in folders:
        for base, _, names in os.walk(folder):
            for name in sorted(names):
                file = os.path.join(base, name)
                with open(file, "rb") as stream:
                    head = stream.read(65536).decode("latin-1")
                for entry, ours, theirs in pairs:
                    start = re.search(r"<(?:[\w.-]+:)?%s[\s/>]" % entry["root"], head)
                    if start and f'"{entry["namespace"]}"' in head and not any(
                            f"<{u}" in head for u in entry.get("unsupported", [])):
                        by_entry[(entry["root"], ours, theirs)].append(file)
    for (root, ours, theirs), files in by_entry.items():
        mine, other = judge(ours, files), judge(theirs, files)
        for file in files:
            report.add(Case(root, file, "document as it is", ""), mine[file], other[file])


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
                        help="documents to draw; 0 = every case, some 40 000 for PES (default 3000)")
    parser.add_argument("--seed", type=int, default=530, help="same seed, same documents (530)")
    parser.add_argument("--documents", action="append", default=[], metavar="DIR", help="real documents to compare too")
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
        share = options.count * len(paths_of(grammars)) // paths if options.count else 0
        compare_cases(report, ours, theirs, cases_for(grammars, options.seed, share))
    compare_documents(report, options.documents, pairs)
    report.print()
    return 1 if report.different or not report.counts else 0


if __name__ == "__main__":
    sys.exit(main())
