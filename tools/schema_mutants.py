"""Mutants of real documents for schema_compare: one fault each, anywhere, the signature included."""

import copy
import random
import re
import xml.etree.ElementTree as ET

from schema_cases import COMMON, PLAUSIBLE, Case

LARGEST = 200_000  # bytes: a mutant of a large document tells no more than that of a small one
PREFIXES = {"ds": "http://www.w3.org/2000/09/xmldsig#", "xad": "http://uri.etsi.org/01903/v1.1.1#"}


def local(element):
    return element.tag.rsplit("}", 1)[-1]


class Original:
    """A document and its elements with their paths and parents."""

    def __init__(self, file):
        self.file, self.root = file, ET.parse(file).getroot()
        self.places = []
        self._walk(self.root, local(self.root))

    def _walk(self, element, path):
        self.places.append(path)
        for child in element:
            if isinstance(child.tag, str):
                self._walk(child, f"{path}/{local(child)}")


def parse_all(files):
    """Those of the files that are small well-formed XML."""
    originals = []
    for file in files:
        try:
            with open(file, "rb") as stream:
                if len(stream.read(LARGEST + 1)) <= LARGEST:
                    originals.append(Original(file))
        except ET.ParseError:
            continue  # compared as it is, not as a mutant
    return originals


def numbered(root):
    """(element, parent) in document order, elements only: the order of Original.places."""
    out = []

    def walk(element, parent):
        out.append((element, parent))
        for child in element:
            if isinstance(child.tag, str):
                walk(child, element)
    walk(root, None)
    return out


def position(parent, element):
    return list(parent).index(element)


def fault_in(element, parent, others, rng):
    """Changes the document at `element`; tells how."""
    faults = ["case", "attribute", "text", "child", "namespace", "value", "value", "value"]
    if parent is not None:
        faults += ["dropped", "repeated", "swapped", "moved last", "graft", "emptied"]
    fault = rng.choice(faults)
    if fault == "value" and "V" in element.attrib:
        element.set("V", rng.choice(COMMON + PLAUSIBLE + [element.get("V") + "x", element.get("V")[:-1]]))
        return f"V={element.get('V')[:40]!r}"
    if fault == "value":
        element.text = rng.choice(["", "AAAA", "x", "éé", "12"]) if not len(element) else "texte"
    elif fault == "case":
        element.tag = element.tag[:-len(local(element))] + local(element).swapcase()
    elif fault == "attribute":
        element.set(rng.choice(["inconnu", "Id", "V", "Algorithm"]), rng.choice(["1", "a1", ""]))
    elif fault == "text":
        element.text = "texte"
    elif fault == "child":
        element.insert(rng.randint(0, len(element)), ET.Element("Inconnu"))
    elif fault == "namespace":
        element.tag = "{urn:inconnu}" + local(element)
    elif fault == "dropped":
        parent.remove(element)
    elif fault == "repeated":
        parent.insert(position(parent, element), copy.deepcopy(element))
    elif fault in ("swapped", "moved last"):
        at = position(parent, element)
        parent.remove(element)
        parent.insert(at + 1 if fault == "swapped" else len(parent), element)
    elif fault == "graft":
        parent.insert(position(parent, element), copy.deepcopy(rng.choice(others)))
    elif fault == "emptied":
        for child in list(element):
            element.remove(child)
    return fault


def mutants(root_name, files, seed, count):
    """`count` cases, the documents in turn and the paths of each in turn: the same seed gives the same cases."""
    for prefix, namespace in PREFIXES.items():
        ET.register_namespace(prefix, namespace)
    rng = random.Random(seed)
    originals = parse_all(files)
    if not originals:
        return
    used = {}
    for turn in range(count):
        original = originals[turn % len(originals)]
        # The path that was mutated least so far, over all documents.
        fewest = min(used.get(p, 0) for p in original.places)
        at = rng.choice([i for i, p in enumerate(original.places) if used.get(p, 0) == fewest])
        path = original.places[at]
        used[path] = used.get(path, 0) + 1
        root = copy.deepcopy(original.root)
        nodes = numbered(root)
        element, parent = nodes[at]
        fault = fault_in(element, parent, [n for n, _ in nodes[1:]] or [root], rng)
        text = ET.tostring(root, encoding="unicode")
        if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", text):
            continue  # not a character of XML
        yield Case(root_name, path, f"{fault} in {original.file.rsplit('/', 1)[-1]}",
                   '<?xml version="1.0" encoding="UTF-8"?>\n' + text)
