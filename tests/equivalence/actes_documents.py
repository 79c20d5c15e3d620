"""A full document of each root of ACTES, every value invented: what actes_packs.py changes in one place."""

ACTES = "http://www.interieur.gouv.fr/ACTES#v1.1-20040216"
INSEE = "http://xml.insee.fr/schema"

ID = 'a:IDActe="034-123456782-20260115-2026_01A-DE"'
LETTER = f'{ID} a:DateCourrierPref="2026-02-01"'
DOCUMENT = "<a:{0}><a:NomFichier>fichier.pdf</a:NomFichier><a:Signature>MIIB</a:Signature></a:{0}>"
REFERENT = ("<a:Referent><a:Nom>Nom</a:Nom><a:Telephone>0400000000</a:Telephone><a:Email>nom@exemple.fr</a:Email>"
            "</a:Referent>")
FORMS = f"<a:FormulairesEnvoyes>{DOCUMENT.format('Formulaire') * 2}</a:FormulairesEnvoyes>"
ENVELOPE = ('<a:Emetteur><a:IDCL i:SIREN="123456782" a:Departement="034" a:Arrondissement="2" a:Nature="31"/>'
            f"{REFERENT}</a:Emetteur><a:AdressesRetour><a:Email>a@exemple.fr</a:Email><a:Email>b@exemple.fr</a:Email>"
            f"</a:AdressesRetour>{FORMS}")
DATA_ATTRIBUTES = 'a:Date="2026-01-15" a:NumeroInterne="2026_01A" a:CodeNatureActe="1"'
DATA = ("".join(f'<a:CodeMatiere{n} a:CodeMatiere="{n}"/>' for n in range(1, 6)) + "<a:Objet>Objet</a:Objet>"
        f"<a:PrecedentIdentifiantActe {ID}/><a:ClassificationDateVersion>2025-12-01</a:ClassificationDateVersion>"
        f'{DOCUMENT.format("Document")}<a:Annexes a:Nombre="2">{DOCUMENT.format("Annexe") * 2}</a:Annexes>'
        "<a:DocumentPapier>N</a:DocumentPapier>")
RECEIVED = (f"<a:ActeRecu {DATA_ATTRIBUTES}>{DATA}</a:ActeRecu>"
            "<a:ClassificationDateVersionEnCours>2025-12-01</a:ClassificationDateVersionEnCours>")
ANOMALY = "<a:Date>2026-01-16</a:Date><a:Nature>{}</a:Nature><a:Detail>Detail</a:Detail>"
TYPE = '<a:TypePJNatureActe a:CodeTypePJ="99_DE" a:Libelle="Libelle"/>'
NATURE = f'<a:NatureActe a:CodeNatureActe="1" a:Libelle="Libelle" a:TypeAbrege="DE">{TYPE * 2}</a:NatureActe>'


def matieres(level=1):
    inner = matieres(level + 1) if level < 5 else ""
    return f'<a:Matiere{level} a:CodeMatiere="{level}" a:Libelle="Libelle">{inner}</a:Matiere{level}>' * (2 if level > 3 else 1)


def office(content):
    return f'<a:Emetteur>{content}{REFERENT}</a:Emetteur>{FORMS}<a:Destinataire i:SIREN="123456782"/>'


def bodies():
    """(root, attributes, content)"""
    yield "Acte", DATA_ATTRIBUTES, DATA
    yield "ARActe", f'{ID} a:DateReception="2026-01-16"', RECEIVED
    yield "AnomalieActe", "", ANOMALY.format("002") + RECEIVED
    for root in ("CourrierSimple", "ReponseCourrierSimple", "RefusPieceComplementaire", "RejetLettreObservations",
                 "ReponseLettreObservations"):
        yield root, LETTER, DOCUMENT.format("Document")
    yield "DemandePieceComplementaire", LETTER, "<a:DescriptionPieces>Texte</a:DescriptionPieces>" + DOCUMENT.format("Document")
    yield "LettreObservations", LETTER, "<a:Motif>Texte</a:Motif>" + DOCUMENT.format("Document")
    yield "PieceComplementaire", LETTER, f"<a:Documents>{DOCUMENT.format('Document') * 2}</a:Documents>"
    for root in ("ARDemandePieceComplementaire", "ARLettreObservations"):
        yield root, LETTER, ""
    for root in ("ARPieceComplementaire", "ARReponseRejetLettreObservations"):
        yield root, 'a:DateReception="2026-02-10"', f"<a:InfosCourrierPref {LETTER}/>"
    yield "DefereTA", ID, ("<a:DateDepot>2026-03-01</a:DateDepot><a:NatureIllegalite>Texte</a:NatureIllegalite>"
                           f"<a:PiecesJointes>{DOCUMENT.format('PieceJointe') * 2}</a:PiecesJointes>")
    yield "Annulation", ID, ""
    yield "ARAnnulation", f'{ID} a:DateReception="2026-02-02"', ""
    for root in ("DemandeClassification", "ReponseClassificationSansChangement"):
        yield root, "", "<a:DateClassification>2025-12-01</a:DateClassification>"
    yield "RetourClassification", "", ("<a:DateClassification>2025-12-01</a:DateClassification><a:NaturesActes>"
                                       f"{NATURE * 2}</a:NaturesActes><a:Matieres>{matieres()}</a:Matieres>")
    yield "EnveloppeCLMISILL", "", ENVELOPE
    yield "EnveloppeMISILLCL", "", office('<a:IDSousPref a:Departement="034" a:Arrondissement="2"/>')
    yield "EnveloppeMISILLCL", "", office('<a:IDSGAR a:Departement="034"/>')
    yield "EnveloppeMISILLCL", "", office('<a:IDPref a:Departement="034"/>')
    yield "AnomalieEnveloppe", "", ANOMALY.format("100") + f"<a:EnveloppeRecue>{ENVELOPE}</a:EnveloppeRecue>"


def documents():
    """The text of each."""
    for root, attributes, content in bodies():
        yield f'<a:{root} xmlns:a="{ACTES}" xmlns:i="{INSEE}" {attributes}>{content}</a:{root}>'
