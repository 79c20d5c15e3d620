"""A town hall that sends acts: a gateway beside a simulated préfecture, one authority with its agent."""

import json
import pathlib

import rig
from pieces import form, pdf
from prefecture import Prefecture

DONE = ("acknowledged", "rejected", "partly_rejected", "refused", "sent_final")


class TownHall:
    """`folder` wants a short path. `destination`: keys of the préfecture's [[destination]]."""

    def __init__(self, folder, settings="", environment=None, **destination):
        self.folder = pathlib.Path(folder)
        self.prefecture = Prefecture(self.folder / "p")
        self.helios = rig.Simulator(self.folder / "sim", "ftp", "--delay", "0")
        self.gateway = rig.Gateway(self.folder / "gateway", self.helios, settings, self.prefecture.destination(**destination))
        self.gateway.start(environment)
        self.gateway.declare()
        self.operator = self.gateway.api("operator")
        self.put(f"/v1/authorities/{rig.VALJOIE_SIREN}/routes/actes", {"destination": "actes", "p_dest": "", "signer": ""})
        self.put(f"/v1/authorities/{rig.VALJOIE_SIREN}/actes", {"departement": "034", "arrondissement": "1", "nature": "31",
                                                                "convention_date": "2026-01-05", "reason": "convention"})
        self.agent = self.gateway.api("valjoie")

    def close(self):
        self.agent.close()
        self.operator.close()
        self.gateway.stop()
        self.helios.stop()
        self.prefecture.stop()

    def put(self, path, value):
        status, answer = self.operator.json("PUT", path, value)
        assert status in (200, 201, 204), (status, answer)

    def post(self, number, files=None):
        """Posts an acte; `files`: its bytes and those of its annexes. Returns its flow."""
        files = files or [pdf(f"Acte {number}")]
        metadata = {"number": number, "date": "2026-03-02", "nature": 1, "matieres": "7.1", "object": f"Objet de {number}",
                    "type": "99_DE", "annexes": [{"type": "21_DA"}] * (len(files) - 1)}
        parts = [("metadata", "", json.dumps(metadata).encode()), ("acte", "délibération.pdf", files[0])]
        parts += [("annexe", f"annexe {i}.pdf", content) for i, content in enumerate(files[1:], 1)]
        return self._posted(parts)

    def post_envelope(self, name, content):
        """Posts a ready-made archive. Returns its flow."""
        return self._posted([("enveloppe", name, content)])

    def _posted(self, parts):
        body, kind = form(parts)
        self.agent.close()  # large files take long to make: the kept connection is gone by then
        status, _, answer = self.agent.raw("POST", "/v1/actes", body, {"Content-Type": kind})
        assert status == 202, (status, answer)
        return json.loads(answer)["id"]

    def acte(self, flow):
        return self.agent.json("GET", f"/v1/actes/{flow}")[1]

    def ends(self, flow, states=DONE, seconds=60):
        rig.until(f"{flow} in {states}", lambda: self.acte(flow)["state"] in states, seconds)
        return self.acte(flow)

    def report(self, flow):
        return self.agent.json("GET", f"/v1/flows/{flow}/report")[1]

    def alarms(self):
        return {alarm["code"] for alarm in self.operator.json("GET", "/v1/alarms")[1]["items"]}

    def arrived(self, number):
        """How often the préfecture took this act in."""
        return sum(1 for line in self.prefecture.ledger("act") if line["id_acte"].endswith(f"-{number}-DE"))
