#include <array>

#include "protocols/pes/labels.hpp"

namespace demat::pes {
namespace {

// What comes back (helios 1.5, 1.6; pes530 §10).
constexpr std::array cat_tiers_retour_rows{
    Label{"01", "personne physique", "natural person"},
    Label{"02", "personne morale de droit privé", "private legal person"},
    Label{"03", "personne morale de droit public", "public legal person"},
};

constexpr std::array typ_restit_rows{
    Label{"01", "rejets", "rejections"},
    Label{"02", "périodique", "periodic"},
    Label{"03", "stock", "stock"},
};

constexpr std::array domaine_ack_retour_rows{
    Label{"13", "PES_Retour dépense", "PES_Retour expense"},
    Label{"14", "PES_Retour recette", "PES_Retour revenue"},
};

constexpr std::array etat_piece_depense_rows{
    Label{"01", "en instance", "pending"},
    Label{"02", "prise en charge", "taken in charge"},
    Label{"04", "rejetée", "rejected"},
    Label{"05", "soldée", "settled"},
};

constexpr std::array etat_piece_recette_rows{
    Label{"01", "en instance", "pending"},
    Label{"02", "prise en charge", "taken in charge"},
    Label{"03", "prise en charge en partie", "taken in charge in part"},
    Label{"04", "rejetée", "rejected"},
    Label{"05", "annulée", "cancelled"},
};

constexpr std::array etat_ligne_depense_rows{
    Label{"01", "prise en charge", "taken in charge"},
    Label{"02", "rejetée", "rejected"},
    Label{"03", "prévisée sans anomalie", "reviewed without anomaly"},
    Label{"04", "prévisée avec anomalies", "reviewed with anomalies"},
    Label{"05", "prévisée, rejet forçable", "reviewed, rejection that may be overruled"},
    Label{"06", "prévisée, rejet ferme", "reviewed, firm rejection"},
    Label{"07", "prise en charge avec anomalies", "taken in charge with anomalies"},
    Label{"08", "prise en charge sans anomalie", "taken in charge without anomaly"},
    Label{"09", "rejetée (forçage possible)", "rejected (may be overruled)"},
    Label{"10", "rejetée (ferme)", "rejected (firm)"},
    Label{"15", "prise en charge par forçage", "taken in charge by overruling"},
    Label{"16", "mise en instance", "made pending"},
};

constexpr std::array etat_ligne_recette_rows{
    Label{"01", "rejetée", "rejected"},
    Label{"02", "annulée", "cancelled"},
    Label{"03", "mise en instance", "made pending"},
    Label{"04", "non soldée", "not settled"},
    Label{"05", "soldée", "settled"},
    Label{"06", "soldée en non-valeur", "settled as write-off"},
};

constexpr std::array motif_depense_rows{
    Label{"01", "pièces justificatives absentes ou non valables",
          "supporting documents missing or not valid"},
    Label{"02", "pièces justificatives insuffisantes", "supporting documents insufficient"},
    Label{"03", "crédits budgétaires insuffisants", "budget credits insufficient"},
    Label{"04", "liquidation erronée", "wrong liquidation"},
    Label{"05", "service fait ou caractère exécutoire non certifié",
          "service done or enforceability not certified"},
    Label{"06", "autre motif", "other reason"},
    Label{"07", "double paiement", "double payment"},
    Label{"09", "domiciliation bancaire absente ou erronée", "bank account missing or wrong"},
    Label{"10", "avance non récupérée", "advance not recovered"},
    Label{"11", "donneur d'ordre incompétent", "orderer without competence"},
    Label{"13", "prescription ou déchéance", "time-barred"},
    Label{"16", "mandat qui n'est pas au nom du vrai créancier",
          "mandat not in the name of the true creditor"},
    Label{"23", "imputation comptable ou budgétaire erronée", "wrong accounting or budget allocation"},
    Label{"24", "rejet technique", "technical rejection"},
};

constexpr std::array motif_recette_rows{
    Label{"01", "texte, jugement ou acte fondant la créance non cité",
          "text, judgment or act behind the debt not quoted"},
    Label{"02", "nature de la créance absente ou erronée", "nature of the debt missing or wrong"},
    Label{"03", "débiteur mal identifié", "debtor badly identified"},
    Label{"04", "imputation budgétaire ou comptable erronée", "wrong budget or accounting allocation"},
    Label{"05", "prescription", "time-barred"},
    Label{"06", "autre motif", "other reason"},
    Label{"07", "pièce d'origine non citée", "original piece not quoted"},
    Label{"08", "type de bordereau inexistant", "type of bordereau unknown"},
    Label{"09", "exercice non ouvert ou clos", "financial year not open or closed"},
    Label{"10", "date d'émission absente ou incorrecte", "date of issue missing or wrong"},
    Label{"11", "montant du bordereau incohérent", "amount of the bordereau inconsistent"},
    Label{"12", "bordereau non signé", "bordereau not signed"},
    Label{"13", "TVA absente ou erronée", "VAT missing or wrong"},
    Label{"14", "donneur d'ordre absent ou incompétent", "orderer missing or without competence"},
    Label{"15", "pièces justificatives insuffisantes", "supporting documents insufficient"},
    Label{"16", "pièces justificatives absentes ou non valables",
          "supporting documents missing or not valid"},
    Label{"17", "domiciliation bancaire absente ou erronée", "bank account missing or wrong"},
    Label{"18", "numéro de bordereau, titre, rôle ou article en double",
          "number of bordereau, titre, roll or article twice"},
    Label{"19", "complément d'information nécessaire", "more information needed"},
    Label{"20", "titre récapitulatif attendu", "summary titre expected"},
    Label{"21", "titre incomplet", "titre incomplete"},
    Label{"22", "exercice du rôle clos", "year of the roll closed"},
    Label{"23", "numéro de rôle non unique", "number of the roll not unique"},
    Label{"24", "exercice du rôle initial clos", "year of the first roll closed"},
    Label{"25", "rôle initial inexistant", "first roll unknown"},
    Label{"26", "rôle initial non pris en compte", "first roll not taken in"},
    Label{"27", "montant ou date de prélèvement incorrect", "amount or date of the direct debit wrong"},
    Label{"28", "numéro d'article non unique", "number of the article not unique"},
    Label{"29", "date de l'avis des sommes à payer incorrecte", "date of the notice of payment wrong"},
    Label{"30", "code produit inconnu de la collectivité", "product code unknown for the authority"},
    Label{"31", "SIRET de la collectivité bénéficiaire inconnu",
          "SIRET of the beneficiary authority unknown"},
    Label{"32", "collectivité non assujettie à la TVA", "authority not liable to VAT"},
    Label{"33", "montant majorable", "amount that may be surcharged"},
    Label{"34", "montant du prélèvement", "amount of the direct debit"},
    Label{"35", "domiciliation erronée", "bank account wrong"},
    Label{"36", "domiciliation inexistante", "bank account unknown"},
    Label{"37", "rapprochement impossible avec le rôle initial", "cannot be matched with the first roll"},
    Label{"38", "forçage accordé par l'ordonnateur", "overruling granted by the ordonnateur"},
    Label{"39", "forçage accordé par le poste comptable", "overruling granted by the accountant's office"},
    Label{"40", "forçage par l'ordonnateur à venir", "overruling by the ordonnateur to come"},
    Label{"41", "créance sous le seuil d'émission", "debt below the threshold"},
    Label{"42", "bases de liquidation absentes", "bases of liquidation missing"},
    Label{"43", "liquidation absente ou erronée", "liquidation missing or wrong"},
    Label{"44", "erreur de débiteur", "wrong debtor"},
    Label{"45", "annulation supérieure au titre initial", "cancellation above the first titre"},
    Label{"46", "motif de la rectification absent", "reason of the correction missing"},
    Label{"47", "montant du titre erroné", "amount of the titre wrong"},
};

constexpr std::array cession_opposition_rows{
    Label{"01", "ni cession ni opposition", "neither assignment nor attachment"},
    Label{"02", "cession ou opposition partielle", "partial assignment or attachment"},
    Label{"03", "cession ou opposition totale", "total assignment or attachment"},
};

constexpr std::array emargement_depense_rows{
    Label{"01", "paiement", "payment"},
    Label{"02", "pénalités de retard", "penalties for delay"},
    Label{"03", "retenue de garantie", "retention"},
    Label{"04", "opposition d'un tiers", "attachment by a third party"},
    Label{"05", "ordre de paiement comptable", "accounting payment order"},
    Label{"06", "ordre de reversement", "order to pay back"},
    Label{"07", "mandat correctif", "corrective mandat"},
    Label{"08", "mandat", "mandat"},
    Label{"09", "titre correctif", "corrective titre"},
    Label{"10", "titre", "titre"},
    Label{"11", "liste de non-valeurs", "list of write-offs"},
    Label{"12", "encaissement", "collection"},
    Label{"13", "avance sur marché d'investissement", "advance on an investment contract"},
    Label{"14", "avance sur marché de fonctionnement", "advance on an operating contract"},
    Label{"15", "divers", "miscellaneous"},
};

constexpr std::array emargement_recette_rows{
    Label{"01", "encaissement avant émission", "collection before issue"},
    Label{"02", "encaissement", "collection"},
    Label{"03", "flux d'encaissement", "flow of collections"},
    Label{"04", "mandat correctif", "corrective mandat"},
    Label{"05", "mandat", "mandat"},
    Label{"06", "liste de non-valeurs", "list of write-offs"},
    Label{"07", "titre correctif", "corrective titre"},
    Label{"08", "titre", "titre"},
    Label{"09", "annulation de frais ou d'acte de poursuite", "cancelled costs or act of enforcement"},
    Label{"10", "paiement par internet (PayFiP)", "payment over the internet (PayFiP)"},
    Label{"11", "encaissement technique", "technical collection"},
    Label{"12", "divers", "miscellaneous"},
};

constexpr std::array etat_pj_asap_rows{
    Label{"01", "jointe à l'ASAP", "joined to the ASAP"},
    Label{"02", "trop volumineuse, non jointe", "too big, not joined"},
    Label{"03", "non jointe : deuxième présentation", "not joined: second presentation"},
    Label{"04", "non jointe : mal typée", "not joined: badly typed"},
};

constexpr std::array rejet_asap_courrier_rows{
    Label{"01", "adresse de l'index et bloc adresse différents (ERR008)",
          "address of the index and address block differ (ERR008)"},
    Label{"02", "bloc adresse du destinataire (ERR012)", "address block of the recipient (ERR012)"},
    Label{"03", "conversion du PDF impossible (ERR020)", "PDF cannot be converted (ERR020)"},
    Label{"04", "recto verso (ERR021)", "two-sided printing (ERR021)"},
    Label{"05", "marge de droite non respectée (ERR022)", "right margin not kept (ERR022)"},
    Label{"06", "zone au-dessus de l'adresse non respectée (ERR023)",
          "zone above the address not kept (ERR023)"},
    Label{"07", "zone autour du code 2D non respectée (WAR022)", "zone around the 2D code not kept (WAR022)"},
    Label{"08", "autre", "other"},
};

constexpr std::array rejet_asap_mail_rows{
    Label{"01", "adresse électronique sur liste noire", "mail address blacklisted"},
    Label{"02", "adresse électronique erronée", "mail address wrong"},
};

}  // namespace

std::span<const Label> detail::retour_labels(CodeList list) {
  switch (list) {
    case CodeList::cat_tiers_retour:
      return cat_tiers_retour_rows;
    case CodeList::typ_restit:
      return typ_restit_rows;
    case CodeList::domaine_ack_retour:
      return domaine_ack_retour_rows;
    case CodeList::etat_piece_depense:
      return etat_piece_depense_rows;
    case CodeList::etat_piece_recette:
      return etat_piece_recette_rows;
    case CodeList::etat_ligne_depense:
      return etat_ligne_depense_rows;
    case CodeList::etat_ligne_recette:
      return etat_ligne_recette_rows;
    case CodeList::motif_depense:
      return motif_depense_rows;
    case CodeList::motif_recette:
      return motif_recette_rows;
    case CodeList::cession_opposition:
      return cession_opposition_rows;
    case CodeList::emargement_depense:
      return emargement_depense_rows;
    case CodeList::emargement_recette:
      return emargement_recette_rows;
    case CodeList::etat_pj_asap:
      return etat_pj_asap_rows;
    case CodeList::rejet_asap_courrier:
      return rejet_asap_courrier_rows;
    case CodeList::rejet_asap_mail:
      return rejet_asap_mail_rows;
    default:
      return {};
  }
}

}  // namespace demat::pes
