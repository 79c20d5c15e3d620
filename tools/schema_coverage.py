"""What a comparison of two packs has tried: elements, choices and facets of the pack compared with."""

from schema_model import DSIG, elements


class Coverage:
    """Counts for the entries of one pack, told about each case and its verdict there."""

    def __init__(self, root, grammar):
        self.root, self.grammar = root, grammar
        self.elements = {path for path, (particle, _) in grammar.paths.items() if particle.namespace != DSIG}
        self.facets = {(repr(v), name) for p in grammar.paths if (v := grammar.value_of(p)) for name, _ in v.facets}
        self.reached, self.accepted, self.refused, self.tried = set(), set(), set(), set()

    def add(self, case, verdict):
        if case.path in self.elements:
            self.reached.add(case.path)
            if verdict != "valid":
                self.refused.add(case.path)
        if verdict == "valid":
            self.accepted |= case.held & self.elements
        value = self.grammar.value_of(case.path)
        if case.facet and value is not None and (repr(value), case.facet) in self.facets:
            self.tried.add((repr(value), case.facet))

    def missing(self):
        """Elements without a case, or never in a valid document."""
        return sorted(self.elements - (self.reached & self.accepted))

    def line(self):
        return (f"{self.root}: {len(self.reached)} of {len(self.elements)} elements reached "
                f"({len(self.accepted)} in a valid document, {len(self.refused)} with a fault that is refused), "
                f"{len(self.tried)} of {len(self.facets)} facets tried")


def choices(particle):
    """Choices below a particle that have two branches or more, without entering elements."""
    if particle is None or particle.kind == "element":
        return
    if particle.kind == "choice" and len(particle.children) > 1 and any(True for _ in elements(particle)):
        yield particle
    for child in particle.children:
        yield from choices(child)
