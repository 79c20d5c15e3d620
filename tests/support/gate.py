"""A gate between a client and a server on loopback that injects network faults while both run.

    gate = Gate(target_port)                  # listens on 127.0.0.2, forwards to 127.0.0.1
    gate = Gate(data_ports=24)                # and so many ports that are free on both addresses, for FTP's data connections
    gate.point_at(target_port)
    gate.set("throttle", rate=2000)           # at once, for open connections as well
    gate.clear()

The gate has an address of its own and keeps the port numbers of the server's data connections, so that EPSV and PASV
replies stay true even inside TLS, where nobody may rewrite them. One thread with its own asyncio loop; `set`, `clear`,
`strikes` and `close` may be called from any other thread.
"""

import asyncio
import dataclasses
import socket
import struct
import threading

GATE_ADDRESS = "127.0.0.2"
SERVER_ADDRESS = "127.0.0.1"
CHUNK = 65536

FAULTS = {
    "refuse": "nobody listens any more",
    "no_accept": "connections are made by the kernel and never taken",
    "no_read": "what the client says goes nowhere; replies pass",
    "no_reply": "what the server answers goes nowhere",
    "close": "taken and reset at once; open connections too",
    "close_on_data": "reset after `after` bytes of one direction (`way`: up, down, or both)",
    "truncate": "the same, but ended politely, as a proxy may do: nobody can tell it from the end",
    "corrupt": "one bit of the byte at `after` is turned over, in each direction that `way` names",
    "delay": "each piece comes `seconds` late",
    "throttle": "`rate` bytes per second in each direction",
    "timeout": "after `after` bytes nothing passes, and nobody hangs up",
    "slicing": "pieces of `size` bytes, each its own segment",
}
WHERE = ("all", "control", "data")


@dataclasses.dataclass(frozen=True)
class Fault:
    name: str = ""
    where: str = "all"  # control: the main port; data: the extra ones
    way: str = "both"
    after: int = 0
    seconds: float = 0.2
    rate: float = 4000.0
    size: int = 3


class Flow:
    """One direction of one connection: counts, and applies the fault of the moment to each piece."""

    def __init__(self, gate, kind, way):
        self._gate, self._kind, self._way = gate, kind, way
        self._passed = 0
        self._under = None  # the fault since which bytes are counted

    def fault(self):
        now = self._gate.fault
        applies = now.where in ("all", self._kind) and now.way in ("both", self._way)
        fault = now if applies else Fault()
        if fault is not self._under and fault != self._under:
            self._under, self._passed = fault, 0
        return fault

    async def passes(self, data, write):
        """Hands `data` over as the fault wants; raises ConnectionResetError to cut both sides."""
        fault = self.fault()
        if fault.name:
            self._gate.struck()
        if fault.name == "truncate" and self._passed + len(data) > fault.after:
            await write(data[:max(0, fault.after - self._passed)])
            raise EOFError
        if fault.name == "close" or (fault.name == "close_on_data" and self._passed + len(data) > fault.after):
            await write(data[:max(0, fault.after - self._passed)])
            raise ConnectionResetError
        if self._holds_back(fault, len(data)):
            await self._gate.until_changed(fault)
            # What was held back is gone: the connection is out of step for good, as after a long outage.
            raise ConnectionResetError
        if fault.name == "corrupt" and self._passed <= fault.after < self._passed + len(data):
            at = fault.after - self._passed
            data = data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1:]
        self._passed += len(data)
        await self._paced(fault, data, write)

    async def ends(self):
        """A farewell passes, unless nothing does."""
        fault = self.fault()
        if self._holds_back(fault, 1):
            await self._gate.until_changed(fault)
            raise ConnectionResetError

    def _holds_back(self, fault, size):
        return ((fault.name == "no_read" and self._way == "up") or (fault.name == "no_reply" and self._way == "down")
                or (fault.name == "timeout" and self._passed + size > fault.after) or fault.name == "no_accept")

    async def _paced(self, fault, data, write):
        if fault.name == "delay":
            await asyncio.sleep(fault.seconds)
        if fault.name not in ("throttle", "slicing"):
            await write(data)
            return
        size = fault.size if fault.name == "slicing" else max(1, int(fault.rate / 20))
        for at in range(0, len(data), size):
            await write(data[at:at + size])
            if self.fault() is fault:  # the rest goes at full speed once the fault is gone
                await asyncio.sleep(0 if fault.name == "slicing" else size / fault.rate)


