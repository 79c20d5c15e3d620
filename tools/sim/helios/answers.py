"""Makes the documents Hélios sends back: PES_ACQUIT V2 and V1, PES_Retour dépense. Text in, ISO-8859-1 out."""

import datetime
from xml.sax.saxutils import quoteattr

RETOUR = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour"
LINE_ERROR = ("ERREUR_AUTRE", "1971 - La fonction est servie a tort pour ce compte")
PIECE_ERROR = ("ERREUR_AUTRE", "2559 - Le code service du destinataire est inconnu ou inactif")
WHOLE_ERROR = ("ERREUR_AUTRE", "1984 - Le bordereau ne peut pas être pris en charge")
BOX1_ERROR = ("ERREUR_AUTRE", "Une erreur technique est survenue lors de la validation (Boite 1) : Erreur de validation XSD")


def element(name, *children, v=None):
    attribute = "" if v is None else f" V={quoteattr(str(v))}"
    inner = "".join(children)
    return f"<{name}{attribute}>{inner}</{name}>" if inner else f"<{name}{attribute}/>"


def _document(root, namespace, *children):
    text = f'<?xml version="1.0" encoding="ISO-8859-1"?>\n<n:{root} xmlns:n="{namespace}">{"".join(children)}</n:{root}>\n'
    return text.encode("iso-8859-1", "xmlcharrefreplace")


def _optional(name, value):
    return element(name, v=value) if value else ""


def _envelope(flow):
    return element(
        "Enveloppe",
        element("Parametres", element("Version", v="2"), element("TypFic", v=flow.get("TypFic") or "PESALR1"),
                element("NomFic", v=flow.get("NomFic"))),
        element("Emetteur", element("Sigle", v=flow.get("Sigle") or "INCONNU"),
                element("Adresse", v=flow.get("Adresse") or "INCONNUE")),
        element("Recepteur", element("Sigle", v="HELIOS")))


def _header(flow, today):
    return element(
        "EnTetePES",
        element("DteStr", v=today), element("IdPost", v=flow.get("IdPost")), _optional("IdColl", flow.get("IdColl")),
        element("CodCol", v=flow.get("CodCol")), element("CodBud", v=flow.get("CodBud")),
        _optional("LibelleColBud", flow.get("LibelleColBud")))


def _error(code_and_text):
    return element("Erreur", element("NumAnoAck", v=code_and_text[0]), element("LibelleAnoAck", v=code_and_text[1]))


def _details(bordereau):
    """One error at the first pièce, and one at its first line."""
    if not bordereau.pieces or not bordereau.pieces[0].id:
        return _error(WHOLE_ERROR)
    piece = bordereau.pieces[0]
    lines = "".join(element("DetailLigne", element("NumLigne", v=line), _error(LINE_ERROR))
                    for line in piece.lines[:1])
    return element("DetailPiece", element("NumPiece", v=piece.id), _error(PIECE_ERROR), lines)


def _bordereau_v2(bordereau, accepted):
    return element(
        "ElementACQUIT", element("DomaineAck", v=bordereau.domain), element("EtatAck", v="1" if accepted else "0"),
        _optional("NumBord", bordereau.id), _optional("ExerciceBord", bordereau.exercice),
        "" if accepted else _details(bordereau))


def _pj_v2(identifier):
    return element("ElementACQUIT", element("DomaineAck", v="4"), element("EtatAck", v="1"),
                   element("IdUnique", v=identifier))


def _contract_v2(contract, accepted):
    """IdMarche is the contract and its sequence in three digits (helios 1.4)."""
    return element("ElementACQUIT", element("DomaineAck", v="11"), element("EtatAck", v="1" if accepted else "0"),
                   element("IdMarche", v=f"{contract[0]}-{int(contract[1]):03}"), "" if accepted else _error(WHOLE_ERROR))


def acquit_v2(flow, accepts, today=None):
    """An acquit; `accepts(index)` tells which bordereaux are taken."""
    elements = [_bordereau_v2(one, accepts(index)) for index, one in enumerate(flow.bordereaux)]
    elements += [_contract_v2(one, accepts(index)) for index, one in enumerate(flow.contracts)]
    elements += [_pj_v2(identifier) for identifier in flow.pjs]
    if not elements:
        accepted = accepts(0)
        elements = [element("ElementACQUIT", element("DomaineAck", v="0"), element("EtatAck", v="1" if accepted else "0"),
                            "" if accepted else _error(WHOLE_ERROR))]
    return _acquit_of(flow, elements, today)


