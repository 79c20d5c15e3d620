"""The classification that the simulated préfecture serves: a small tree of its own (natures, typologies, matières)."""

import xml.etree.ElementTree as ET

import words

NATURES = (
    (1, "DE", "Délibérations", (("99_DE", "Délibération"), ("99_SE", "Fichier de signature électronique"),
                                ("21_DA", "Décision arrêtant le projet"), ("70_DE", "Délibération budgétaire"))),
    (2, "AR", "Actes réglementaires", (("99_AR", "Acte réglementaire"), ("99_SE", "Fichier de signature électronique"),
                                       ("21_RP", "Rapport de présentation"))),
    (3, "AI", "Actes individuels", (("99_AI", "Acte individuel"), ("99_SE", "Fichier de signature électronique"),
                                    ("22_AV", "Avis"), ("41_NC", "Notification de création de poste"))),
    (4, "CC", "Contrats, conventions et avenants", (("99_DC", "Contrat ou convention"), ("99_SE", "Fichier de signature électronique"),
                                                    ("10_DE", "Délibération jointe"), ("11_AE", "Acte d'engagement"))),
    (5, "BF", "Documents budgétaires et financiers", (("99_BU", "Document budgétaire"), ("99_SE", "Fichier de signature électronique"),
                                                      ("70_DE", "Délibération budgétaire"))),
    (6, "AU", "Autres", (("99_AU", "Autre document"), ("99_SE", "Fichier de signature électronique"))),
)
SHORT = {str(code): short for code, short, _, _ in NATURES}

MATTERS = (
    (1, "Commande publique", ((1, "Marchés publics", ()), (2, "Délégations de service public", ()), (4, "Autres contrats", ()))),
    (2, "Urbanisme", ((1, "Documents d'urbanisme", ((1, "Élaboration"), (2, "Révision"))), (2, "Droit des sols", ()))),
    (3, "Domaine et patrimoine", ((1, "Acquisitions", ()), (5, "Autres actes de gestion du domaine", ()))),
    (4, "Fonction publique", ((1, "Personnel titulaire", ()), (2, "Personnel contractuel", ()))),
    (5, "Institutions et vie politique", ((2, "Fonctionnement des assemblées", ()), (7, "Intercommunalité", ()))),
    (6, "Libertés publiques et pouvoirs de police", ((1, "Police municipale", ()),)),
    (7, "Finances locales", ((1, "Décisions budgétaires", ()), (5, "Subventions", ()), (10, "Divers", ()))),
    (8, "Domaines de compétences par thèmes", ((1, "Enseignement", ()), (9, "Culture", ()))),
    (9, "Autres domaines de compétences", ((1, "Autres domaines des communes", ()), (4, "Vœux et motions", ()))),
)


def answer(date, typologies=True):
    """RetourClassification (7-2). `typologies`: False leaves them out of every second nature, as real ones did."""
    root = words.element("RetourClassification")
    words.child(root, "DateClassification", date)
    natures = words.child(root, "NaturesActes")
    for number, (code, short, label, types) in enumerate(NATURES):
        nature = words.child(natures, "NatureActe", CodeNatureActe=code, Libelle=label, TypeAbrege=short)
        if typologies or number % 2 == 0:
            for type_code, type_label in types:
                words.child(nature, "TypePJNatureActe", CodeTypePJ=type_code, Libelle=type_label)
    matters = words.child(root, "Matieres")
    for code, label, inner in MATTERS:
        first = words.child(matters, "Matiere1", CodeMatiere=code, Libelle=words.latin(label))
        for inner_code, inner_label, deeper in inner:
            second = words.child(first, "Matiere2", CodeMatiere=inner_code, Libelle=words.latin(inner_label))
            for third_code, third_label in deeper:
                words.child(second, "Matiere3", CodeMatiere=third_code, Libelle=words.latin(third_label))
    return root


def unchanged(date):
    """ReponseClassificationSansChangement (7-3)."""
    root = words.element("ReponseClassificationSansChangement")
    words.child(root, "DateClassification", date)
    return root


def as_bytes(root):
    return ET.tostring(root)
