#include "protocols/pes/anomaly.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace demat::pes {
namespace {

struct Row {
  std::string_view code;
  std::string_view fr;
  std::string_view en;
  std::string_view remedy_fr;
  std::string_view remedy_en;
};

constexpr std::string_view resend_fr =
    "Corrigez dans le logiciel, puis émettez un nouveau flux (autre NomFic).";
constexpr std::string_view resend_en = "Correct it in the software, then issue a new flow (another NomFic).";
constexpr std::string_view accountant_fr =
    "Voyez avec le comptable public : le paramétrage d'Hélios est en cause.";
constexpr std::string_view accountant_en =
    "See the public accountant: the settings of Hélios are in question.";
constexpr std::string_view later_fr =
    "Ne renvoyez rien avant d'avoir demandé au comptable public si le flux a été intégré.";
constexpr std::string_view later_en =
    "Send nothing again before asking the public accountant whether the flow was taken in.";
constexpr std::string_view sign_fr = "Signez de nouveau, puis émettez un nouveau flux (autre NomFic).";
constexpr std::string_view sign_en = "Sign again, then issue a new flow (another NomFic).";
constexpr std::string_view twice_fr =
    "Vérifiez si l'envoi précédent a abouti avant d'en émettre un autre ; sinon, changez le numéro.";
constexpr std::string_view twice_en =
    "Check whether the earlier sending succeeded before issuing another; if not, change the number.";
constexpr std::string_view split_fr = "Répartissez sur plusieurs flux.";
constexpr std::string_view split_en = "Spread it over several flows.";

// The closed list of the 5.17 schema, by its names without ERREUR_ (helios 4.5); the explanations are ours.
constexpr std::array guichet{
    Row{"AUTRE", "Le Guichet XML refuse pour une raison que son libellé donne.",
        "The Guichet XML refuses for a reason that its text gives.", resend_fr, resend_en},
    Row{"CERTIFICAT",
        "Le certificat de signature n'est pas accepté (expiré, révoqué ou d'une autorité non reconnue).",
        "The signing certificate is not accepted (expired, revoked or of an authority that is not "
        "recognised).",
        "Signez avec un certificat valable d'une autorité reconnue, puis émettez un nouveau flux.",
        "Sign with a valid certificate of a recognised authority, then issue a new flow."},
    Row{"CODE_COLLECTIVITE_BUDGET",
        "Le couple CodCol et CodBud n'existe pas ou n'est pas actif pour ce poste comptable.",
        "The pair CodCol and CodBud does not exist or is not active for this accountant's office.",
        "Vérifiez IdPost, CodCol et CodBud de l'en-tête avec le comptable public.",
        "Check IdPost, CodCol and CodBud of the header with the public accountant."},
    Row{"CODIFICATION", "Une valeur codifiée n'est pas de la nomenclature.",
        "A coded value is not in its list.", resend_fr, resend_en},
    Row{"CODIQUE", "Le codique du poste comptable (IdPost) n'est pas connu.",
        "The number of the accountant's office (IdPost) is not known.",
        "Vérifiez IdPost avec le comptable public.", "Check IdPost with the public accountant."},
    Row{"CONNECTION_IMPOSSIBLE_A_LA_BASE", "Hélios n'a pas pu joindre sa base : le flux n'est pas en cause.",
        "Hélios could not reach its database: the flow is not at fault.", later_fr, later_en},
    Row{"CUMUL_MONTANTS", "Le cumul annuel du bordereau (MtCumulAnnuel) ne suit pas les précédents.",
        "The yearly total of the bordereau (MtCumulAnnuel) does not follow the earlier ones.",
        "Recalculez MtCumulAnnuel depuis le premier bordereau de l'exercice.",
        "Compute MtCumulAnnuel again from the first bordereau of the year."},
    Row{"DOUBLON_BORDEREAU", "Un bordereau de ce numéro a déjà été intégré.",
        "A bordereau of this number was taken in already.", twice_fr, twice_en},
    Row{"DOUBLON_LIGNE", "Une ligne de ce numéro a déjà été intégrée.",
        "A ligne of this number was taken in already.", twice_fr, twice_en},
    Row{"DOUBLON_PIECE", "Une pièce de ce numéro a déjà été intégrée.",
        "A pièce of this number was taken in already.", twice_fr, twice_en},
    Row{"DOUBLON_PJ", "Une pièce jointe de cet IdUnique a déjà été intégrée.",
        "An attachment of this IdUnique was taken in already.",
        "Référencez la pièce jointe déjà intégrée, ou donnez à celle-ci un autre IdUnique.",
        "Refer to the attachment taken in already, or give this one another IdUnique."},
    Row{"ENCODING", "L'encodage du fichier n'est pas celui qui est attendu (ISO-8859-1).",
        "The encoding of the file is not the one expected (ISO-8859-1).",
        "Produisez le fichier en ISO-8859-1, déclaré en première ligne.",
        "Produce the file in ISO-8859-1, declared in its first line."},
    Row{"FLUX_VIDE", "Le flux ne porte ni bordereau, ni pièce jointe, ni marché.",
        "The flow holds no bordereau, no attachment and no contract.", resend_fr, resend_en},
    Row{"MONTANT_TVA_ZERO_NEGATIF", "Un montant de TVA présent doit être positif.",
        "An amount of VAT that is present must be positive.",
        "Retirez la balise de TVA quand il n'y a pas de TVA, ou corrigez le montant.",
        "Take the VAT element out where there is no VAT, or correct the amount."},
    Row{"PES_PARAM", "Le budget n'est pas ouvert à ce type de flux dans Hélios.",
        "The budget is not open to this kind of flow in Hélios.", accountant_fr, accountant_en},
    Row{"PES_PARAM_SIGNATURE", "Le paramétrage d'Hélios et la signature du flux se contredisent.",
        "The settings of Hélios and the signature of the flow contradict each other.", accountant_fr,
        accountant_en},
    Row{"PES_SIGNATURE",
        "La signature et InfoDematerialisee se contredisent, ou une signature attendue manque.",
        "The signature and InfoDematerialisee contradict each other, or a signature expected is missing.",
        sign_fr, sign_en},
    Row{"PJ", "Une pièce jointe est refusée (contenu, nom, type ou référence).",
        "An attachment is refused (content, name, type or reference).",
        "Vérifiez le document, son nom avec extension, son type, puis envoyez-le dans un nouveau flux.",
        "Check the document, its name with extension, its type, then send it in a new flow."},
    Row{"PJ_SIGNEE", "La signature d'une pièce jointe n'est pas acceptée.",
        "The signature of an attachment is not accepted.", sign_fr, sign_en},
    Row{"SCHEMA_INCOMPLET", "Le fichier ne suit pas le schéma : un élément manque ou est mal formé.",
        "The file does not follow the schema: an element is missing or badly formed.",
        "Lisez le libellé ; « dematctl check » donne la ligne et l'élément.",
        "Read the text; \"dematctl check\" gives line and element."},
    Row{"SIGNATURE_BORDEREAU_ILLISIBLE", "La signature d'un bordereau ne peut être lue.",
        "The signature of a bordereau cannot be read.", sign_fr, sign_en},
    Row{"SIGNATURE_BORDEREAU_INCOMPLETE", "Il manque une partie à la signature d'un bordereau.",
        "A part of the signature of a bordereau is missing.", sign_fr, sign_en},
    Row{"SIGNATURE_BORDEREAU_INVALIDE",
        "La signature d'un bordereau n'est pas valable : il a changé depuis, ou elle est fausse.",
        "The signature of a bordereau is not valid: it changed since, or the signature is wrong.", sign_fr,
        sign_en},
    Row{"SIGNATURE_EXTERNE", "Une signature à part du flux n'est pas acceptée.",
        "A signature outside the flow is not accepted.", sign_fr, sign_en},
    Row{"SIGNATURE_ILLISIBLE", "La signature du flux ne peut être lue.",
        "The signature of the flow cannot be read.", sign_fr, sign_en},
    Row{"SIGNATURE_INCOMPLETE", "Il manque une partie à la signature du flux.",
        "A part of the signature of the flow is missing.", sign_fr, sign_en},
    Row{"SIGNATURE_INVALIDE",
        "La signature du flux n'est pas valable : il a changé depuis, ou elle est fausse.",
        "The signature of the flow is not valid: it changed since, or the signature is wrong.", sign_fr,
        sign_en},
    Row{"SIRET", "Le SIRET du budget (IdColl) n'est pas celui qu'Hélios connaît.",
        "The SIRET of the budget (IdColl) is not the one that Hélios knows.",
        "Vérifiez IdColl avec le comptable public.", "Check IdColl with the public accountant."},
    Row{"TAILLE_BORDEREAUX", "Le flux porte trop de bordereaux.", "The flow holds too many bordereaux.",
        split_fr, split_en},
    Row{"TAILLE_LIGNE", "Une pièce porte trop de lignes.", "A pièce holds too many lignes.", split_fr,
        split_en},
    Row{"TAILLE_PIECE", "Un bordereau porte trop de pièces.", "A bordereau holds too many pièces.", split_fr,
        split_en},
    Row{"TIMEOUT", "Hélios n'a pas fini à temps : le flux n'est pas en cause.",
        "Hélios did not end in time: the flow is not at fault.", later_fr, later_en},
    Row{"VERSION_PES", "La version du PES (IdVer) n'est pas acceptée.",
        "The version of the PES (IdVer) is not accepted.", "Mettez IdVer à 2 dans l'en-tête du domaine.",
        "Set IdVer to 2 in the header of the domain."},
    Row{"VERSION_PJ", "La version du PES PJ (IdVer) n'est pas acceptée.",
        "The version of the PES PJ (IdVer) is not accepted.",
        "Mettez IdVer à 1 dans l'en-tête des pièces jointes.",
        "Set IdVer to 1 in the header of the attachments."},
};

// Business codes of box 5 that a source explains (helios 4.5); there is no public list of the others.
constexpr std::array business{
    Row{"1971", "La fonction est servie à tort pour cette nature.",
        "The function is given although this account takes none.",
        "Retirez la fonction de la ligne, puis émettez un nouveau bordereau.",
        "Take the function out of the ligne, then issue a new bordereau."},
    Row{"1984", "L'IdUnique d'une pièce jointe a déjà été intégré.",
        "The IdUnique of an attachment was taken in already.",
        "Référencez la pièce jointe déjà intégrée, ou donnez à celle-ci un autre IdUnique.",
        "Refer to the attachment taken in already, or give this one another IdUnique."},
    Row{"2559", "Le code du service destinataire est inconnu ou inactif dans Chorus Pro.",
        "The code of the recipient's service is unknown or inactive in Chorus Pro.",
        "Demandez le bon CodeService au débiteur, ou cherchez-le dans l'annuaire de Chorus Pro.",
        "Ask the debtor for the right CodeService, or look it up in the directory of Chorus Pro."},
};

struct Spelling {
  std::string_view code;
  std::string_view word;
};

// How words are shortened in codes such as GXML_DOUBLON_NUM_PIECE.
constexpr std::array spellings{Spelling{"ABS", "absent"},
                               Spelling{"ABST", "absent"},
                               Spelling{"ACHT", "acheteur"},
                               Spelling{"ACTU", "actualisé"},
                               Spelling{"ADR1", "adresse 1"},
                               Spelling{"ADR2", "adresse 2"},
                               Spelling{"ANO", "anomalie"},
                               Spelling{"ASAP", "ASAP"},
                               Spelling{"ASS", "assuré"},
                               Spelling{"AUT", "autorisé"},
                               Spelling{"AUTORIS", "autorisé"},
                               Spelling{"BA", "budget annexe"},
                               Spelling{"BANC", "bancaire"},
                               Spelling{"BANCAIRE", "bancaire"},
                               Spelling{"BC", "budget collectivité"},
                               Spelling{"BDF", "BDF"},
                               Spelling{"BIC", "BIC"},
                               Spelling{"BICIBAN", "BIC et IBAN"},
                               Spelling{"BORD", "bordereau"},
                               Spelling{"BR", "budget rattaché"},
                               Spelling{"BUD", "budget"},
                               Spelling{"BUDG", "budgétaire"},
                               Spelling{"CARACTERE", "caractère"},
                               Spelling{"CAT", "catégorie"},
                               Spelling{"CCN", "concession"},
                               Spelling{"CENT", "centre"},
                               Spelling{"CFU", "CFU"},
                               Spelling{"CIVILITE", "civilité"},
                               Spelling{"CLE", "clé"},
                               Spelling{"COND", "condition"},
                               Spelling{"CONTEST", "contestation"},
                               Spelling{"CORR", "correctif"},
                               Spelling{"CPTE", "compte"},
                               Spelling{"CREANC", "créancier"},
                               Spelling{"DDN", "date de naissance"},
                               Spelling{"DEB", "débiteur"},
                               Spelling{"DEBIT", "débiteur"},
                               Spelling{"DEBITEUR", "débiteur"},
                               Spelling{"DEJA", "déjà"},
                               Spelling{"DEP", "dépense"},
                               Spelling{"DEPARTEMENT", "département"},
                               Spelling{"DEPASSE", "dépassé"},
                               Spelling{"DEST", "destinataire"},
                               Spelling{"DESTINAIRE", "destinataire"},
                               Spelling{"DISC", "écart"},
                               Spelling{"DOM", "domiciliation"},
                               Spelling{"DOUBLON", "doublon"},
                               Spelling{"DONNEE", "donnée"},
                               Spelling{"DONNEES", "données"},
                               Spelling{"EDITER", "éditer"},
                               Spelling{"EDITION", "édition"},
                               Spelling{"EGAL", "égal"},
                               Spelling{"ELIG", "éligible"},
                               Spelling{"EMET", "émetteur"},
                               Spelling{"EMETTEUR", "émetteur"},
                               Spelling{"ENCAISS", "encaissement"},
                               Spelling{"ENTREP", "entreprise"},
                               Spelling{"ERR", "erreur"},
                               Spelling{"ERRONE", "erroné"},
                               Spelling{"ERRONEE", "erronée"},
                               Spelling{"EST", "estimé"},
                               Spelling{"ETABLISSEMENT", "établissement"},
                               Spelling{"ETRANGER", "étranger"},
                               Spelling{"EXER", "exercice"},
                               Spelling{"FACT", "facture"},
                               Spelling{"FCT", "facture"},
                               Spelling{"FICH", "fichier"},
                               Spelling{"FIN", "fin"},
                               Spelling{"FORM", "format"},
                               Spelling{"GED", "GED"},
                               Spelling{"GEO", "géographique"},
                               Spelling{"GROUPE", "groupe"},
                               Spelling{"GROUPT", "groupement"},
                               Spelling{"IBAN", "IBAN"},
                               Spelling{"ID", "identifiant"},
                               Spelling{"INCOH", "incohérent"},
                               Spelling{"INCOHERENCE", "incohérence"},
                               Spelling{"INCOHERENT", "incohérent"},
                               Spelling{"INCOMP", "incompatible"},
                               Spelling{"INDIV", "individuelle"},
                               Spelling{"INF", "inférieur"},
                               Spelling{"INFO", "information"},
                               Spelling{"INT", "intégré"},
                               Spelling{"LIGNEOPT", "ligne optique"},
                               Spelling{"M21", "M21"},
                               Spelling{"M22", "M22"},
                               Spelling{"MAJO", "majoration"},
                               Spelling{"MAR", "marché"},
                               Spelling{"MARCHE", "marché"},
                               Spelling{"MCH", "marché"},
                               Spelling{"METROPOLE", "métropole"},
                               Spelling{"MNT", "montant"},
                               Spelling{"MOD", "mode"},
                               Spelling{"MODALITES", "modalités"},
                               Spelling{"MT", "montant"},
                               Spelling{"MTPREV", "montant prévu"},
                               Spelling{"MTT", "montant"},
                               Spelling{"NAISS", "naissance"},
                               Spelling{"NAT", "nature"},
                               Spelling{"NB", "nombre"},
                               Spelling{"NFP", "NFP"},
                               Spelling{"NOT", "notifié"},
                               Spelling{"NOTIF", "notifié"},
                               Spelling{"NUM", "numéro"},
                               Spelling{"NUMERO", "numéro"},
                               Spelling{"NUMDEC", "numéro de décision"},
                               Spelling{"NUMLIG", "numéro de ligne"},
                               Spelling{"OPE", "opération"},
                               Spelling{"OPER", "opérateur"},
                               Spelling{"OPERATION", "opération"},
                               Spelling{"ORDO", "ordonnateur"},
                               Spelling{"ORIG", "d'origine"},
                               Spelling{"ORMC", "ORMC"},
                               Spelling{"PARAM", "paramétré"},
                               Spelling{"PDF", "PDF"},
                               Spelling{"PDS", "poids"},
                               Spelling{"PES", "PES"},
                               Spelling{"PHY", "physique"},
                               Spelling{"PHYS", "physique"},
                               Spelling{"PHYSIQUES", "physiques"},
                               Spelling{"PIECE", "pièce"},
                               Spelling{"PJ", "PJ"},
                               Spelling{"PREL", "prélèvement"},
                               Spelling{"PRELEVEMENT", "prélèvement"},
                               Spelling{"PRENOM", "prénom"},
                               Spelling{"PRES", "présent"},
                               Spelling{"PUB", "publique"},
                               Spelling{"PUBL", "publiques"},
                               Spelling{"QUANTITE", "quantité"},
                               Spelling{"RCE", "recette"},
                               Spelling{"RECOUV", "recouvrement"},
                               Spelling{"REF", "référence"},
                               Spelling{"REFCOMPTA", "RefCompta"},
                               Spelling{"REFERENCE", "référence"},
                               Spelling{"RENSG", "renseigné"},
                               Spelling{"RENSEIGNE", "renseigné"},
                               Spelling{"RESIDENCE", "résidence"},
                               Spelling{"RIB", "RIB"},
                               Spelling{"ROLE", "rôle"},
                               Spelling{"SEQ", "séquence"},
                               Spelling{"SEQUENCE", "séquence"},
                               Spelling{"SIGN", "signature"},
                               Spelling{"SIRET", "SIRET"},
                               Spelling{"SS", "sécurité sociale"},
                               Spelling{"SST", "sous-traitant"},
                               Spelling{"STRUCT", "structure"},
                               Spelling{"TECH", "technique"},
                               Spelling{"TIP", "TIP"},
                               Spelling{"TIPI", "PayFiP"},
                               Spelling{"TIT", "titulaire"},
                               Spelling{"TRF", "transfert"},
                               Spelling{"TVA", "TVA"},
                               Spelling{"TYPNAT", "type et nature"},
                               Spelling{"VENTIL", "ventilation"},
                               Spelling{"XML", "XML"}};

std::string lower(std::string_view word) {
  std::string out(word);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::string spelt(std::string_view word) {
  const auto* at =
      std::find_if(spellings.begin(), spellings.end(), [&](const Spelling& s) { return s.code == word; });
  return at == spellings.end() ? lower(word) : std::string(at->word);
}

/// "doublon numéro pièce" of "DOUBLON_NUM_PIECE"; "A_TORT" gets its accent back.
std::string words_of(std::string_view code) {
  std::string out;
  for (std::size_t begin = 0; begin <= code.size();) {
    const std::size_t end = std::min(code.find('_', begin), code.size());
    const std::string_view word = code.substr(begin, end - begin);
    if (!word.empty()) out += (out.empty() ? "" : " ") + (word == "A" ? "à" : spelt(word));
    begin = end + 1;
  }
  return out;
}

const Row* row_of(std::span<const Row> rows, std::string_view code) {
  const auto at = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.code == code; });
  return at == rows.end() ? nullptr : &*at;
}

