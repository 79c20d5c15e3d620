"""schema_compare must find nothing between a pack and itself, and find a bound that was moved in a copy."""

import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[3]
PACK = SOURCE / "schemas/pes/5.30"

# file, text, replacement: one change of each kind, spread over the entries
CHANGES = [
    ("types.xsd", '<xs:maxLength value="38"/>', '<xs:maxLength value="39"/>'),
    ("commun.xsd", 'name="CodPays" type="entier-3" minOccurs="0"', 'name="CodPays" type="entier-3"'),
    ("marche_modification.xsd", 'name="VariationPrix" type="VariationPrix" minOccurs="0"',
     'name="VariationPrix" type="VariationPrix"'),
    ("acquit.xsd", '<xs:enumeration value="ERREUR_AUTRE"/>', ""),
    ("retour_commun.xsd", 'name="IBAN" type="iban"', 'name="IBAN" type="libre-38"'),
]


def compare(theirs):
    command = [sys.executable, SOURCE / "tools/schema_compare.py", "--count", "4000", "--show", "1",
               "--ours", PACK, "--theirs", theirs]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def changed_copy(folder, changes):
    shutil.copytree(PACK, folder)
    for file, old, new in changes:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{file} no longer holds {old}"
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def main():
    with tempfile.TemporaryDirectory() as base:
        same = compare(changed_copy(pathlib.Path(base, "same"), []))
        assert same.returncode == 0, same.stdout + same.stderr
        for number, change in enumerate(CHANGES):
            other = compare(changed_copy(pathlib.Path(base, str(number)), [change]))
            assert other.returncode == 1, f"{change[0]}: the change was not seen\n{other.stdout}{other.stderr}"


if __name__ == "__main__":
    main()
