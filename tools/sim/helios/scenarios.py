"""Which answer a flow gets: by a marker in its NomFic, by rules of a file, else the default."""

import dataclasses
import json
import os

import answers

NAMES = ("positive", "mixed", "negative", "box1", "v1", "duplicate", "late", "silent", "return")
MARKERS = {
    "_MIXTE": "mixed", "_REJET": "negative", "_BOITE1": "box1", "_V1": "v1", "_DOUBLE": "duplicate",
    "_TARD": "late", "_MUET": "silent", "_RETOUR": "return", "_POSITIF": "positive",
}


@dataclasses.dataclass
class Answer:
    """One document to put into sortie/ after `delay` seconds. `kind` is "acquit" or "retour"."""

    kind: str
    delay: float
    content: bytes
    name: str = ""  # the file's own, when it must be the one written inside


@dataclasses.dataclass
class Plan:
    default: str = "positive"
    delay: float = 0.2  # before an ordinary acquit
    late: float = 10.0  # before a late one
    return_after: float = 0.0  # a PES_Retour this long after each acquit; 0: only by its marker
    rules: tuple = ()  # (text in NomFic, scenario)

    def scenario(self, flow):
        name = flow.get("NomFic")
        for marker, scenario in (*self.rules, *MARKERS.items()):
            if marker in name:
                return scenario
        return self.default


def load(text):
    """A Plan from the name of a scenario or from a JSON file with the fields of Plan."""
    if text in NAMES:
        return Plan(default=text)
    with open(text, encoding="utf-8") as file:
        values = json.load(file)
    values["rules"] = tuple(tuple(rule) for rule in values.get("rules", ()))
    plan = Plan(**values)
    unknown = {plan.default, *(scenario for _, scenario in plan.rules)} - set(NAMES)
    if unknown:
        raise ValueError(f"{os.path.basename(text)}: unknown scenario {sorted(unknown)}")
    return plan


def _acquit(scenario, flow):
    if scenario == "mixed":
        return answers.acquit_mixed(flow)
    if scenario == "negative":
        return answers.acquit_v2(flow, lambda index: False)
    if scenario == "box1":
        return answers.acquit_box1(flow)
    if scenario == "v1":
        return answers.acquit_v1(flow, lambda index: True)
    return answers.acquit_v2(flow, lambda index: True)


def plan_answers(plan, scenario, flow, return_name):
    """The answers of one deposit. Hélios does not answer a flow without content (helios 1.3) nor garbage."""
    if scenario == "silent" or flow.error or flow.root != "PES_Aller":
        return []
    delay = plan.late if scenario == "late" else plan.delay
    out = [Answer("acquit", delay, _acquit(scenario, flow))]
    if scenario == "duplicate":
        out.append(Answer("acquit", delay + 0.5, _acquit("positive", flow)))
    after = plan.return_after or (1.0 if scenario == "return" else 0.0)
    retour = answers.retour_depense(flow, return_name) if after else None
    if retour:
        out.append(Answer("retour", delay + after, retour, return_name))
    return out
