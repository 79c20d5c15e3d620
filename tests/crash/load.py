"""Clients that post until each file has been accepted, whatever happens to the gateway."""

import collections
import hashlib
import http.client
import json
import ssl
import threading
import time

import rig

TEMPLATE_NOMFIC = "MODELE-000000"


class Templates:
    """One sample per kind, made once; a flow is a template under another NomFic."""

    def __init__(self):
        self.kinds = [
            ("valjoie", rig.sample("depense", rig.VALJOIE_SIREN, TEMPLATE_NOMFIC, "--pieces", "2", "--dematerialise", "--ids")),
            ("montbrume", rig.sample("pj", rig.MONTBRUME_SIREN, TEMPLATE_NOMFIC, "--size", "1500")),
            ("montbrume", rig.sample("pj", rig.MONTBRUME_SIREN, TEMPLATE_NOMFIC, "--size", "40000")),
        ]

    def flow(self, prefix, index):
        """Who posts what under which name: signed by the gateway, small, and large enough for a blob file."""
        agent, template = self.kinds[index % len(self.kinds)]
        nom_fic = f"{prefix}{index:05d}"
        return agent, nom_fic, template.replace(TEMPLATE_NOMFIC.encode(), nom_fic.encode())


class Poster:
    """One agent's connection, kept while the gateway lives. Lighter than rig.Api: its TLS context is shared."""

    def __init__(self, pki):
        self.contexts = {}
        for agent in ("valjoie", "montbrume"):
            context = ssl.create_default_context(cafile=str(pki / "ca.pem"))
            context.load_cert_chain(str(pki / f"{agent}.pem"), str(pki / f"{agent}.key"))
            self.contexts[agent] = context

    def connect(self, agent, port):
        return http.client.HTTPSConnection("localhost", port, context=self.contexts[agent], timeout=20)

    @staticmethod
    def submit(connection, nom_fic, content):
        connection.request("POST", "/v1/flows", body=content,
                           headers={"Content-Type": "application/xml", "Demat-File-Name": nom_fic + ".xml"})
        response = connection.getresponse()
        return response.status, json.loads(response.read())


class Load:
    """`allow(n)` lets the clients begin n further files; `alive` says that the gateway is up on `port`."""

    def __init__(self, poster, templates, prefix, clients):
        self.poster, self.templates, self.prefix = poster, templates, prefix
        self.lock = threading.Lock()
        self.next = 0
        self.credit = threading.Semaphore(0)
        self.accepted = {}  # NomFic -> (id, sha256)
        self.reposted = 0
        self.unlike = []  # the same bytes, another receipt
        self.errors = []
        self.refused = collections.Counter()  # code of a 429 or 503 -> how often; posted again
        self.running = True
        self.port = 0
        self.alive = threading.Event()
        self.threads = [threading.Thread(target=self.client, daemon=True) for _ in range(clients)]
        for thread in self.threads:
            thread.start()

    def allow(self, count):
        self.credit.release(count)

    def client(self):
        open_connections = {}  # agent -> (port, connection)
        recent = collections.deque(maxlen=8)
        while True:
            self.credit.acquire()
            if not self.running:
                break
            with self.lock:
                index = self.next
                self.next += 1
            agent, nom_fic, content = self.templates.flow(self.prefix, index)
            self.insist(open_connections, agent, nom_fic, content)
            recent.append((agent, nom_fic, content))
            if index % 8 == 7:  # posted again later: the same receipt, nothing new
                self.reposted += 1
                self.insist(open_connections, *recent[0])
        for _, connection in open_connections.values():
            connection.close()

    def insist(self, open_connections, agent, nom_fic, content):
        while not self.post(open_connections, agent, nom_fic, content):
            self.alive.wait(1.0)
            time.sleep(0.002)

    def post(self, open_connections, agent, nom_fic, content):
        if not self.alive.is_set():
            return False
        port, connection = open_connections.get(agent, (0, None))
        if port != self.port:
            if connection:
                connection.close()
            port = self.port
            connection = self.poster.connect(agent, port)
            open_connections[agent] = (port, connection)
        try:
            status, answer = self.poster.submit(connection, nom_fic, content)
        except (OSError, ValueError, http.client.HTTPException):
            connection.close()
            return False
        # The first post with the same Idempotency-Key may still be running: its connection broke, it did not.
        if status in (429, 503) or answer.get("code") == "api.idempotency_running":
            with self.lock:
                self.refused[answer.get("code", "")] += 1
            time.sleep(0.02)
            return False
        self.note(status, answer, nom_fic, content)
        return True

    def note(self, status, answer, nom_fic, content):
        with self.lock:
            if status not in (200, 202):
                self.errors.append((nom_fic, status, answer))
                return
            known = self.accepted.setdefault(nom_fic, (answer["id"], hashlib.sha256(content).hexdigest()))
            if known[0] != answer["id"]:
                self.unlike.append((nom_fic, known[0], answer["id"]))

    def finish(self):
        """Ends once every file that was begun has been accepted; the gateway must be up."""
        self.running = False
        self.credit.release(len(self.threads))
        for thread in self.threads:
            thread.join(60)
        if any(thread.is_alive() for thread in self.threads):
            raise AssertionError("clients did not finish within 60 s of a living gateway")
