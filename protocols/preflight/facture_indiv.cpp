#include <array>

#include "protocols/preflight/account.hpp"
#include "protocols/preflight/facture_rules.hpp"
#include "protocols/rules/identifiers.hpp"

/// One invoice: what it refers to, who owes, how it is paid (helios P8).
namespace demat::preflight {
namespace {

constexpr auto titre = "RefTitre/NumTitre"_f;
constexpr auto article = "RefORMC/NumArticle"_f;
constexpr auto means = "ModeRecouvrement"_f;
constexpr auto total = "TotalAPayer/MtTotalTTC"_f;
constexpr auto patient_file = "DossierPatient/Beneficiaire/NumDossier"_f;
constexpr auto debtor = account_in("Debiteur/CpteBancaire");
constexpr std::int64_t tip_limit = 15'000'000;  // cents

bool is_asap(const Unit& facture) {
  return asap(type_of_facture(facture));
}

std::string of_type(std::string_view type) {
  return "TypeFact " + std::string(type);
}

/// 0 or false: with TIP.
bool by_tip(const Unit& facture) {
  return no(facture[means]);
}

void p8(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  const auto& state = out.memory<FactureState>();
  const auto type = type_of_facture(facture);
  const bool of_patient = facture.has(patient_file) || state.patient_lines > 0;
  const bool ordinary = facture.has(total) || state.lines > 0;
  if (patients(type) && (!of_patient || ordinary))
    hit(out, rule, facture, ordinary ? total : patient_file, of_type(type),
        {"DossierPatient et LigneFacturePatient seuls", "DossierPatient and LigneFacturePatient alone"});
  if (!patients(type) && (of_patient || !ordinary))
    hit(out, rule, facture, of_patient ? patient_file : total, of_type(type),
        {"LigneFacture et TotalAPayer seuls", "LigneFacture and TotalAPayer alone"});
}

void referred(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  const auto type = type_of_facture(facture);
  if (!asap(type)) return;
  const bool role = of_role(type);
  if (role != facture.has(article) || role == facture.has(titre))
    hit(out, rule, facture, facture.has(titre) ? titre : article, of_type(type),
        same(role ? "RefORMC" : "RefTitre"));
}

void referred_twice(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  if (!is_asap(facture)) return;
  auto& seen = out.memory<FactureState>().references;
  const auto once = [&](FieldName field, const std::string& key) {
    if (!seen.insert(rules::hashed(key)).second) hit(out, rule, facture, field, key);
  };
  if (facture.has(titre))
    once(titre, std::string(facture["RefTitre/Exercice"_f]) + "-" + std::string(facture[titre]));
  if (facture.has(article))
    once(article, std::string(facture["RefORMC/Exercice"_f]) + "-" +
                      std::string(facture["RefORMC/NumRole"_f]) + "-" + std::string(facture[article]));
}

void first_line(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  const auto number = facture["RefTitre/NumLigne"_f];
  const auto first = number.find_first_not_of('0');
  if (!is_asap(facture) || number.empty()) return;
  if (first == std::string_view::npos || number.substr(first) != "1")
    hit_value(out, rule, facture, "RefTitre/NumLigne"_f, same("1"));
}

void payment(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  const auto type = type_of_facture(facture);
  if (!asap(type)) return;
  if (!facture.has(means)) return hit(out, rule, facture, means, of_type(type), same("0 / 1"));
  if (patients(type) && !yes(facture[means]))
    hit(out, rule, facture, means, of_type(type) + ", " + std::string(facture[means]), same("1"));
}

void too_much_for_tip(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  if (!is_asap(facture) || !by_tip(facture)) return;
  const auto sum = cents(facture[total]);
  if (sum && *sum > tip_limit)
    hit_value(out, rule, facture, total, {"150 000,00 € au plus", "150 000.00 € at most"});
}

void counterfoil(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  if (is_asap(facture) && !facture.has("TalonOptique2Lignes/Ligne1"_f))
    hit(out, rule, facture, "TalonOptique2Lignes/Ligne1"_f, {}, same("TalonOptique2Lignes"));
}

/// A party of the invoice.
struct Party {
  std::string_view name;
  FieldName nature, id, surname, street, town, abroad, country;
};
constexpr Party party_in(std::string_view block) {
  const auto from = rules::hashed(block);
  const auto tiers = below(from, "InfoTiers");
  const auto address = below(from, "Adresse");
  return {block,
          below(tiers, "NatIdTiers"),
          below(tiers, "IdTiers"),
          below(tiers, "Nom"),
          below(address, "Adr2"),
          below(address, "Ville"),
          below(address, "CodRes"),
          below(address, "CodPays")};
}
constexpr auto debiteur = party_in("Debiteur");
constexpr auto destinataire = party_in("Destinataire");

void party_address(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  if (!is_asap(facture)) return;
  if (facture[debiteur.street].empty())
    hit(out, rule, facture, debiteur.street, std::string(debiteur.name), same("Adr2"));
  if (facture.has(destinataire.surname) && facture[destinataire.street].empty())
    hit(out, rule, facture, destinataire.street, std::string(destinataire.name), same("Adr2"));
}

void party_country(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  if (!is_asap(facture)) return;
  for (const auto& one : {debiteur, destinataire}) {
    const auto country = facture[one.country];
    if (yes(facture[one.abroad]) && country.empty())
      hit(out, rule, facture, one.abroad, std::string(one.name) + " CodRes 1", same("CodPays"));
    if (no(facture[one.abroad]) && !country.empty() && country != "100")
      hit(out, rule, facture, one.country,
          std::string(one.name) + " CodRes 0, CodPays " + std::string(country),
          {"pas de CodPays, ou 100", "no CodPays, or 100"});
  }
}

void same_party(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  if (!facture.has(destinataire.surname)) return;
  for (const auto& [a, b] :
       {std::pair{debiteur.surname, destinataire.surname}, std::pair{debiteur.street, destinataire.street},
        std::pair{debiteur.town, destinataire.town}})
    if (facture[a] != facture[b]) return;
  hit(out, rule, facture, destinataire.surname, "Destinataire");
}

void party_number(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  if (!is_asap(facture)) return;
  for (const auto& one : {debiteur, destinataire})
    if (facture[one.nature] == "01" && !facture[one.id].empty() && !rules::siret_valid(facture[one.id]))
      hit(out, rule, facture, one.id, rules::shown_identifier(facture[one.id]),
          {"un SIRET : 14 chiffres, clé juste", "a SIRET: 14 digits, right key"});
}

void debtor_account(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  if (!is_asap(facture) || !account_given(facture, debtor)) return;
  wrong_iban(facture, debtor, rule, out);
  wrong_bic(facture, debtor, rule, out);
  wrong_rib(facture, debtor, rule, out);
  wrong_international(facture, debtor, rule, out);
}

void debtor_in_france(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  const auto iban = facture[debtor.iban];
  if (is_asap(facture) && !french_iban(iban) && rules::iban_valid(iban))
    hit(out, rule, facture, debtor.iban, std::string(iban.substr(0, 2)),
        {"un compte français", "a French account"});
}

void debtor_holder(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  if (is_asap(facture) && account_given(facture, debtor) && facture[debtor.holder].empty())
    hit(out, rule, facture, debtor.iban, {}, same("TitCpte"));
}

void person_number(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  for (const auto field :
       {"DossierPatient/Beneficiaire/NIRBeneficiaire"_f, "DossierPatient/Assure/NIRAssure"_f})
    if (!facture[field].empty() && !rules::nir_valid(facture[field]))
      hit(out, rule, facture, field, rules::masked(facture[field], 0, 2));
}

constexpr UnitRow reference_rows[] = {
    {{.code = "pes.p8",
      .name = "P8",
      .level = Level::flux,
      .source = "helios P8; TFacturePESIndiv, TDossierPatient, TBeneficiaire, TLigneFacturePatient",
      .title_fr = "Les blocs Patient vont avec le type de facturation 10, et lui seul",
      .title_en = "The patient blocks go with type of invoice 10, and with it alone",
      .fr = "{value} : attendu {expected}. Hélios rejette tout le flux.",
      .en = "{value}: expected {expected}. Hélios rejects the whole flow.",
      .remedy_fr = "Corriger le type de facturation, ou refaire la facture avec les blocs de ce type.",
      .remedy_en = "Correct the type of invoice, or make the invoice again with the blocks of that type."},
     p8},
    {{.code = "pes.facture.reference",
      .name = "pes.facture.reference",
      .level = Level::facture,
      .source = "TFacturePESIndiv/RefTitre; pes530 8 (RefORMC)",
      .title_fr = "Un ASAP désigne son titre (09, 10, 12) ou son article de rôle (11, 13)",
      .title_en = "An ASAP points to its titre (09, 10, 12) or to its article of rôle (11, 13)",
      .fr = "{value} : la facture doit porter {expected}, et rien d'autre.",
      .en = "{value}: the invoice must carry {expected}, and nothing else.",
      .remedy_fr = "Rattacher la facture au titre ou à l'article de rôle.",
      .remedy_en = "Link the invoice to the titre or to the article of rôle."},
     referred},
    {{.code = "pes.facture.reference_double",
      .name = "pes.facture.reference_double",
      .level = Level::facture,
      .source = "TRefTitre/NumTitre; pes530 8 (RefORMC)",
      .title_fr = "Un titre ou un article de rôle n'a qu'une facture dans le PES_Facture",
      .title_en = "A titre or an article of rôle has one invoice only in the PES_Facture",
      .fr = "Le titre ou l'article {value} a déjà une facture dans ce PES_Facture.",
      .en = "The titre or article {value} has an invoice in this PES_Facture already.",
      .remedy_fr = "Ne garder qu'une facture par titre ou article.",
      .remedy_en = "Keep one invoice for each titre or article."},
     referred_twice},
    {{.code = "pes.facture.ligne_titre",
      .name = "pes.facture.ligne_titre",
      .level = Level::facture,
      .source = "TRefTitre/NumLigne",
      .title_fr = "Le numéro de ligne du titre est 1",
      .title_en = "The number of line of the titre is 1",
      .fr = "Numéro de ligne « {value} » dans la référence au titre ; attendu : {expected}.",
      .en = "Number of line \"{value}\" in the reference to the titre; expected: {expected}.",
      .remedy_fr = "L'éditeur du logiciel doit mettre 1.",
      .remedy_en = "The publisher of the software must put 1."},
     first_line},
    {{.code = "pes.facture.mode",
      .name = "pes.facture.mode",
      .level = Level::facture,
      .source = "TFacturePESIndiv/ModeRecouvrement",
      .title_fr = "Un ASAP dit s'il est avec TIP (0) ou avec talon (1) ; un ASAP Patients est avec talon",
      .title_en =
          "An ASAP says whether it is with TIP (0) or counterfoil (1); an ASAP Patients is with counterfoil",
      .fr = "{value} : mode de recouvrement absent ou non admis ; attendu : {expected}.",
      .en = "{value}: means of recovery missing or not admitted; expected: {expected}.",
      .remedy_fr = "Renseigner le mode de recouvrement.",
      .remedy_en = "Fill in the means of recovery."},
     payment},
    {{.code = "pes.facture.tip",
      .name = "pes.facture.tip",
      .level = Level::facture,
      .source = "TFacturePESIndiv/ModeRecouvrement",
      .title_fr = "Un ASAP avec TIP ne dépasse pas 150 000,00 €",
      .title_en = "An ASAP with TIP does not exceed 150 000.00 €",
      .fr = "Le total {value} est trop élevé pour un TIP ; attendu : {expected}.",
      .en = "The total {value} is too high for a TIP; expected: {expected}.",
      .remedy_fr = "Passer cette facture en édition avec talon.",
      .remedy_en = "Edit this invoice with a counterfoil."},
     too_much_for_tip},
    {{.code = "pes.facture.talon",
      .name = "pes.facture.talon",
      .level = Level::facture,
      .source = "TTalonOptique2Lignes; pes530 8 (facultatif depuis 5.26)",
      .title_fr = "Un ASAP porte les deux lignes de son talon optique",
      .title_en = "An ASAP carries the two lines of its optical counterfoil",
      .fr = "Le talon optique manque ({expected}).",
      .en = "The optical counterfoil is missing ({expected}).",
      .remedy_fr = "L'éditeur du logiciel doit fournir les deux lignes du talon.",
      .remedy_en = "The publisher of the software must supply the two lines of the counterfoil.",
      .until = "5.25"},
     counterfoil}};

constexpr UnitRow party_rows[] = {
    {{.code = "pes.facture.adresse",
      .name = "pes.facture.adresse",
      .level = Level::facture,
      .source = "TTiersFacture/Adresse; TAdresseFacture/Adr2",
      .title_fr = "Le débiteur et le destinataire d'un ASAP ont une adresse avec sa voie",
      .title_en = "The debtor and the addressee of an ASAP have an address with its street",
      .fr = "L'adresse manque ou n'a pas de voie ({value}) ; attendu : {expected}.",
      .en = "The address is missing or has no street ({value}); expected: {expected}.",
      .remedy_fr = "Compléter l'adresse du tiers ; la voie va dans la deuxième ligne (Adr2).",
      .remedy_en = "Complete the address of the tiers; the street goes into the second line (Adr2)."},
     party_address},
    {{.code = "pes.facture.pays",
      .name = "pes.facture.pays",
      .level = Level::facture,
      .source = "TAdresseFacture/CodPays",
      .title_fr = "Résidence et pays du débiteur et du destinataire s'accordent",
      .title_en = "Residence and country of debtor and addressee agree",
      .fr = "{value} ; attendu : {expected}.",
      .en = "{value}; expected: {expected}.",
      .remedy_fr = "Corriger la résidence (CodRes) ou le pays (CodPays) du tiers.",
      .remedy_en = "Correct the residence (CodRes) or the country (CodPays) of the tiers."},
     party_country},
    {{.code = "pes.facture.destinataire",
      .name = "pes.facture.destinataire",
      .level = Level::facture,
      .severity = Severity::info,
      .source = "TFacturePESIndiv/Destinataire",
      .title_fr = "Le destinataire n'est donné que s'il n'est pas le débiteur",
      .title_en = "The addressee is given only where it is not the debtor",
      .fr = "Le {value} est le débiteur lui-même : il est inutile de le répéter.",
      .en = "The {value} is the debtor itself: there is no use in repeating it.",
      .remedy_fr = "Ne pas transmettre le destinataire.",
      .remedy_en = "Do not transmit the addressee."},
     same_party},
    {{.code = "pes.facture.id_tiers",
      .name = "pes.facture.id_tiers",
      .level = Level::facture,
      .source = "TInfoTiersFacture/IdTiers; pes530 8 (le SIRET est NatIdTiers 01)",
      .title_fr = "Le SIRET imprimé sur un ASAP est valide",
      .title_en = "The SIRET printed on an ASAP is valid",
      .fr = "Le SIRET « {value} » n'est pas valide ; attendu : {expected}.",
      .en = "The SIRET \"{value}\" is not valid; expected: {expected}.",
      .remedy_fr = "Vérifier le SIRET du tiers.",
      .remedy_en = "Check the SIRET of the tiers."},
     party_number},
    {{.code = "pes.facture.compte",
      .name = "pes.facture.compte",
      .level = Level::facture,
      .source = "TBancaireFacture/IBAN, BIC, CodeEtab, CodeGuic, IdCpte, CleRib, IdPayInt, IdBancInt",
      .title_fr = "Le compte bancaire du débiteur est valide",
      .title_en = "The bank account of the debtor is valid",
      .fr = "Le compte du débiteur ({value}) n'est pas valide ; attendu : {expected}.",
      .en = "The account of the debtor ({value}) is not valid; expected: {expected}.",
      .remedy_fr = "Ressaisir le compte d'après le relevé d'identité bancaire.",
      .remedy_en = "Type the account again from the bank details."},
     debtor_account},
    {{.code = "pes.facture.compte_francais",
      .name = "pes.facture.compte_francais",
      .level = Level::facture,
      .source = "TBancaireFacture/IBAN",
      .title_fr = "Le compte du débiteur d'un ASAP est domicilié en France",
      .title_en = "The account of the debtor of an ASAP is held in France",
      .fr = "Compte domicilié à l'étranger ({value}) ; attendu : {expected}.",
      .en = "Account held abroad ({value}); expected: {expected}.",
      .remedy_fr = "Ne pas transmettre ce compte.",
      .remedy_en = "Do not transmit this account."},
     debtor_in_france},
    {{.code = "pes.facture.titulaire",
      .name = "pes.facture.titulaire",
      .level = Level::facture,
      .source = "TBancaireFacture/TitCpte",
      .title_fr = "Le compte du débiteur nomme son titulaire",
      .title_en = "The account of the debtor names its holder",
      .fr = "Le titulaire du compte manque ({expected}).",
      .en = "The holder of the account is missing ({expected}).",
      .remedy_fr = "Renseigner le titulaire du compte.",
      .remedy_en = "Fill in the holder of the account."},
     debtor_holder},
    {{.code = "pes.facture.nir",
      .name = "pes.facture.nir",
      .level = Level::facture,
      .severity = Severity::info,
      .source = "déduit de TBeneficiaire/NIRBeneficiaire et TAssure/NIRAssure",
      .title_fr = "Les NIR d'un ASAP Patients ont leur clé",
      .title_en = "The NIRs of an ASAP Patients have their key",
      .fr = "Le numéro de sécurité sociale {value} n'est pas valide.",
      .en = "The social security number {value} is not valid.",
      .remedy_fr = "Vérifier le numéro dans le dossier du patient.",
      .remedy_en = "Check the number in the file of the patient."},
     person_number}};

}  // namespace

std::vector<const RuleInfo*> facture_indiv_rules() {
  return infos(reference_rows, party_rows);
}

void judge_facture_indiv(const Unit& facture, Verdicts& out) {
  if (by_tip(facture)) out.memory<FactureState>().tip = true;
  out.judge(reference_rows, facture);
  out.judge(party_rows, facture);
}

}  // namespace demat::preflight
