"""What clients of ACTES post: acts of each fate, their number saying what the simulated préfecture makes of them."""

import hashlib
import json

import rig
from envelopes import Act, Envelope
from load import Poster
from pieces import form, pdf

BOUNDARY = "demat-crash-campaign"
# Marker in the number, bytes of an annexe beside its page: small ones live in the database, large ones in blob files.
KINDS = (("", 0), ("_OBS", 0), ("_PIECES", 30_000), ("", 60_000), ("_REJET", 0), ("_AVANT", 0), ("_OBS", 60_000), ("_COUR", 0),
         ("_ANO", 0), ("_PIECES", 0))


class ActesTemplates:
    """An act is made from its number alone: whoever posts it again posts the same bytes."""

    def __init__(self):
        self.files = {}  # number -> SHA-256 of the acte and its annexe
        self.annexes = {weight: pdf("Annexe", weight) for _, weight in KINDS}

    def flow(self, prefix, index):
        marker, weight = KINDS[index % len(KINDS)]
        number = f"{prefix}{index:03d}{marker}"
        acte, annexe = pdf(f"Acte {number}"), self.annexes[weight]
        self.files[number] = {hashlib.sha256(content).hexdigest() for content in (acte, annexe)}
        agent, siren = ("montbrume", rig.MONTBRUME_SIREN) if index % 3 == 2 else ("valjoie", rig.VALJOIE_SIREN)
        if index % 4 == 1:  # as a ready-made envelope
            made = Envelope(siren, [Act(siren, number, acte, [("21_DA", "pdf", annexe)])], index)
            return agent, number, form([("enveloppe", made.name, made.pack())], BOUNDARY)[0]
        metadata = {"number": number, "date": "2026-03-02", "nature": 1, "matieres": "7.1", "object": f"Objet de l'acte {number}",
                    "type": "99_DE", "annexes": [{"type": "21_DA"}]}
        body, _ = form([("metadata", "", json.dumps(metadata).encode()), ("acte", "acte.pdf", acte),
                        ("annexe", "annexe.pdf", annexe)], BOUNDARY)
        return agent, number, body


class ActesPoster(Poster):
    """Posts with an Idempotency-Key: an act that was rejected before its client heard of the receipt may be posted anew,
    and then it is another flow (decisions, Duplicates)."""

    @staticmethod
    def submit(connection, number, content):
        connection.request("POST", "/v1/actes", body=content, headers={
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Idempotency-Key": number})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
