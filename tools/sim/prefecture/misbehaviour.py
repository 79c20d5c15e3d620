"""Faults that a test switches on and off while the simulator runs: a JSON file, read again at each look."""

import json
import os

KNOWN = {
    "status": "answer this code after the whole body (it counts as taken when below 300, or with take_anyway)",
    "early_status": "answer this code to the headers, before any body",
    "take_anyway": "the deposit is processed whatever was answered",
    "drop_at": "reset the connection: handshake, headers, body, answer (after the whole body), half_answer",
    "drop_after": "bytes of the body before drop_at=body",
    "no_continue": "ignore Expect: 100-continue",
    "slow": "bytes per second taken of a body",
    "late_answer": "seconds before the answer",
    "endless_headers": "never end the answer's headers",
    "pause_office": "send no mail for now",
    "deviate": "with commas: nature_999, nature_text, nature_digit, paper_zero, paper_empty, duplicate_children, "
               "utf8_labelled_latin1, windows_prolog, no_typologies",
    "shape": "of mails: mixed, alternative, bare",
    "names": "of attachments: rfc2231, rfc2047, raw, plain",
    "accents": "letters carry a further file with accents in its name",
    "double_mail": "every mail comes twice, with the same Message-ID",
}


class Misbehaviour:
    def __init__(self, path):
        self._path = path

    def set(self, **values):
        unknown = set(values) - set(KNOWN)
        if unknown:
            raise ValueError(f"unknown misbehaviour {sorted(unknown)}")
        with open(self._path + ".new", "w", encoding="utf-8") as file:
            json.dump(values, file)
        os.rename(self._path + ".new", self._path)

    def get(self, name):
        """The value of a fault, or None when it is off."""
        assert name in KNOWN, name
        try:
            with open(self._path, encoding="utf-8") as file:
                return json.load(file).get(name)
        except FileNotFoundError:
            return None
