#!/usr/bin/python3
"""Our PES packs and the published ones of the same version give the same verdicts: on documents generated with one fault
each, on the reference corpus as it is, and on mutants of that corpus. Disagreements that are meant are tried by name.
Fixed seed; the published schemas are not part of the project, so without them this is skipped.

    pes_packs.py [--count 4000] [--mutants 1500] [--seed 530]     the long form is --count 10000 --mutants 10000
                                              DEMAT_SHARED names the folder that holds schemas/pes/v* and fixtures
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("DEMAT_SHARED", SOURCE.parent / "shared"))
SKIPPED = 77
CORPUS = ("pes-aller", "pes-marche", "pes-retour", "pes-acquit", "signature-vectors")

sys.path.insert(0, str(SOURCE / "tools"))
import schema_compare  # noqa: E402
from schema_cases import Grammar  # noqa: E402

CANON = '<ds:CanonicalizationMethod Algorithm="urn:c14n"/>'
FOREIGN = '<p:P xmlns:p="urn:p"/>'

# name, what is replaced in the signature, its replacement, verdict of ours, verdict of theirs (None: it depends on the copy
# of xmldsig that the publication carries). The list of docs/reliability.md.
MEANT = [
    ("signature as it is", "", "", "valid", "valid"),
    ("parameter of a canonicalization", CANON, CANON.replace("/>", "><ds:KeyName>x</ds:KeyName></ds:CanonicalizationMethod>"),
     "invalid", "valid"),
    ("serial number of 48 digits", "4660", "9" * 48, "valid", None),
    ("PGPData of a foreign kind", "<ds:X509Data>", f"<ds:PGPData>{FOREIGN}</ds:PGPData><ds:X509Data>", "valid", "invalid"),
    ("SPKIData of a foreign kind", "<ds:X509Data>", f"<ds:SPKIData>{FOREIGN}</ds:SPKIData><ds:X509Data>", "valid", "invalid"),
    ("Id twice inside ds:Object", "</ds:Signature>",
     '<ds:Object><ds:SignatureValue Id="s1">AAAA</ds:SignatureValue><ds:SignatureValue Id="s1">AAAA</ds:SignatureValue>'
     "</ds:Object></ds:Signature>", "valid", "invalid"),
]


def meant_disagreements(ours, theirs):
    """Each difference that is meant is one: a list that no longer tells the truth fails."""
    entry, mine, other = next(p for p in schema_compare.entry_pairs(str(ours), str(theirs)) if p[0]["root"] == "PES_Aller")
    grammar, failed = Grammar(mine, entry), 0
    path = "PES_Aller/Signature"
    base = grammar.build("PES_Aller", lambda p: p == path).document()
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, old, new, expected, published) in enumerate(MEANT):
            assert old in base, f"{name}: the signature no longer holds {old}"
            file = os.path.join(folder, f"{number}.xml")
            pathlib.Path(file).write_text(base.replace(old, new, 1) if old else base, encoding="utf-8")
            (verdict, why), (theirs_says, their_reason) = (schema_compare.judge(s, [file])[file] for s in (mine, other))
            good = verdict == expected and published in (None, theirs_says)
            print(f"{name}: ours {verdict}, published {theirs_says}{'' if good else ' — NOT AS LISTED ' + why + their_reason}")
            failed += not good
    return failed


def elements_of_the_model(theirs, version):
    """The grammar that is walked holds every path of the element tables."""
    failed = 0
    for table, root in (("pes_aller", "PES_Aller"), ("pes_retour", "PES_Retour")):
        file = SHARED / "model" / f"{table}_v{version}.tsv"
        if not file.exists():
            continue
        entry = {"root": root, "namespace": "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/" + table[4:]}
        grammar = Grammar(schema_compare.find_entry(str(theirs), entry["namespace"], root), entry)
        listed = {line.split("\t")[0] for line in file.read_text(encoding="utf-8").splitlines()[1:]}
        missing = {path for path in listed if ":" not in path} - set(grammar.paths)
        print(f"{file.name}: {len(listed) - len(missing)} of {len(listed)} paths walked")
        failed += bool(missing)
    return failed


def compare(ours, theirs, options):
    documents = [word for name in CORPUS if (SHARED / "fixtures" / name).is_dir()
                 for word in ("--documents", str(SHARED / "fixtures" / name))]
    done = subprocess.run([sys.executable, str(SOURCE / "tools/schema_compare.py"), "--count", str(options.count),
                           "--seed", str(options.seed), "--ours", str(ours), "--theirs", str(theirs), *documents,
                           "--mutants", str(options.mutants)], stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout, flush=True)
    compared = re.search(r"^(\d+) generated, (\d+) documents, (\d+) mutants compared", done.stdout, re.MULTILINE)
    if done.returncode or not compared:
        return 1
    # Each kind has been tried: a corpus that is not found proves nothing.
    least = {"generated": options.count * 9 // 10, "documents": 1, "mutants": max(1, options.mutants * 9 // 10)}
    for (kind, wanted), number in zip(least.items(), map(int, compared.groups())):
        if number < wanted:
            print(f"only {number} {kind} compared, at least {wanted} wanted")
            return 1
    # From here on there is room for a case of every element.
    return int(options.count >= 4000 and "never valid" in done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=4000, help="generated documents per version (4000)")
    parser.add_argument("--mutants", type=int, default=1500, help="mutants of the corpus per version (1500)")
    parser.add_argument("--seed", type=int, default=530)
    options = parser.parse_args()
    pairs = [(ours, SHARED / "schemas/pes" / f"v{ours.name}") for ours in sorted((SOURCE / "schemas/pes").iterdir())]
    pairs = [(ours, theirs) for ours, theirs in pairs if theirs.is_dir()]
    if not pairs:
        print(f"skipped: no published schemas in {SHARED / 'schemas/pes'}")
        return SKIPPED
    failed = 0
    for ours, theirs in pairs:
        print(f"PES {ours.name}", flush=True)
        failed += elements_of_the_model(theirs, ours.name) + meant_disagreements(ours, theirs)
        failed += compare(ours, theirs, options)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
