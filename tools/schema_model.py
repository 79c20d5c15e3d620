"""A small reader of XML Schemas: enough of the language to generate documents and to know the edges of each value.

It reads an entry file with its includes and imports and answers one question: which elements may stand where, and
which value may each of them carry. Identity constraints, redefinitions and substitution groups are not read: no pack
uses them.
"""

import os
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

XS = "{http://www.w3.org/2001/XMLSchema}"
DSIG = "http://www.w3.org/2000/09/xmldsig#"


@dataclass
class Context:
    """How names are resolved in one file, seen from one target namespace (a chameleon has the includer's)."""

    prefixes: dict
    target: str
    qualified: bool

    def resolve(self, name):
        prefix, _, local = name.rpartition(":")
        if prefix:
            return self.prefixes[prefix], local
        return self.prefixes.get("", self.target), local


@dataclass
class Value:
    """A simple type: its built-in base and every facet met on the way down, in order."""

    base: str = "string"
    facets: list = field(default_factory=list)  # (name, value); one enumeration or pattern group is one list

    def accepts(self, text):
        """Whether strings and patterns allow `text`; numeric and date bounds are left to the validator."""
        lengths = {"length": lambda n: len(text) == n, "minLength": lambda n: len(text) >= n,
                   "maxLength": lambda n: len(text) <= n}
        for name, value in self.facets:
            if name in lengths and not lengths[name](int(value)):
                return False
            if name == "enumeration" and text not in value:
                return False
            if name == "pattern" and not any(re.fullmatch(p, text) for p in value):
                return False
        return True


@dataclass
class Particle:
    kind: str  # element, sequence, choice, any
    low: int = 1
    high: int = 1  # -1 = unbounded
    name: str = ""
    namespace: str = ""
    type: object = None  # (type node, Context) or a QName, resolved on demand
    children: list = field(default_factory=list)


@dataclass
class Content:
    particle: Particle = None
    attributes: list = field(default_factory=list)  # (name, Value, required)
    text: Value = None


