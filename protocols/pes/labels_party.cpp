#include <array>

#include "protocols/pes/labels.hpp"

namespace demat::pes {
namespace {

// People and papers (helios 2.5, 2.7, 9.2; pes530 §3, §8).
constexpr std::array cadre_facturation_rows{
    Label{"B1", "biens", "goods"},
    Label{"S1", "services", "services"},
    Label{"B8", "biens de plusieurs vendeurs", "goods of several sellers"},
    Label{"S8", "services de plusieurs vendeurs", "services of several sellers"},
    Label{"M8", "biens et services de plusieurs vendeurs", "goods and services of several sellers"},
};

constexpr std::array type_fact_rows{
    Label{"01", "facture", "invoice"},
    Label{"02", "commande", "order"},
    Label{"03", "avoir", "credit note"},
    Label{"04", "devis", "quotation"},
    Label{"05", "facture pro forma", "pro forma invoice"},
    Label{"06", "relevé de carte d'achat", "statement of a purchase card"},
    Label{"07", "avis d'échéance", "due notice"},
    Label{"08", "quittance", "receipt"},
    Label{"09", "avis des sommes à payer (ASAP)", "notice of payment (ASAP)"},
    Label{"10", "ASAP de patient", "ASAP of a patient"},
    Label{"11", "ASAP ORMC", "ORMC ASAP"},
    Label{"12", "ASAP en facture électronique", "ASAP as electronic invoice"},
    Label{"13", "ASAP ORMC en facture électronique", "ORMC ASAP as electronic invoice"},
};

constexpr std::array type_pj_rows{
    Label{"001", "document budgétaire", "budget document"},
    Label{"002", "recette", "revenue"},
    Label{"003", "dépense", "expense"},
    Label{"004", "état de paye", "payroll statement"},
    Label{"005", "état d'aide sociale", "social aid statement"},
    Label{"006", "PES_Facture", "PES_Facture"},
    Label{"007", "facture ORMC pour Chorus Pro", "ORMC invoice for Chorus Pro"},
    Label{"008", "complément d'un ASAP Chorus Pro", "complement of a Chorus Pro ASAP"},
    Label{"009", "pièce contractuelle de marché", "contract document"},
    Label{"010", "facture ASAP ORMC pour l'ENSU", "ORMC ASAP invoice for the ENSU"},
    Label{"011", "complément d'un ASAP pour l'ENSU", "complement of an ASAP for the ENSU"},
    Label{"012", "CFU, état de l'ordonnateur", "CFU, statement of the ordonnateur"},
    Label{"013", "CFU, états annexes", "CFU, annexes"},
    Label{"014", "complément d'un ASAP en facture électronique",
          "complement of an ASAP as electronic invoice"},
};

constexpr std::array support_pj_rows{
    Label{"01", "électronique", "electronic"},
    Label{"02", "papier", "paper"},
    Label{"03", "cédérom ou DVD", "CD-ROM or DVD"},
};

constexpr std::array domaine_pj_rows{
    Label{"01", "dépense", "expense"}, Label{"02", "recette", "revenue"}, Label{"03", "rôle", "roll"},
    Label{"04", "budget", "budget"},   Label{"06", "marché", "contract"},
};

constexpr std::array nat_id_tiers_rows{
    Label{"01", "SIRET", "SIRET"},
    Label{"02", "SIREN", "SIREN"},
    Label{"03", "FINESS", "FINESS"},
    Label{"04", "NIR", "NIR"},
    Label{"05", "TVA intracommunautaire", "intra-Community VAT"},
    Label{"06", "hors Union européenne", "outside the European Union"},
    Label{"07", "TAHITI", "TAHITI"},
    Label{"08", "RIDET", "RIDET"},
    Label{"09", "en cours d'immatriculation", "being registered"},
    Label{"10", "FRWF", "FRWF"},
    Label{"11", "IREP", "IREP"},
    Label{"12", "NFP", "NFP"},
};

constexpr std::array cat_tiers_rows{
    Label{"01", "personne physique", "natural person"},
    Label{"20", "État ou établissement public national", "State or national public body"},
    Label{"21", "région", "région"},
    Label{"22", "département", "département"},
    Label{"23", "commune", "commune"},
    Label{"24", "groupement de collectivités", "group of authorities"},
    Label{"25", "caisse des écoles", "school fund"},
    Label{"26", "CCAS", "CCAS"},
    Label{"27", "établissement public de santé", "public health body"},
    Label{"28", "école nationale de la santé publique", "national school of public health"},
    Label{"29", "autre établissement public ou organisme international",
          "other public or international body"},
    Label{"50", "personne morale de droit privé hors organismes sociaux",
          "private legal person other than a social body"},
    Label{"60", "sécurité sociale, régime général", "social security, general scheme"},
    Label{"61", "sécurité sociale, régime agricole", "social security, farming scheme"},
    Label{"62", "sécurité sociale des non-salariés non agricoles", "social security of the self-employed"},
    Label{"63", "autre régime obligatoire de sécurité sociale", "other compulsory social security scheme"},
    Label{"64", "autre caisse de sécurité sociale", "other social security fund"},
    Label{"65", "caisse complémentaire ou autre tiers payant",
          "complementary fund or other third-party payer"},
    Label{"70", "CNRACL", "CNRACL"},
    Label{"71", "IRCANTEC", "IRCANTEC"},
    Label{"72", "ASSEDIC", "ASSEDIC"},
    Label{"73", "caisse mutualiste de retraite complémentaire", "mutual complementary pension fund"},
    Label{"74", "autre organisme social", "other social body"},
};

constexpr std::array nat_jur_rows{
    Label{"00", "inconnue", "unknown"},
    Label{"01", "particulier", "private person"},
    Label{"02", "artisan, commerçant ou agriculteur", "craftsman, trader or farmer"},
    Label{"03", "société", "company"},
    Label{"04", "caisse d'assurance maladie ou assimilée", "health insurance fund or the like"},
    Label{"05", "caisse complémentaire", "complementary fund"},
    Label{"06", "association", "association"},
    Label{"07", "État ou organisme d'État", "State or State body"},
    Label{"08", "établissement public national", "national public body"},
    Label{"09", "collectivité territoriale, EPL ou EPS", "local authority or local public body"},
    Label{"10", "État étranger ou ambassade", "foreign State or embassy"},
    Label{"11", "CAF", "CAF"},
};

constexpr std::array typ_tiers_rows{
    Label{"01", "débiteur principal", "main debtor"},
    Label{"02", "débiteur à règles particulières", "debtor under special rules"},
    Label{"03", "débiteur solidaire", "joint debtor"},
    Label{"04", "codébiteur", "co-debtor"},
    Label{"05", "employeur", "employer"},
    Label{"06", "malade", "patient"},
    Label{"07", "assuré", "insured person"},
    Label{"10", "client", "client"},
    Label{"11", "acheteur", "buyer"},
    Label{"12", "destinataire", "recipient"},
    Label{"13", "facturé", "invoiced"},
    Label{"14", "gestionnaire de la TVA", "VAT manager"},
    Label{"15", "comptable du client", "accountant of the client"},
    Label{"20", "émetteur", "issuer"},
    Label{"21", "vendeur", "seller"},
    Label{"22", "expéditeur", "sender"},
    Label{"23", "fabricant", "manufacturer"},
    Label{"24", "fournisseur", "supplier"},
    Label{"25", "destinataire du paiement", "payee"},
    Label{"26", "comptable de l'émetteur", "accountant of the issuer"},
    Label{"30", "logement", "housing"},
};

constexpr std::array nature_marche_rows{
    Label{"01", "marché", "contract"},
    Label{"02", "marché de partenariat", "partnership contract"},
    Label{"03", "accord-cadre à bons de commande", "framework agreement with purchase orders"},
    Label{"04", "accord-cadre à marchés subséquents ou mixte",
          "framework agreement with subsequent contracts, or mixed"},
    Label{"05", "marché subséquent", "subsequent contract"},
    Label{"06", "complémentaire", "complementary"},
    Label{"07", "autre", "other"},
};

constexpr std::array nature_concession_rows{
    Label{"01", "concession de travaux", "works concession"},
    Label{"02", "concession de service", "service concession"},
    Label{"03", "concession de service public", "public service concession"},
    Label{"04", "délégation de service public", "delegation of public service"},
};

// Before the labels of 50 and 60 to 74 moved (pes530 §3).
constexpr std::array cat_tiers_before_rows{
    Label{"01", "personne physique", "natural person"},
    Label{"20", "État ou établissement public national", "State or national public body"},
    Label{"21", "région", "région"},
    Label{"22", "département", "département"},
    Label{"23", "commune", "commune"},
    Label{"24", "groupement de collectivités", "group of authorities"},
    Label{"25", "caisse des écoles", "school fund"},
    Label{"26", "CCAS", "CCAS"},
    Label{"27", "établissement public de santé", "public health body"},
    Label{"28", "école nationale de la santé publique", "national school of public health"},
    Label{"29", "autre établissement public ou organisme international",
          "other public or international body"},
    Label{"50", "autre organisme social", "other social body"},
    Label{"60", "personne morale de droit privé", "private legal person"},
    Label{"61", "sécurité sociale, régime général", "social security, general scheme"},
    Label{"62", "sécurité sociale, régime agricole", "social security, farming scheme"},
    Label{"63", "sécurité sociale des non-salariés", "social security of the self-employed"},
    Label{"64", "autre régime obligatoire de sécurité sociale", "other compulsory social security scheme"},
    Label{"65", "mutuelle ou assurance", "mutual or insurance company"},
    Label{"70", "autre tiers payant", "other third-party payer"},
    Label{"71", "CNRACL", "CNRACL"},
    Label{"72", "IRCANTEC", "IRCANTEC"},
    Label{"73", "ASSEDIC", "ASSEDIC"},
    Label{"74", "caisse mutualiste de retraite", "mutual pension fund"},
};

// Packs up to 5.17 have the old labels; which pack moved them is not known (pes530 §11), so all later ones
// are read by the new list.
bool old_pack(std::string_view pack) {
  return pack.starts_with("5.1") && pack.size() >= 4 && pack.substr(0, 4) <= "5.17";
}

}  // namespace

std::span<const Label> detail::party_labels(CodeList list, std::string_view pack) {
  switch (list) {
    case CodeList::cadre_facturation:
      return cadre_facturation_rows;
    case CodeList::type_fact:
      return type_fact_rows;
    case CodeList::type_pj:
      return type_pj_rows;
    case CodeList::support_pj:
      return support_pj_rows;
    case CodeList::domaine_pj:
      return domaine_pj_rows;
    case CodeList::nat_id_tiers:
      return nat_id_tiers_rows;
    case CodeList::cat_tiers:
      if (old_pack(pack)) return cat_tiers_before_rows;
      return cat_tiers_rows;
    case CodeList::nat_jur:
      return nat_jur_rows;
    case CodeList::typ_tiers:
      return typ_tiers_rows;
    case CodeList::nature_marche:
      return nature_marche_rows;
    case CodeList::nature_concession:
      return nature_concession_rows;
    default:
      return {};
  }
}

}  // namespace demat::pes
