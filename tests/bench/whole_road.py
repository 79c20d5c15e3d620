#!/usr/bin/python3
"""Throughput and CPU per flow of the whole road, beside the bare library terms and the same work by stock tools.

DEMAT_BUILD names a release build. TLS in, check, sign RSA-2048, durable, FTP or SFTP out, acquit in; --unsigned: flows
that are relayed as they came. The client, the simulated Hélios and the gateway share the machine, so the CPU of the
dematd process per flow is the reliable figure.
"""

import argparse
import json
import os
import pathlib
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
sys.dont_write_bytecode = True

import rig
import stock_tools

SIZES = {"5 KB": 5_000, "100 KB": 100_000, "1 MB": 1_000_000}
SETTLED = b'"acknowledged"'
TICK = os.sysconf("SC_CLK_TCK")


def cpu_of(pid):
    """User and system CPU seconds of a process, its ended threads included."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) / TICK, int(fields[12]) / TICK


def memory_of(pid, name):
    """A figure of /proc/<pid>/status in MB (decimal)."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024 / 1e6
    raise ValueError(name)


def prepare(size, count, series, siren=rig.VALJOIE_SIREN):
    """`count` flows of about `size` bytes that differ in their NomFic only."""
    mark = "BANC-000000"
    to_sign = ["--dematerialise", "--ids"] if siren == rig.VALJOIE_SIREN else []  # the other authority has no signer
    base = rig.sample("depense", siren, mark, "--size", str(size), *to_sign)
    return [base.replace(mark.encode(), f"B{series:03d}-{i:06d}".encode()) for i in range(count)]


class LogCount:
    """Counts flows that came to their end by reading the log: asking the gateway would cost it CPU."""

    def __init__(self, gateway):
        self.path = gateway.folder / "dematd.log"
        self.offset = 0
        self.count = 0
        self.rest = b""

    def read(self):
        with open(self.path, "rb") as file:
            file.seek(self.offset)
            data = file.read()
        self.offset += len(data)
        *lines, self.rest = (self.rest + data).split(b"\n")
        self.count += sum(1 for line in lines if b'"to":' + SETTLED in line)
        return self.count


def submit_all(gateway, contents, clients, agent):
    """Posts everything over `clients` kept connections; raises what a client met."""
    work, troubles = queue.SimpleQueue(), []
    for content in contents:
        work.put(content)

    def client():
        api = gateway.api(agent)
        try:
            while not work.empty():
                try:
                    content = work.get_nowait()
                except queue.Empty:
                    return
                status, _, answer = api.submit(content)
                while status in (429, 503):
                    time.sleep(0.05)
                    status, _, answer = api.submit(content)
                if status != 202:
                    raise RuntimeError(f"{status}: {answer}")
        except Exception as trouble:  # pylint: disable=broad-except; told to the caller below
            troubles.append(trouble)
        finally:
            api.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if troubles:
        raise troubles[0]


def measure(gateway, contents, clients, agent="valjoie"):
    """CPU and wall seconds per flow, from the first byte sent to the last acquit settled."""
    log = LogCount(gateway)
    goal = log.read() + len(contents)
    before, started = cpu_of(gateway.process.pid), time.monotonic()
    submit_all(gateway, contents, clients, agent)
    accepted = time.monotonic() - started
    rig.until(f"{len(contents)} acquits", lambda: log.read() >= goal, 600, 0.02)
    wall, after = time.monotonic() - started, cpu_of(gateway.process.pid)
    count = len(contents)
    user, system = ((b - a) / count * 1e6 for a, b in zip(before, after))
    return {"flows": count, "bytes": len(contents[0]), "flows_per_s": count / wall, "accepted_per_s": count / accepted,
            "cpu_us": user + system, "user_us": user, "system_us": system}


def idle_cpu(gateway, seconds=3):
    """CPU of a gateway that only polls, in seconds per second."""
    before = sum(cpu_of(gateway.process.pid))
    time.sleep(seconds)
    return (sum(cpu_of(gateway.process.pid)) - before) / seconds


def peer_options(simulator):
    """How limit_bench reaches the simulator."""
    details = simulator.details
    if simulator.mode == "sftp":
        return ["--peer", f"sftp://{details['user']}@127.0.0.1:{simulator.port}/~/entree/", "--peer-key", details["key"],
                "--known-hosts", details["known_hosts"]]
    return ["--peer", f"ftp://{details['user']}:{details['password']}@127.0.0.1:{simulator.port}/entree/"]


def bare_terms(simulator, folder, size, signed):
    """What tools/limit_bench says about this size, in µs of CPU."""
    command = [str(rig.BUILD / "tools/limit_bench/limit_bench"), "--json", "--size", str(size), "--schemas",
               str(rig.SOURCE / "schemas/pes/5.30"), *peer_options(simulator), *([] if signed else ["--unsigned"])]
    return json.loads(subprocess.run(command, check=True, capture_output=True, cwd=folder).stdout)


def start(folder, mode="ftp"):
    simulator = rig.Simulator(folder / "sim", mode, "--delay", "0")
    gateway = rig.Gateway(folder / "gateway", simulator)
    gateway.start()
    gateway.declare()
    return simulator, gateway


