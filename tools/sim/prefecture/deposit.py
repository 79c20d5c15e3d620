"""What the ministry makes of a posted archive: its name, its members, its envelope and its messages (actes 2, 3)."""

import dataclasses
import hashlib
import re
import tarfile
import xml.etree.ElementTree as ET

import words

NAME = re.compile(r"^([A-Za-z0-9]{3})-(EACT|TACT)--([0-9]{9})--([0-9]{8})-([0-9]+)\.tar\.gz$")
MOST_XML = 16 * 1024 * 1024


@dataclasses.dataclass
class Message:
    """One business message. `code` is "1-1", "6-1" …; `root` its XML; `name` of its file."""

    code: str
    name: str
    root: ET.Element

    @property
    def id_acte(self):
        return words.attribute(self.root, "IDActe")


@dataclasses.dataclass
class Deposit:
    """`problem` is empty when all is well; `envelope` is there as soon as it could be read."""

    name: str
    sha256: str = ""
    size: int = 0
    members: tuple = ()
    envelope: ET.Element = None
    messages: tuple = ()
    problem: str = ""

    @property
    def siren(self):
        found = self.envelope.find(f".//{words.tag('IDCL')}") if self.envelope is not None else None
        return found.get(words.siren_name(), "") if found is not None else ""

    def place(self):
        """(département, arrondissement) of the emitter."""
        found = self.envelope.find(f".//{words.tag('IDCL')}")
        return words.attribute(found, "Departement"), words.attribute(found, "Arrondissement")

    def addresses(self):
        if self.envelope is None:
            return []
        found = self.envelope.find(words.tag("AdressesRetour"))
        return [] if found is None else [(each.text or "").strip() for each in found.findall(words.tag("Email"))]


CODES = {
    "Acte": "1-1", "ReponseCourrierSimple": "2-2", "ARDemandePieceComplementaire": "3-2",
    "RefusPieceComplementaire": "3-3", "PieceComplementaire": "3-4", "ARLettreObservations": "4-2",
    "RejetLettreObservations": "4-3", "ReponseLettreObservations": "4-4", "Annulation": "6-1", "DemandeClassification": "7-1",
}


def digest(path):
    sha = hashlib.sha256()
    size = 0
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            sha.update(piece)
            size += len(piece)
    return sha.hexdigest(), size


def _members(archive):
    """Names and the XML members' bytes, without ever holding a document."""
    names, xml = [], {}
    for member in archive:
        if not member.isreg() or "/" in member.name or member.name.startswith("."):
            raise ValueError(f"not flat: {member.name}")
        if member.name in names:
            raise ValueError(f"twice: {member.name}")
        names.append(member.name)
        if member.name.endswith(".xml") and member.size <= MOST_XML:
            xml[member.name] = archive.extractfile(member).read()
    return names, xml


def _files_of(message):
    return [(each.text or "").strip() for each in message.iter(words.tag("NomFichier"))]


def _messages(deposit, names, xml):
    messages = []
    for form in deposit.envelope.iter(words.tag("Formulaire")):
        name = words.text_of(form, "NomFichier")
        if name not in xml:
            raise ValueError(f"message not in the archive: {name}")
        root = ET.fromstring(xml[name])
        code = CODES.get(words.local(root))
        if code is None:
            raise ValueError(f"unknown message: {words.local(root)}")
        if f"-{code}" not in name:
            raise ValueError(f"name and message differ: {name}")
        for file in _files_of(root):
            if file not in names:
                raise ValueError(f"file not in the archive: {file}")
        messages.append(Message(code, name, root))
    if not messages:
        raise ValueError("no message")
    return tuple(messages)


def read(name, path):
    """Never raises: what is wrong is in `problem`."""
    deposit = Deposit(name)
    deposit.sha256, deposit.size = digest(path)
    match = NAME.match(name)
    if not match:
        deposit.problem = "archive name"
        return deposit
    try:
        with tarfile.open(path, "r|gz") as archive:
            names, xml = _members(archive)
        deposit.members = tuple(names)
        envelope = name.partition("-")[2][: -len(".tar.gz")] + ".xml"
        if envelope not in xml:
            raise ValueError(f"no envelope {envelope}")
        deposit.envelope = ET.fromstring(xml[envelope])
        if words.local(deposit.envelope) != "EnveloppeCLMISILL":
            raise ValueError("root of the envelope")
        if deposit.siren != match.group(3):
            raise ValueError("SIREN of name and envelope differ")
        if not deposit.addresses():
            raise ValueError("no AdressesRetour")
        deposit.messages = _messages(deposit, names, xml)
    except (tarfile.TarError, EOFError, OSError, ValueError, ET.ParseError) as error:
        deposit.problem = str(error) or type(error).__name__
    return deposit
