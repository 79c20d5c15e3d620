"""What every simulator needs: to stop in time, and to tell others where it listens."""

import os
import signal
import time


def publish(path, text):
    """Written under another name, then renamed: a reader never sees half of it."""
    if path:
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(path + ".new", path)


class Life:
    """When to stop: SIGTERM or SIGINT, the parent's death, or too old."""

    def __init__(self, seconds):
        self._parent = os.getppid()
        self._end = time.monotonic() + seconds
        self._stop = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number, _frame):
        self._stop = True

    def goes_on(self):
        return not self._stop and os.getppid() == self._parent and time.monotonic() < self._end