def peak_memory(size):
    """Peak resident memory (MB) for one flow of attachments, from a fresh start to its acquit."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-bench-"))
    simulator, gateway = start(folder)
    try:
        content = rig.sample("pj", rig.VALJOIE_SIREN, "GROS-000001", "--size", str(size))
        before = memory_of(gateway.process.pid, "VmHWM")
        figures = measure(gateway, [content], 1)
        return {"bytes": len(content), "start_mb": before, "peak_mb": memory_of(gateway.process.pid, "VmHWM"),
                "seconds": 1 / figures["flows_per_s"], "cpu_s": figures["cpu_us"] / 1e6}
    finally:
        gateway.stop()
        simulator.stop()
        shutil.rmtree(folder, ignore_errors=True)


def show(name, result):
    road, bare, stock = result["road"], result.get("bare"), result.get("stock")
    print(f"\n{name} ({road['bytes']} bytes, {road['flows']} flows, {result['runs']} runs, median)")
    print(f"  whole road      {road['flows_per_s']:8.1f} flows/s   {road['cpu_us']:8.0f} us CPU per flow "
          f"({road['user_us']:.0f} user, {road['system_us']:.0f} system)")
    if bare:
        for term in bare["terms"]:
            print(f"    {term['name']:<34}{term['us']:9.1f} us")
        print(f"  L  {bare['L']:8.0f} us   share {bare['L'] / road['cpu_us']:.2f}")
        print(f"  L' {bare['L_prime']:8.0f} us   share {bare['L_prime'] / road['cpu_us']:.2f}")
    if stock:
        print(f"  stock tools     {1 / stock['wall_s']:8.1f} flows/s   {stock['cpu_s'] * 1e6:8.0f} us CPU per flow, "
              f"{stock['cpu_s'] * 1e6 / road['cpu_us']:.1f} times the gateway's")
    sys.stdout.flush()


def run_size(simulator, gateway, name, options, series):
    size, signed = SIZES[name], not options.unsigned
    siren, agent = (rig.VALJOIE_SIREN, "valjoie") if signed else (rig.MONTBRUME_SIREN, "montbrume")
    count = max(10, options.flows * 100_000 // (100_000 + size) // (1 if size < 500_000 else 2))
    measure(gateway, prepare(size, 10, series, siren), options.clients, agent)  # warm-up
    runs = [measure(gateway, prepare(size, count, series + 1 + i, siren), options.clients, agent)
            for i in range(options.runs)]
    runs.sort(key=lambda run: run["cpu_us"])
    result = {"road": runs[len(runs) // 2], "runs": len(runs), "all_cpu_us": [run["cpu_us"] for run in runs]}
    if not options.road_only:
        result["bare"] = bare_terms(simulator, gateway.folder, size, signed)
        cpu, wall = stock_tools.run(prepare(size, 8, series + 900, siren), gateway.folder / "stock", gateway.pki,
                                    simulator, signed)
        result["stock"] = {"cpu_s": cpu, "wall_s": wall}
    show(f"{name}, {'signed' if signed else 'relayed'}, {options.mode}", result)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flows", type=int, default=400, help="flows per run of the small sizes")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--clients", type=int, default=8, help="kept connections")
    parser.add_argument("--sizes", nargs="*", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--mode", default="ftp", choices=("ftp", "gateway", "ftps", "sftp"))
    parser.add_argument("--unsigned", action="store_true", help="flows that the gateway does not sign")
    parser.add_argument("--road-only", action="store_true", help="no library terms, no stock tools")
    parser.add_argument("--memory", type=int, default=99_900_000, help="size of the flow for the peak of memory; 0: none")
    parser.add_argument("--json", help="also write the figures here")
    options = parser.parse_args()
    if options.mode not in ("ftp", "sftp"):
        options.road_only = True  # the tools know no SITE parameters
    folder = pathlib.Path(tempfile.mkdtemp(prefix="demat-bench-"))
    results = {}
    simulator, gateway = start(folder, options.mode)
    try:
        results["idle_cpu"] = idle_cpu(gateway)
        print(f"idle: {results['idle_cpu'] * 100:.2f} % of one core (return directory looked at every 200 ms)")
        for number, name in enumerate(options.sizes):
            results[name] = run_size(simulator, gateway, name, options, number * 10)
        results["peak_mb_load"] = memory_of(gateway.process.pid, "VmHWM")
        print(f"\npeak resident memory over all this: {results['peak_mb_load']:.0f} MB")
    finally:
        gateway.stop()
        simulator.stop()
        shutil.rmtree(folder, ignore_errors=True)
    if options.memory:
        results["memory"] = peak = peak_memory(options.memory)
        print(f"\none flow of {peak['bytes'] / 1e6:.1f} MB: peak {peak['peak_mb']:.0f} MB resident "
              f"({peak['start_mb']:.0f} MB before), {peak['cpu_s']:.2f} s CPU, {peak['seconds']:.1f} s to the acquit")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
