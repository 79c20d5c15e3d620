"""What a running dematd takes, and traffic at a set rate whatever the answers are (open loop)."""

import os
import pathlib
import statistics
import threading
import time


def vital_signs(pid, data):
    """Resident bytes, threads, descriptors, bytes of the store's write-ahead log and of the store."""
    status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
    size = lambda pattern: sum(file.stat().st_size for file in pathlib.Path(data).glob(pattern))
    return {"rss": int(status["VmRSS"].split()[0]) * 1024, "threads": int(status["Threads"]),
            "descriptors": len(os.listdir(f"/proc/{pid}/fd")), "wal": size("*-wal"), "store": size("*.db") + size("*.sqlite")}


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def quantile(values, share):
    """0.99 of values, by rank; 0 when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class OpenLoop:
    """Calls `work(number)` at `rate` per second from `hands` threads; a slow answer delays no later call's due time, and counts
    from the time it was due."""

    def __init__(self, rate, hands, work):
        self.period, self.work = 1.0 / rate, work
        self.lock = threading.Lock()
        self.results = []  # (due, seconds, what work returned)
        self.late = 0
        self._number = 0
        self._stop = threading.Event()
        self._began = time.monotonic() + 0.2
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(hands)]
        for thread in self._threads:
            thread.start()

    def _run(self):
        while not self._stop.is_set():
            with self.lock:
                number = self._number
                self._number += 1
            due = self._began + number * self.period
            if self._stop.wait(max(0.0, due - time.monotonic())):
                return
            outcome = self.work(number)
            with self.lock:
                self.results.append((due, time.monotonic() - due, outcome))

    def since(self, index):
        with self.lock:
            return self.results[index:]

    def stop(self):
        self._stop.set()
        for thread in self._threads:
            thread.join(60)


def flat(values, slack, share=0.10):
    """True when the last quarter's median is not above the second quarter's by more than `share` and `slack`."""
    quarter = max(1, len(values) // 4)
    before, after = statistics.median(values[quarter:2 * quarter] or values), statistics.median(values[-quarter:])
    return after <= before * (1 + share) + slack
