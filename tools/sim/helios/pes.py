"""Reads what the simulated Hélios needs of a PES_Aller; tolerant, and of bounded memory for big PJ."""

import dataclasses
import re
import xml.etree.ElementTree as ET


@dataclasses.dataclass
class Piece:
    id: str = ""
    type: str = "01"
    nature: str = "01"
    lines: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Bordereau:
    domain: str = "5"  # DomaineAck: 5 dépense, 6 recette
    exercice: str = ""
    id: str = ""
    type: str = "01"
    pieces: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Flow:
    """The header and the objects of one deposit. `error` is set when it is not well-formed."""

    error: str = ""
    root: str = ""
    header: dict = dataclasses.field(default_factory=dict)
    bordereaux: list = dataclasses.field(default_factory=list)
    pjs: list = dataclasses.field(default_factory=list)
    contracts: list = dataclasses.field(default_factory=list)  # [IdContrat, SequenceEnvoi]

    def get(self, name):
        return self.header.get(name, "")


HEADER = ("TypFic", "NomFic", "Sigle", "Adresse", "DteStr", "IdPost", "IdColl", "CodCol", "CodBud", "LibelleColBud")
DOMAINS = {"PES_DepenseAller": "5", "PES_RecetteAller": "6"}


def _local(tag):
    return tag.rsplit("}", 1)[-1]


class _Reader:
    def __init__(self):
        self.flow = Flow()
        self.domain = None
        self.path = []

    def start(self, element):
        name = _local(element.tag)
        if not self.path:
            self.flow.root = name
        self.path.append(name)
        if name in DOMAINS:
            self.domain = DOMAINS[name]
        elif name == "Bordereau" and self.domain:
            self.flow.bordereaux.append(Bordereau(self.domain))
        elif name == "Piece" and self.domain and self.flow.bordereaux:
            self.flow.bordereaux[-1].pieces.append(Piece())

    def end(self, element):
        name = self.path.pop()
        value = element.get("V")
        if name in DOMAINS:
            self.domain = None
        elif value is not None:
            self._value(name, value)
        if name in ("Piece", "PJ", "Fichier", "Signature"):
            element.clear()

    def _value(self, name, value):
        parent = self.path[-1] if self.path else ""
        if parent in ("Parametres", "Emetteur") or (parent in ("EnTetePES", "EntetePES")):
            # CodColl is what the same field is called in an acknowledgement of a return (helios 1.5).
            key = "CodCol" if name == "CodColl" else name
            if key in HEADER:
                self.flow.header.setdefault(key, value)
        elif parent == "PJ" and name == "IdUnique":
            self.flow.pjs.append(value)
        elif parent in ("IdentifiantMarche", "IdentifiantConcession") and name == "IdContrat":
            self.flow.contracts.append([value, "1"])
        elif parent in ("IdentifiantMarche", "IdentifiantConcession") and name == "SequenceEnvoi" and self.flow.contracts:
            self.flow.contracts[-1][1] = value
        elif self.domain and self.flow.bordereaux:
            self._object_value(self.flow.bordereaux[-1], parent, name, value)

    @staticmethod
    def _object_value(bordereau, parent, name, value):
        if parent == "BlocBordereau":
            field = {"Exer": "exercice", "IdBord": "id", "TypBord": "type"}.get(name)
            if field:
                setattr(bordereau, field, value)
        elif bordereau.pieces:
            piece = bordereau.pieces[-1]
            field = {"IdPce": "id", "TypPce": "type", "NatPce": "nature"}.get(name)
            if field and not getattr(piece, "lines"):
                setattr(piece, field, value)
            elif name == "IdLigne":
                piece.lines.append(value)


def read(path):
    """The Flow in a file; never raises for a bad one."""
    reader = _Reader()
    try:
        for event, element in ET.iterparse(path, events=("start", "end")):
            getattr(reader, event)(element)
    except (ET.ParseError, UnicodeError, LookupError, ValueError) as error:
        reader.flow.error = f"not well-formed: {error}"
        _guess_name(path, reader.flow)
    return reader.flow


def _guess_name(path, flow):
    with open(path, "rb") as file:
        found = re.search(rb'<NomFic\s+V="([^"]*)"', file.read(65536))
    if found and "NomFic" not in flow.header:
        flow.header["NomFic"] = found.group(1).decode("latin-1")
