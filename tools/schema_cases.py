"""Documents for schema_compare: what is drawn from the grammars of two packs, with one fault or odd value in each."""

import itertools
import random
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from schema_coverage import choices
from schema_model import DSIG, Schema, elements

# Values tried everywhere, whatever the type: what agents, exports and attackers really write.
COMMON = ["", " ", ".", "nc", "NC", "0", "00", "000", "1", "01", "9", "-1", "+5", "05", "5.0", "5.", ".5", "0.00",
          "0.01", "12.345", "1e3", "INF", "1,5", "A", "Z9", "é", "Œ", "€", "A B", "A-B", "A_B", "a.b", " 1", "1 ",
          "a\tb", "a\nb", "\n", "x" * 600, "true", "false", "TRUE", "2", "2024", "2024Z", "24", "-2024", "2024-02-29",
          "2023-02-29", "2024-2-9", "15/03/2024", "2024-01-01Z", "2024-01-01+01:00", "1899-12-31", "1900-01-01"]

# Plausible values, the first that a type accepts is used in valid documents.
PLAUSIBLE = ["1", "01", "001", "10", "0001", "TEXTE", "2024-01-15", "2024", "1.00", "true", "034123",
             "FR7630001007941234567890185", "BDFEFRPPCCT", "facture.pdf", "34", "A1", "123", "75", "100", "Lieu", "LIEU",
             "21340000500012", "45261000-4", "2026TRAVX01", "01-2026"]
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
            out.append(SIGNATURE % (DSIG, self.text, "4660"))
            return
        declaration = f' xmlns:n={quoteattr(self.namespace)}' if self.namespace else ""
        name = ("n:" if self.namespace else "") + self.name
        extra = {"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
        attributes = "".join(f" {k}={quoteattr(v, extra)}" for k, v in self.attributes.items())
        out.append(f"<{name}{declaration}{attributes}>{self.text}")
        for child in self.children:
            child.write(out)
        out.append(f"</{name}>\n")

    def held(self):
        paths, nodes = {self.path}, list(self.children)
        while nodes:
            node = nodes.pop()
            paths.add(node.path)
            nodes += node.children
        return frozenset(paths)

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

    def build(self, path, wanted, branch=None):
        """An element at `path`: what is required, plus what `wanted(child path)` asks for. `branch(choice, wanted
        branches)` picks one of a choice; the first wanted one otherwise."""
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
            self.fill(content.particle, path, wanted, element.children, branch)
        return element

    def fill(self, particle, path, wanted, out, branch=None):
        if particle.kind == "element":
            below = f"{path}/{particle.name}"
            if below in self.paths and (particle.low > 0 or wanted(below)):
                out.append(self.build(below, wanted, branch))
            return
        asked = any(wanted(f"{path}/{e.name}") for e in elements(particle))
        if particle.low == 0 and not asked:
            return
        chosen = particle.children
        if particle.kind == "choice" and chosen:
            liked = [c for c in chosen if any(wanted(f"{path}/{e.name}") for e in elements(c))] or chosen[:1]
            chosen = [branch(particle, liked) if branch else liked[0]]
        for child in chosen:
            self.fill(child, path, wanted, out, branch)


def plausible(value):
    for name, listed in value.facets:
        if name == "enumeration":
            return listed[0]
    by_base = {"decimal": "1", "integer": "1", "date": "2024-01-15", "gYear": "2024", "boolean": "true",
               "dateTime": "2024-01-15T10:00:00"}
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


def facet_edges(value):
    """(facet, values on both sides of it) for each facet of a type, and its plausible value."""
    yield "", [plausible(value)]
    for name, bound in value.facets:
        out = []
        if name in ("length", "minLength", "maxLength"):
            out = [sized(value, n) for n in range(max(int(bound) - 1, 0), int(bound) + 2)]
        elif name == "enumeration":
            out = bound + [b + " " for b in bound[:1]] + [b.lstrip("0") for b in bound] + [bound[-1] + "0"]
            out += [str(int(b) + 1).zfill(len(b)) for b in bound if b.isdigit()]
        elif name == "totalDigits":
            out = ["9" * int(bound), "9" * (int(bound) + 1), "0" * 20 + "9" * int(bound), "-" + "9" * int(bound)]
            out += ["9" * (int(bound) - 2) + ".99", "9" * (int(bound) - 1) + ".99"]
        elif name == "fractionDigits":
            out = ["1." + "1" * int(bound), "1." + "1" * (int(bound) + 1), "1." + "1" * int(bound) + "000"]
        elif name == "pattern":
            out = [text for text in ("", "nc", ".", "000", "é") if not value.accepts(text)][:2] + [plausible(value) + "!"]
        elif name == "whiteSpace":
            out = [" A", "A ", "A  B", "A\tB"]
        elif name.startswith(("min", "max")):
            out = [bound, "-" + bound, bound + "1" if value.base == "decimal" else bound, "99.99", "99.999", "100"]
        yield name, out


@dataclass
class Case:
    entry: str
    path: str
    fault: str
    document: str
    facet: str = ""  # of the value tried
    held: frozenset = frozenset()  # paths of the elements in the document


@dataclass
class Plan:
    """A case before its document is built."""

    path: str
    fault: str
    edit: object  # called with the element at `path` and the root
    facet: str = ""


def value_case(path, text, facet=""):
    return Plan(path, f"V={text[:40]!r}({len(text)})", lambda e, r: e.attributes.update(V=text), facet)


def types_at(grammars, path):
    return [v for g in grammars if (v := g.value_of(path)) is not None]


def edge_cases(grammars):
    """One document per path and edge of a facet, of either pack."""
    for path in paths_of(grammars):
        seen = set()
        for value in types_at(grammars, path):
            for facet, texts in facet_edges(value):
                for text in texts:
                    if (facet, text) not in seen:
                        seen.add((facet, text))
                        yield value_case(path, text, facet)


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


def attribute_cases(grammars):
    """Attributes beside V and Id: left out, at the edges of their type, and odd values."""
    seen = set()
    for grammar in grammars:
        for path, (_, content) in grammar.paths.items():
            for name, value, _ in content.attributes:
                if name in ("V", "Id") or (path, name, repr(value)) in seen:
                    continue
                seen.add((path, name, repr(value)))
                yield Plan(path, f"no attribute {name}", lambda e, r, n=name: e.attributes.pop(n, None))
                texts = [text for _, edges in facet_edges(value) for text in edges] + COMMON + ["2024-01-15T10:00:00Z"]
                for text in dict.fromkeys(texts):
                    yield Plan(path, f"{name}={text[:40]!r}",
                               lambda e, r, n=name, t=text: e.attributes.update({n: t}))


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
            yield Plan(path, fault, edit)


def insertion_cases(grammars):
    """Each child that either pack knows below a path, put first, in the middle and last."""
    for path in paths_of(grammars):
        names = dict.fromkeys(p for p in paths_of(grammars) if p.rpartition("/")[0] == path)
        for child in names:
            grammar = next(g for g in grammars if child in g.paths)
            for place in (0.0, 0.5, 1.0):
                def edit(element, root, g=grammar, c=child, at=place):
                    element.children.insert(round(at * len(element.children)), g.build(c, lambda p: False))
                yield Plan(path, f"{child.rsplit('/', 1)[-1]} inserted at {place}", edit)


def branch_cases(grammars):
    """Each branch of each choice, bare and full, and two branches one after the other."""
    for grammar in grammars:
        for path, (_, content) in grammar.paths.items():
            for number, choice in enumerate(choices(content.particle)):
                for left in range(len(choice.children)):
                    for wanted, name in ((lambda p: False, "bare"), (lambda p: True, "full")):
                        yield Plan(path, f"choice {number}, branch {left}, {name}",
                                   refill(grammar, choice, [left], wanted))
                    for right in range(len(choice.children)):
                        if right != left:
                            yield Plan(path, f"choice {number}, branches {left} then {right}",
                                       refill(grammar, choice, [left, right], lambda p: False))


def refill(grammar, choice, branches, wanted):
    """Writes the children of an element anew, with these branches of `choice`."""
    def edit(element, root):
        element.children.clear()
        content = grammar.paths[element.path][1]
        names = {f"{element.path}/{e.name}" for b in branches for e in elements(choice.children[b])}
        pick = lambda c, liked: c.children[branches[0]] if c is choice else liked[0]
        grammar.fill(content.particle, element.path, lambda p: p in names or wanted(p), element.children, pick)
        for number in branches[1:]:
            grammar.fill(choice.children[number], element.path, lambda p: p in names, element.children)
    return edit


def full_cases(grammars, rng, rounds):
    """Larger documents: optional parts drawn at random, then one structural fault somewhere."""
    for turn in range(rounds):
        grammar = grammars[turn % len(grammars)]
        share = rng.choice((0.3, 0.6, 1.0))
        root = grammar.build(grammar.root.name, lambda p: rng.random() < share, lambda c, liked: rng.choice(liked))
        nodes = [root]
        for node in nodes:
            nodes += node.children
        target = rng.choice(nodes)
        faults = {"unchanged": None} if target is root else {
            "unchanged": None, "dropped": drop, "repeated": repeat, "swapped": swap, "moved last": move_last}
        fault = rng.choice(list(faults))
        if faults[fault]:
            faults[fault](target, root)
        yield Case(grammar.entry["root"], target.path, f"random document, {fault}", root.document(),
                   held=root.held())


def by_type_first(plans, grammars):
    """Every edge of every type once, wherever a path has it, then the same edges at the other paths."""
    first, rest, seen = [], [], set()
    for plan in plans:
        key = (tuple(repr(v) for v in types_at(grammars, plan.path)), plan.facet, plan.fault)
        (rest if key in seen else first).append(plan)
        seen.add(key)
    return first, rest


def first_of_each_path(plans, reached):
    """(one plan for each path not reached yet, the others)"""
    first, rest = [], []
    for plan in plans:
        (rest if plan.path in reached else first).append(plan)
        reached.add(plan.path)
    return first, rest


def plans_for(grammars, rng):
    """All plans: a fault of each element first, then every edge of every type and every choice, then the rest in turn."""
    kinds = [list(kind(grammars)) for kind in (edge_cases, structure_cases, insertion_cases, common_cases,
                                                  attribute_cases)]
    for kind in kinds:
        rng.shuffle(kind)
    edges, more_edges = by_type_first(kinds[0], grammars)
    reaching, edges = first_of_each_path(edges, set())
    others, more_structure = first_of_each_path(kinds[1], {plan.path for plan in reaching})
    start = [*reaching, *others]
    start += [p for turn in itertools.zip_longest(edges, branch_cases(grammars)) for p in turn if p is not None]
    rest = itertools.zip_longest(more_edges, more_structure, *kinds[2:])
    return start + [plan for turn in rest for plan in turn if plan is not None]


def cases_for(grammars, seed, count):
    """`count` cases (0 = all): the same seed gives the same cases."""
    rng = random.Random(seed)
    plans = plans_for(grammars, rng)
    random_share = max(count // 8, 20) if count else len(plans) // 10
    if count:
        plans = plans[:max(count - random_share, 0)]
    for plan in plans:
        grammar = next(g for g in grammars if plan.path in g.paths)
        root = grammar.build(grammar.root.name, lambda p, t=plan.path: t == p or t.startswith(p + "/"))
        element = root.find(plan.path)
        if element is not None:
            plan.edit(element, root)
            yield Case(grammar.entry["root"], plan.path, plan.fault, root.document(), plan.facet, root.held())
    yield from full_cases(grammars, rng, random_share)
