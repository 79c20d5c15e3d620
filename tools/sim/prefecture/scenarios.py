"""Which answers an act gets: by a marker in its number, else the default."""

import dataclasses

# What is answered, and when, in seconds after the usual delay.
ANSWERS = {
    "accepted": ((0, "receipt"),),
    "rejected": ((0, "refusal"),),
    "stale": ((0, "stale"),),
    "envelope_rejected": ((0, "envelope"),),
    "silent": (),
    "twice": ((0, "receipt_twice"),),
    "late": ((10, "receipt"),),
    "broken": ((0, "receipt_broken"), (1, "receipt")),
    "multi_canal": ((0, "notice"), (0.2, "receipt")),
    "letter": ((0, "receipt"), (0.5, "2-1")),
    "pieces": ((0, "receipt"), (0.5, "3-1")),
    "observations": ((0, "receipt"), (0.5, "4-1")),
    "defere": ((0, "receipt"), (0.5, "5-1")),
    "letter_first": ((0, "3-1"), (1, "receipt")),
    "contradictory": ((0, "receipt"), (0.5, "refusal")),
}
NAMES = tuple(ANSWERS)
# At the end of NumeroInterne, which has 15 letters at most.
MARKERS = {
    "_REJET": "rejected", "_PERIME": "stale", "_ANO": "envelope_rejected", "_MUET": "silent", "_DOUBLE": "twice", "_TARD": "late",
    "_CASSE": "broken", "_MULTI": "multi_canal", "_COUR": "letter", "_PIECES": "pieces", "_OBS": "observations", "_TA": "defere",
    "_AVANT": "letter_first", "_CONTRE": "contradictory",
}


@dataclasses.dataclass
class Plan:
    default: str = "accepted"
    delay: float = 0.2

    def scenario(self, number):
        for marker, scenario in MARKERS.items():
            if number.endswith(marker):
                return scenario
        return self.default

    def answers(self, scenario):
        return [(self.delay + after, what) for after, what in ANSWERS[scenario]]