Explanation of_row(const Row& row) {
  return {{std::string(row.fr), std::string(row.en)},
          {std::string(row.remedy_fr), std::string(row.remedy_en)},
          true};
}

constexpr std::size_t max_code = 200;  // the State's are shorter; what else comes is not put into sentences

Explanation derived(std::string_view code) {
  const bool check = code.starts_with("GXML_");
  std::string_view bare = code;
  for (const std::string_view prefix : {"GXML_", "ERREUR_"})
    if (bare.starts_with(prefix)) bare.remove_prefix(prefix.size());
  // A mere number or one word says nothing more than itself.
  if (bare.size() == code.size() && code.find('_') == code.npos) return {};
  if (code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != code.npos) return {};
  const std::string said = words_of(bare.substr(0, max_code));
  if (said.empty()) return {};
  return {{(check ? "Contrôle d'Hélios : " : "Code inconnu d'ici, en clair : ") + said + ".",
           (check ? "Check of Hélios, in the words of its code: " : "Code not known here, in its words: ") +
               said + "."},
          {std::string(resend_fr), std::string(resend_en)},
          false};
}

}  // namespace

Explanation explain(std::string_view num_ano_ack, std::string_view business_code) {
  if (const auto* row = row_of(business, business_code)) return of_row(*row);
  constexpr std::string_view prefix = "ERREUR_";
  if (num_ano_ack.starts_with(prefix))
    if (const auto* row = row_of(guichet, num_ano_ack.substr(prefix.size()))) return of_row(*row);
  return derived(num_ano_ack);
}

}  // namespace demat::pes
