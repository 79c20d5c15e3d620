"""The business messages that the ministry sends (actes 1.2, 3), as XML of our own writing."""

import copy

import words
from classification import SHORT


def today(now):
    return now.strftime("%Y-%m-%d")


def id_acte(deposit, acte):
    """DEP-SIREN-YYYYMMDD-NUMERO-NATURE2."""
    department, _ = deposit.place()
    day = words.attribute(acte, "Date").replace("-", "")
    short = SHORT.get(words.attribute(acte, "CodeNatureActe"), "AU")
    return "-".join((department, deposit.siren, day, words.attribute(acte, "NumeroInterne"), short))


def _received(acte, deviations):
    """ActeRecu: what came, under another name; its DocumentPapier as real ones have it (actes 3.5)."""
    made = words.element("ActeRecu")
    made.attrib.update(acte.attrib)
    for each in acte:
        made.append(copy.deepcopy(each))
    paper = made.find(words.tag("DocumentPapier"))
    if paper is not None and "paper_zero" in deviations:
        paper.text = "0"
    if paper is not None and "paper_empty" in deviations:
        paper.text = None
    if "duplicate_children" in deviations:
        made.insert(0, copy.deepcopy(made[0]))
    return made


def receipt(deposit, acte, now, version, deviations=()):
    """ARActe (1-2)."""
    root = words.element("ARActe", DateReception=today(now), IDActe=id_acte(deposit, acte))
    root.append(_received(acte, deviations))
    words.child(root, "ClassificationDateVersionEnCours", version)
    return root


def anomaly(acte, now, version, detail, deviations=()):
    """AnomalieActe (1-3)."""
    root = words.element("AnomalieActe")
    words.child(root, "Date", today(now))
    nature = "ERREUR2" if "nature_text" in deviations else "2" if "nature_digit" in deviations else "002"
    words.child(root, "Nature", nature)
    words.child(root, "Detail", detail)
    root.append(_received(acte, deviations))
    words.child(root, "ClassificationDateVersionEnCours", version)
    return root


def envelope_anomaly(deposit, now, detail, deviations=()):
    """AnomalieEnveloppe (ANO): stands in the place of the envelope."""
    root = words.element("AnomalieEnveloppe")
    words.child(root, "Date", today(now))
    words.child(root, "Nature", "999" if "nature_999" in deviations else "005")
    words.child(root, "Detail", f"{deposit.name} -> {detail}")
    received = words.child(root, "EnveloppeRecue")
    for each in deposit.envelope:
        received.append(copy.deepcopy(each))
    return root


def _documents(root, name):
    document = words.child(root, "Document")
    words.child(document, "NomFichier", name)


def letter(code, acte_id, day, file):
    """CourrierSimple (2-1), DemandePieceComplementaire (3-1), LettreObservations (4-1), DefereTA (5-1)."""
    if code == "5-1":
        root = words.element("DefereTA", IDActe=acte_id)
        words.child(root, "DateDepot", day)
        words.child(root, "NatureIllegalite", "Incompétence de l'auteur de l'acte")
        pieces = words.child(root, "PiecesJointes")
        words.child(words.child(pieces, "PieceJointe"), "NomFichier", file)
        return root
    name = {"2-1": "CourrierSimple", "3-1": "DemandePieceComplementaire", "4-1": "LettreObservations"}[code]
    root = words.element(name, DateCourrierPref=day, IDActe=acte_id)
    if code == "3-1":
        words.child(root, "DescriptionPieces", "Le plan de situation et l'avis du service d'État")
    if code == "4-1":
        words.child(root, "Motif", "L'acte paraît entaché d'irrégularité")
    _documents(root, file)
    return root


def answer_receipt(message, now):
    """ARPieceComplementaire (3-5), ARReponseRejetLettreObservations (4-5)."""
    name = "ARPieceComplementaire" if message.code.startswith("3") else "ARReponseRejetLettreObservations"
    root = words.element(name, DateReception=today(now))
    words.child(root, "InfosCourrierPref", DateCourrierPref=words.attribute(message.root, "DateCourrierPref"),
                IDActe=message.id_acte)
    return root


def cancellation_receipt(message, now):
    """ARAnnulation (6-2)."""
    return words.element("ARAnnulation", DateReception=today(now), IDActe=message.id_acte)


def envelope(siren, place, forms):
    """EnveloppeMISILLCL around the files named in `forms`."""
    department, district = place
    root = words.element("EnveloppeMISILLCL")
    sender = words.child(root, "Emetteur")
    words.child(sender, "IDSousPref", Departement=department, Arrondissement=district)
    sent = words.child(root, "FormulairesEnvoyes")
    for name in forms:
        words.child(words.child(sent, "Formulaire"), "NomFichier", name)
    words.child(root, "Destinataire").set(words.siren_name(), siren)
    return root