def acquit_mixed(flow, today=None):
    """The first bordereau is refused, the rest taken. A lone bordereau comes twice, once refused for a pièce and
    once taken for the others: one bordereau may appear in several elements (helios 1.4)."""
    elements = [_bordereau_v2(one, index > 0) for index, one in enumerate(flow.bordereaux)]
    elements += [_bordereau_v2(one, True) for one in flow.bordereaux[:1] if len(flow.bordereaux) == 1]
    elements += [_contract_v2(one, bool(flow.bordereaux) or index > 0) for index, one in enumerate(flow.contracts)]
    elements += [_pj_v2(identifier) for identifier in flow.pjs]
    return _acquit_of(flow, elements, today) if elements else acquit_v2(flow, lambda index: False, today)


def _acquit_of(flow, elements, today):
    today = today or datetime.date.today().isoformat()
    return _document("PES_ACQUIT", RETOUR + "/v2", _envelope(flow), _header(flow, today),
                     element("ACQUIT", element("EnTeteAcquit", element("IdVer", v="2")), *elements))


def acquit_box1(flow, error=BOX1_ERROR, today=None):
    """What box 1 sends: not valid by the schema (no Emetteur, no CodCol, odd IdColl: helios 1.4)."""
    today = today or datetime.date.today().isoformat()
    envelope = element("Enveloppe", element("Parametres", element("Version", v="2"), element("TypFic", v="UNKNOWN_TYPE"),
                                            element("NomFic", v=flow.get("NomFic"))))
    header = element("EnTetePES", element("DteStr", v=today), _optional("IdPost", flow.get("IdPost")),
                     element("IdColl", v="12345"))
    refused = element("ElementACQUIT", element("DomaineAck", v="0"), element("EtatAck", v="0"), _error(error))
    return _document("PES_ACQUIT", RETOUR + "/v2", envelope, header,
                     element("ACQUIT", element("EnTeteAcquit", element("IdVer", v="2")), refused))


def acquit_v1(flow, accepts, today=None):
    """The historical flat form."""
    today = today or datetime.date.today().isoformat()
    elements = []
    for index, one in enumerate(flow.bordereaux):
        accepted = accepts(index)
        error = "" if accepted else element("NumAnoAck", v=WHOLE_ERROR[0]) + element("LibelleAnoAck", v=WHOLE_ERROR[1])
        elements.append(element(
            "ElementACQUIT", element("DomaineAck", v=one.domain), element("EtatAck", v="1" if accepted else "0"),
            _optional("ExerciceBord", one.exercice), _optional("NumBord", one.id), error))
    if not elements:
        elements = [element("ElementACQUIT", element("DomaineAck", v="0"), element("EtatAck", v="1"))]
    return _document("PES_ACQUIT", RETOUR, _envelope(flow), _header(flow, today),
                     element("ACQUIT", element("EnTeteAcquit", element("IdVer", v="1")), *elements))


def _piece_retour(piece, today):
    lines = [element("LigneDePiece", element("BlocLignePiece", element(
        "InfoLignePiece", element("IdLigne", v=line), element("EtatLigPce", v="02"), element("MtHT", v="0.00"))))
        for line in (piece.lines or ["1"])]
    info = element("InfoPiece", element("IdPce", v=piece.id), element("TypPce", v=piece.type),
                   element("NatPce", v=piece.nature), element("DtePcePec", v=today), element("EtatPce", v="02"))
    return element("Piece", info, *lines)


def retour_depense(flow, name, today=None):
    """The accountant took the mandats over. None when the flow has no dépense."""
    today = today or datetime.date.today().isoformat()
    bordereaux = [
        element("Bordereau",
                element("BlocBordereau", element("Exer", v=one.exercice), element("IdBord", v=one.id),
                        element("TypBord", v=one.type)),
                *[_piece_retour(piece, today) for piece in one.pieces])
        for one in flow.bordereaux if one.domain == "5" and one.pieces]
    if not bordereaux:
        return None
    envelope = element("Enveloppe", element("Parametres", element("Version", v="2"), element("TypFic", v="PES2R_DEP"),
                                            element("NomFic", v=name)))
    header = element("EnTetePES", element("DteStr", v=today), element("IdPost", v=flow.get("IdPost")),
                     element("IdColl", v=flow.get("IdColl")), element("CodColl", v=flow.get("CodCol")),
                     element("CodBud", v=flow.get("CodBud")))
    domain = element("PES_DepenseRetour", element("EnTeteDepense", element("TypRestit", v="02"), element("IdVer", v="2"),
                                                  element("NatInf", v="2")), *bordereaux)
    return _document("PES_Retour", RETOUR, envelope, header, domain)
