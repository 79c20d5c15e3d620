"""Faults that a test switches on and off while a simulator runs: a JSON file, read again at each look."""

import json
import os


class Misbehaviour:
    """`known`: the names of the faults of this simulator and what they do."""

    def __init__(self, path, known):
        self._path = path
        self._known = known

    def set(self, **values):
        unknown = set(values) - set(self._known)
        if unknown:
            raise ValueError(f"unknown misbehaviour {sorted(unknown)}")
        with open(self._path + ".new", "w", encoding="utf-8") as file:
            json.dump(values, file)
        os.rename(self._path + ".new", self._path)

    def get(self, name):
        """The value of a fault, or None when it is off."""
        assert name in self._known, name
        try:
            with open(self._path, encoding="utf-8") as file:
                return json.load(file).get(name)
        except FileNotFoundError:
            return None
