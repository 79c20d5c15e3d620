"""Ready-made envelopes of ACTES, as the software of a town hall makes them: sound ones, and any way of spoiling them."""

import gzip
import io
import tarfile

ACTES = "http://www.interieur.gouv.fr/ACTES#v1.1-20040216"
INSEE = "http://xml.insee.fr/schema"
NATURES = {1: "DE", 2: "AR", 3: "AI", 4: "CC", 5: "BF", 6: "AU"}


def _xml(root, attributes, body):
    text = (f'<?xml version="1.0" encoding="ISO-8859-1"?>\n<actes:{root} xmlns:actes="{ACTES}" xmlns:insee="{INSEE}"{attributes}>'
            f"{body}</actes:{root}>\n")
    return text.encode("iso-8859-1")


def _file(tag, name):
    return f"<actes:{tag}><actes:NomFichier>{name}</actes:NomFichier></actes:{tag}>"


class Act:
    """A 1-1 with its document and annexes: [(typologie, extension, bytes)]."""

    def __init__(self, siren, number, document, annexes=(), date="2026-03-02", classification="2026-01-15", nature=1):
        stem = f"034-{siren}-{date.replace('-', '')}-{number}-{NATURES[nature]}-1-1"
        self.form = f"{stem}_0.xml"
        self.files = {f"99_{NATURES[nature]}-{stem}_1.pdf": document}
        names = []
        for order, (kind, extension, content) in enumerate(annexes, 2):
            names.append(f"{kind}-{stem}_{order}.{extension}")
            self.files[names[-1]] = content
        self.main = next(iter(self.files))
        self.xml = _xml("Acte", f' actes:Date="{date}" actes:NumeroInterne="{number}" actes:CodeNatureActe="{nature}"',
                        '<actes:CodeMatiere1 actes:CodeMatiere="7"/><actes:CodeMatiere2 actes:CodeMatiere="1"/>'
                        f"<actes:Objet>Délibération {number} à publier</actes:Objet>"
                        f"<actes:ClassificationDateVersion>{classification}</actes:ClassificationDateVersion>"
                        + _file("Document", self.main)
                        + f'<actes:Annexes actes:Nombre="{len(names)}">' + "".join(_file("Annexe", name) for name in names)
                        + "</actes:Annexes><actes:DocumentPapier>N</actes:DocumentPapier>")


class Cancellation:
    """A 6-1."""

    def __init__(self, id_acte):
        self.form = f"{id_acte}-6-1_0.xml"
        self.files = {}
        self.xml = _xml("Annulation", f' actes:IDActe="{id_acte}"', "")


class Envelope:
    """Members may be changed before pack(): `members` is {name: bytes}, in the order of the archive."""

    def __init__(self, siren, messages, serial=1, date="20260302", trigramme="ABC", quadrigramme="TACT", emitter=None):
        self.name = f"{trigramme}-{quadrigramme}--{siren}--{date}-{serial}.tar.gz"
        self.envelope = f"{quadrigramme}--{siren}--{date}-{serial}.xml"
        body = (f'<actes:Emetteur><actes:IDCL insee:SIREN="{emitter or siren}" actes:Departement="034" actes:Arrondissement="1" '
                'actes:Nature="31"/></actes:Emetteur><actes:AdressesRetour><actes:Email>editeur@exemple.fr</actes:Email>'
                "</actes:AdressesRetour><actes:FormulairesEnvoyes>"
                + "".join(_file("Formulaire", message.form) for message in messages) + "</actes:FormulairesEnvoyes>")
        self.members = {self.envelope: _xml("EnveloppeCLMISILL", "", body)}
        for message in messages:
            self.members[message.form] = message.xml
            self.members.update(message.files)

    def pack(self, level=9):
        """The same bytes whenever it is packed."""
        out = io.BytesIO()
        with (gzip.GzipFile(filename="", fileobj=out, mode="wb", compresslevel=level, mtime=0) as packed,
              tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive):
            for name, content in self.members.items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        return out.getvalue()