class Schema:
    """One entry file and all that it includes or imports."""

    def __init__(self, path):
        self.named = {"element": {}, "complexType": {}, "simpleType": {}, "group": {}, "attributeGroup": {},
                      "attribute": {}}
        self._seen = set()
        self._load(os.path.abspath(path), None)

    def root(self, namespace, name):
        node, context = self.named["element"][(namespace, name)]
        return self._element(node, context, qualified=True)

    def content(self, particle):
        """What an element holds: particle of its children, attributes, text."""
        if isinstance(particle.type, tuple) and isinstance(particle.type[0], str):
            key = particle.type
            if key[0] == XS[1:-1]:
                return Content(text=Value(key[1]))
            if key in self.named["complexType"]:
                return self._complex(*self.named["complexType"][key])
            return Content(text=self._simple(*self.named["simpleType"][key]))
        if particle.type is None:
            return Content()
        node, context = particle.type
        return self._complex(node, context) if node.tag == XS + "complexType" else Content(
            text=self._simple(node, context))

    # Loading

    def _load(self, path, includer):
        prefixes, root = {}, None
        for event, item in ET.iterparse(path, events=("start", "start-ns")):
            if event == "start-ns":
                prefixes.setdefault(item[0], item[1])
            elif root is None:
                root = item
        target = root.get("targetNamespace") or includer or ""
        if (path, target) in self._seen:
            return
        self._seen.add((path, target))
        context = Context(prefixes, target, root.get("elementFormDefault") == "qualified")
        for node in root:
            kind = node.tag.removeprefix(XS)
            if kind in ("include", "import") and node.get("schemaLocation"):
                location = os.path.join(os.path.dirname(path), node.get("schemaLocation"))
                self._load(os.path.abspath(location), target if kind == "include" else None)
            elif kind in self.named:
                self.named[kind].setdefault((target, node.get("name")), (node, context))

    # Elements and groups

    @staticmethod
    def _range(node):
        high = node.get("maxOccurs", "1")
        return int(node.get("minOccurs", "1")), -1 if high == "unbounded" else int(high)

    def _element(self, node, context, qualified=False):
        low, high = self._range(node)
        if node.get("ref"):
            key = context.resolve(node.get("ref"))
            particle = self._element(*self.named["element"][key], qualified=True)
            particle.low, particle.high = low, high
            return particle
        inline = next((c for c in node if c.tag in (XS + "complexType", XS + "simpleType")), None)
        kind = context.resolve(node.get("type")) if node.get("type") else None
        own = qualified or node.get("form", "qualified" if context.qualified else "") == "qualified"
        return Particle("element", low, high, node.get("name"), context.target if own else "",
                        (inline, context) if inline is not None else kind)

    def _particle(self, node, context):
        tag = node.tag.removeprefix(XS)
        low, high = self._range(node)
        if tag == "element":
            return self._element(node, context)
        if tag == "any":
            return Particle("any", low, high)
        if tag == "group":
            group, inner = self.named["group"][context.resolve(node.get("ref"))]
            body = next(c for c in group if c.tag != XS + "annotation")
            particle = self._particle(body, inner)
            return Particle("sequence", low, high, children=[particle])
        children = [self._particle(c, context) for c in node if c.tag != XS + "annotation"]
        return Particle("sequence" if tag == "all" else tag, low, high, children=children)

    # Types

    def _complex(self, node, context):
        content = Content()
        for child in node:
            tag = child.tag.removeprefix(XS)
            if tag in ("sequence", "choice", "all", "group"):
                content.particle = self._particle(child, context)
            elif tag in ("attribute", "attributeGroup"):
                content.attributes += self._attributes(child, context)
            elif tag in ("complexContent", "simpleContent"):
                self._derived(next(c for c in child if c.tag != XS + "annotation"), context, content)
        return content

    def _derived(self, node, context, content):
        own = self._complex(node, context)
        base = self.content(Particle("element", type=context.resolve(node.get("base"))))
        content.attributes = base.attributes + own.attributes
        content.text = base.text
        if node.tag == XS + "restriction" and own.particle is not None:
            content.particle = own.particle
        elif own.particle is None or base.particle is None:
            content.particle = own.particle or base.particle
        else:
            content.particle = Particle("sequence", children=[base.particle, own.particle])

    def _attributes(self, node, context):
        if node.tag == XS + "attributeGroup":
            group, inner = self.named["attributeGroup"][context.resolve(node.get("ref"))]
            return [a for child in group for a in self._attributes(child, inner)]
        if node.get("ref") or node.get("use") == "prohibited":
            return []
        inline = node.find(XS + "simpleType")
        if inline is not None:
            value = self._simple(inline, context)
        else:
            value = self._named_value(context.resolve(node.get("type", "xs:string")))
        return [(node.get("name"), value, node.get("use") == "required")]

    def _named_value(self, key):
        if key[0] == XS[1:-1]:
            return Value(key[1])
        return self._simple(*self.named["simpleType"][key])

    def _simple(self, node, context):
        restriction = node.find(XS + "restriction")
        if restriction is None:
            return Value("string")
        inline = restriction.find(XS + "simpleType")
        parent = (self._simple(inline, context) if inline is not None
                  else self._named_value(context.resolve(restriction.get("base"))))
        value = Value(parent.base, list(parent.facets))
        groups = {}
        for facet in restriction:
            name = facet.tag.removeprefix(XS)
            if name in ("enumeration", "pattern"):
                groups.setdefault(name, []).append(facet.get("value"))
            elif name != "annotation":
                value.facets.append((name, facet.get("value")))
        value.facets += groups.items()
        return value


def elements(particle):
    """Element particles below a particle, without entering them."""
    if particle is None:
        return
    if particle.kind == "element":
        yield particle
    for child in particle.children:
        yield from elements(child)


def find_entry(folder, namespace, root):
    """The XSD below `folder` that declares this root in this namespace (for a pack without pack.toml)."""
    found = []
    for base, _, files in os.walk(folder):
        for file in files:
            path = os.path.join(base, file)
            if not file.endswith(".xsd"):
                continue
            try:
                schema = ET.parse(path).getroot()
            except ET.ParseError:
                continue
            names = {e.get("name") for e in schema.findall(XS + "element")}
            if schema.get("targetNamespace") == namespace and root in names:
                found.append(path)
    return min(found, key=lambda p: (p.count(os.sep), p)) if found else None
