"""The XML vocabulary of ACTES: elements and attributes with their namespaces, and bytes as the ministry writes them."""

import xml.etree.ElementTree as ET

ACTES = "http://www.interieur.gouv.fr/ACTES#v1.1-20040216"
INSEE = "http://xml.insee.fr/schema"
ET.register_namespace("actes", ACTES)
ET.register_namespace("insee", INSEE)


def tag(name):
    return f"{{{ACTES}}}{name}"


def siren_name():
    return f"{{{INSEE}}}SIREN"


def element(name, **attributes):
    return ET.Element(tag(name), {tag(key): str(value) for key, value in attributes.items()})


def child(parent, name, text=None, **attributes):
    made = ET.SubElement(parent, tag(name), {tag(key): str(value) for key, value in attributes.items()})
    made.text = text
    return made


def latin(text):
    """What Latin-1 lacks, replaced as the ministry's own labels do."""
    return text.replace("œ", "oe").replace("’", "'")


def text_of(parent, name):
    found = parent.find(tag(name))
    return (found.text or "").strip() if found is not None else ""


def attribute(parent, name):
    return parent.get(tag(name), "")


def local(parent):
    return parent.tag.rpartition("}")[2]


def write(root, prolog="ISO-8859-1", encoding="iso-8859-1"):
    """The document's bytes; `prolog` may lie about `encoding` (actes 3.5)."""
    body = ET.tostring(root, encoding="unicode").encode(encoding, "xmlcharrefreplace")
    return f'<?xml version="1.0" encoding="{prolog}"?>\n'.encode("ascii") + body