class Gate:
    """See the module. `target` is the server's port; 0 until `point_at` names it."""

    def __init__(self, target=0, data_ports=0):
        self.fault = Fault()
        self._target = target
        self._strikes = 0
        self._tasks = set()
        self._loop = asyncio.new_event_loop()
        self._changed = asyncio.Event()
        self._listeners = {}
        main = self._listen(0)
        self.port = main.getsockname()[1]
        self._listeners[self.port] = main
        while len(self._listeners) <= data_ports:
            listener = self._listen(0)
            if self._free_at_server(listener.getsockname()[1]):
                self._listeners[listener.getsockname()[1]] = listener
            else:
                listener.close()
        self.data_ports = [port for port in self._listeners if port != self.port]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def point_at(self, port):
        self._target = port

    def set(self, name, **more):
        """Switches a fault of FAULTS on, for new and open connections."""
        if name not in FAULTS or more.get("where", "all") not in WHERE:
            raise ValueError(f"unknown fault {name} {more}")
        self._switch(Fault(name, **more))

    def clear(self):
        self._switch(Fault())

    @property
    def strikes(self):
        """How many connections or pieces met the fault since it was set."""
        return self._strikes

    def cut(self):
        """Resets every open connection, whatever the fault."""
        self._call(self._cut)

    def close(self):
        self._call(self._stop)
        self._thread.join(10)

    # What follows runs in the gate's own thread.

    def struck(self):
        self._strikes += 1

    async def until_changed(self, fault):
        while self.fault is fault:
            await self._changed.wait()

    def _call(self, function):
        done = threading.Event()

        def run():
            function()
            done.set()

        self._loop.call_soon_threadsafe(run)
        done.wait(10)

    def _switch(self, fault):
        def switch():
            self.fault, self._strikes = fault, 0
            self._changed.set()
            self._changed = asyncio.Event()
            if fault.name in ("close", "refuse") and fault.where == "all":
                self._cut()
            self._reopen(fault)

        self._call(switch)

    @staticmethod
    def _free_at_server(port):
        with socket.socket() as probe:
            try:
                probe.bind((SERVER_ADDRESS, port))
            except OSError:
                return False
        return True

    @staticmethod
    def _listen(port):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((GATE_ADDRESS, port))
        listener.listen(128)
        listener.setblocking(False)
        return listener

    def _reopen(self, fault):
        """A listener is closed while its connections are refused, and open otherwise."""
        for port, listener in list(self._listeners.items()):
            kind = "control" if port == self.port else "data"
            if fault.name == "refuse" and fault.where in ("all", kind):
                self._loop.remove_reader(listener)
                listener.close()
                self.struck()
            elif listener.fileno() < 0:
                self._listeners[port] = self._listen(port)
                self._watch(port)
            elif fault.name == "no_accept" and fault.where in ("all", kind):
                self._loop.remove_reader(listener)
                self.struck()
            else:
                self._watch(port)

    def _watch(self, port):
        self._loop.add_reader(self._listeners[port], self._accept, port)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        for port in self._listeners:
            self._watch(port)
        self._loop.run_forever()

    def _stop(self):
        for listener in self._listeners.values():
            if listener.fileno() >= 0:
                self._loop.remove_reader(listener)
                listener.close()
        self._cut()
        self._loop.call_later(0.05, self._loop.stop)

    def _cut(self):
        for task in list(self._tasks):
            task.cancel()

    def _accept(self, port):
        try:
            client, _ = self._listeners[port].accept()
        except (BlockingIOError, OSError):
            return  # gone again
        task = self._loop.create_task(self._carry(client, port))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, client, port):
        """Both directions of one connection, until both ended, or one broke: then both sides get a reset, as an RST and
        not as a farewell, which FTP would take for the end of the file."""
        kind = "control" if port == self.port else "data"
        server = socket.socket()
        for one in (client, server):
            one.setblocking(False)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        try:
            if self.fault.name == "close" and self.fault.where in ("all", kind):
                self.struck()
                return
            await self._loop.sock_connect(server, (SERVER_ADDRESS, self._target if kind == "control" else port))
            await self._both_ways(client, server, kind)
            for one in (client, server):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 0, 0))
        except OSError:
            pass  # one side is gone; the other learns it below
        finally:
            client.close()
            server.close()

    async def _both_ways(self, client, server, kind):
        ways = [self._loop.create_task(self._pump(client, server, Flow(self, kind, "up"))),
                self._loop.create_task(self._pump(server, client, Flow(self, kind, "down")))]
        try:
            await asyncio.gather(*ways)
        finally:
            for one in ways:
                one.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _pump(self, source, sink, flow):
        async def write(piece):
            await self._loop.sock_sendall(sink, piece)

        try:
            while data := await self._loop.sock_recv(source, CHUNK):
                await flow.passes(data, write)
            await flow.ends()
        except EOFError:
            pass  # truncated: the rest is read by nobody
        sink.shutdown(socket.SHUT_WR)
