#include "protocols/preflight/account.hpp"
#include "protocols/preflight/facture_rules.hpp"
#include "protocols/rules/identifiers.hpp"

/// What is common to all invoices of a PES_Facture: its kind, the issuer, the two centres.
namespace demat::preflight {
namespace {

constexpr auto type = "TypeFact"_f;
constexpr auto tipi_code = "Emetteur/InfoSuppl/CodeTipi"_f;
constexpr auto tipi_address = "Emetteur/InfoSuppl/AdrTipi"_f;
constexpr auto reference = "Emetteur/InfoSuppl/RefBdf"_f;
constexpr auto signatory = "Emetteur/Signataire/Personne/Nom"_f;
constexpr auto tiers_type = "InfoTiers/TypTiers"_f;
constexpr std::string_view collecting_centre = "25";
constexpr std::string_view treasury = "26";

bool is_asap(const Unit& unit) {
  return asap(type_of_facture(unit));
}

void version(const Unit& domain, const RuleInfo& rule, Verdicts& out) {
  if (domain["IdVer"_f] != "2" && domain["IdVer"_f] != "02")
    hit_value(out, rule, domain, "IdVer"_f, same("2"));
}

void kind(const Unit& domain, const RuleInfo& rule, Verdicts& out) {
  if (domain[type].empty()) hit(out, rule, domain, type, {}, same("09–13"));
}

void centres(const Unit& domain, const RuleInfo& rule, Verdicts& out) {
  if (!is_asap(domain)) return;
  const auto& state = out.memory<FactureState>();
  for (const auto& [count, name] :
       {std::pair{state.collecting_centres, collecting_centre}, std::pair{state.treasuries, treasury}})
    if (count != 1)
      out.add(rule, {.place = domain.place,
                     .subject = domain.subject(),
                     .value = std::to_string(count) + " × TypTiers " + std::string(name),
                     .expected = same("1")});
}

void issuer_address(const Unit& domain, const RuleInfo& rule, Verdicts& out) {
  if (is_asap(domain) && domain["Emetteur/Adresse/Adr2"_f].empty())
    hit(out, rule, domain, "Emetteur/Adresse/Adr2"_f, {}, same("Emetteur/Adresse/Adr2"));
}

void signed_by(const Unit& domain, const RuleInfo& rule, Verdicts& out) {
  if (is_asap(domain) && domain[signatory].empty())
    hit(out, rule, domain, signatory, {}, same("Emetteur/Signataire"));
}

void tipi(const Unit& domain, const RuleInfo& rule, Verdicts& out) {
  if (!is_asap(domain) || domain[tipi_code].empty() == domain[tipi_address].empty()) return;
  if (domain[tipi_code].empty())
    hit(out, rule, domain, tipi_address, "AdrTipi", same("CodeTipi"));
  else
    hit(out, rule, domain, tipi_code, "CodeTipi", same("AdrTipi"));
}

void bank_reference(const Unit& domain, const RuleInfo& rule, Verdicts& out) {
  if (is_asap(domain) && domain[reference].empty())
    hit(out, rule, domain, reference, {}, same("Emetteur/InfoSuppl/RefBdf"));
}

void creditor(const Unit& domain, const RuleInfo& rule, Verdicts& out) {
  if (!is_asap(domain) || !out.memory<FactureState>().tip || domain[reference].empty()) return;
  if (!domain[reference].starts_with("FR") || !rules::ics_valid(domain[reference]))
    hit_value(out, rule, domain, reference);
}

void for_asap_only(const Unit& domain, const RuleInfo& rule, Verdicts& out) {
  if (is_asap(domain) || domain[type].empty()) return;
  for (const auto field : {signatory, tipi_code, reference, "Emetteur/InfoSuppl/NumTel"_f})
    if (domain.has(field))
      return hit(out, rule, domain, field, "TypeFact " + std::string(domain[type]), same("09–13"));
}

void tiers_kind(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  if (is_asap(tiers) && tiers[tiers_type] != collecting_centre && tiers[tiers_type] != treasury)
    hit_value(out, rule, tiers, tiers_type, {"25 ou 26", "25 or 26"});
}

void tiers_address(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  if (!is_asap(tiers)) return;
  const auto kind_of_tiers = tiers[tiers_type];
  if (kind_of_tiers == collecting_centre)
    for (const auto& [field, name] :
         {std::pair{"Adresse/Adr1"_f, "Adr1"}, std::pair{"Adresse/Adr2"_f, "Adr2"}})
      if (tiers.has(field))
        hit(out, rule, tiers, field, "TypTiers 25, " + std::string(name),
            {"pas de " + std::string(name), "no " + std::string(name)});
  if (kind_of_tiers == treasury && tiers["Adresse/Adr2"_f].empty())
    hit(out, rule, tiers, "Adresse/Adr2"_f, "TypTiers 26", same("Adr2"));
  if (!tiers.has("Adresse/CP"_f) && !tiers.has("Adresse/Ville"_f))
    hit(out, rule, tiers, "Adresse/CP"_f, "TypTiers " + std::string(kind_of_tiers), same("Adresse"));
}

void treasury_account(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  constexpr auto account = account_in("CpteBancaire");
  if (!is_asap(tiers) || tiers[tiers_type] != treasury) return;
  if (!account_given(tiers, account))
    return hit(out, rule, tiers, account.iban, "TypTiers 26", same("CpteBancaire"));
  wrong_iban(tiers, account, rule, out);
  wrong_bic(tiers, account, rule, out);
}

void by_telephone(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  const auto kind_of_facture = type_of_facture(tiers);
  if (asap(kind_of_facture) && !patients(kind_of_facture) &&
      tiers.has("InfoSupplTiers/PaiementTel/NumTel3"_f))
    hit(out, rule, tiers, "InfoSupplTiers/PaiementTel/NumTel3"_f, "TypeFact " + std::string(kind_of_facture),
        same("10"));
}

constexpr RuleInfo resident_rule{.code = "pes.facture.residence",
                                 .name = "pes.facture.residence",
                                 .level = Level::facture,
                                 .source = "TAdresseFacture/CodRes",
                                 .title_fr = "L'émetteur et les centres d'un ASAP résident en France",
                                 .title_en = "The issuer and the centres of an ASAP reside in France",
                                 .fr = "Code résidence « {value} » ; attendu : {expected}.",
                                 .en = "Residence code \"{value}\"; expected: {expected}.",
                                 .remedy_fr = "Mettre 0 dans le code résidence.",
                                 .remedy_en = "Put 0 into the residence code."};

void resident_issuer(const Unit& domain, const RuleInfo& rule, Verdicts& out) {
  if (is_asap(domain) && yes(domain["Emetteur/Adresse/CodRes"_f]))
    hit_value(out, rule, domain, "Emetteur/Adresse/CodRes"_f, same("0"));
}
void resident_tiers(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  if (is_asap(tiers) && yes(tiers["Adresse/CodRes"_f]))
    hit_value(out, rule, tiers, "Adresse/CodRes"_f, same("0"));
}

constexpr UnitRow residence_rows[] = {{resident_rule, resident_issuer}};
constexpr UnitRow tiers_residence_rows[] = {{resident_rule, resident_tiers}};

constexpr UnitRow domain_rows[] = {
    {{.code = "pes.facture.idver",
      .name = "pes.facture.idver",
      .level = Level::facture,
      .source = "TPESFacture/IdVer",
      .title_fr = "Le numéro de version d'un PES_Facture est 2",
      .title_en = "The version number of a PES_Facture is 2",
      .fr = "La version (IdVer) du PES_Facture est « {value} » ; attendu : {expected}.",
      .en = "The version (IdVer) of the PES_Facture is \"{value}\"; expected: {expected}.",
      .remedy_fr = "L'éditeur du logiciel doit corriger le numéro de version.",
      .remedy_en = "The publisher of the software must correct the version number."},
     version},
    {{.code = "pes.facture.type",
      .name = "pes.facture.type",
      .level = Level::facture,
      .source = "TPESFacture/TypeFact",
      .title_fr = "Le type de facturation dit quelle édition est demandée",
      .title_en = "The type of invoice says which edition is asked for",
      .fr = "Le PES_Facture n'a pas de type (TypeFact) : aucun avis des sommes à payer ne sera édité "
            "({expected}).",
      .en = "The PES_Facture has no type (TypeFact): no invoice will be edited ({expected}).",
      .remedy_fr = "Renseigner le type de facturation.",
      .remedy_en = "Fill in the type of invoice."},
     kind},
    {{.code = "pes.facture.centres",
      .name = "pes.facture.centres",
      .level = Level::facture,
      .source = "TPESFacture/Tiers",
      .title_fr = "Un ASAP nomme un centre d'encaissement (25) et un centre des finances publiques (26)",
      .title_en = "An ASAP names one collecting centre (25) and one tax office (26)",
      .fr = "{value} dans le PES_Facture ; attendu : {expected}.",
      .en = "{value} in the PES_Facture; expected: {expected}.",
      .remedy_fr =
          "Paramétrer le centre d'encaissement et le centre des finances publiques dans le logiciel.",
      .remedy_en = "Set the collecting centre and the tax office in the software."},
     centres},
    {{.code = "pes.facture.adresse_emetteur",
      .name = "pes.facture.adresse_emetteur",
      .level = Level::facture,
      .source = "TTiersEmetteur/Adresse; TAdresseFacture/Adr2",
      .title_fr = "L'émetteur d'un ASAP a une adresse",
      .title_en = "The issuer of an ASAP has an address",
      .fr = "L'adresse de l'émetteur manque ou n'a pas de voie ({expected}).",
      .en = "The address of the issuer is missing or has no street ({expected}).",
      .remedy_fr = "Compléter l'adresse de la collectivité dans le logiciel.",
      .remedy_en = "Complete the address of the authority in the software."},
     issuer_address},
    {{.code = "pes.facture.signataire",
      .name = "pes.facture.signataire",
      .level = Level::facture,
      .source = "TTiersEmetteur/Signataire",
      .title_fr = "Un ASAP nomme son signataire",
      .title_en = "An ASAP names who signs it",
      .fr = "Le signataire de l'avis des sommes à payer manque ({expected}).",
      .en = "The signatory of the invoice is missing ({expected}).",
      .remedy_fr = "Renseigner le signataire (nom, prénom, qualité).",
      .remedy_en = "Fill in the signatory (name, first name, capacity)."},
     signed_by},
    {{.code = "pes.facture.tipi",
      .name = "pes.facture.tipi",
      .level = Level::facture,
      .source = "TInfoSuppl/CodeTipi, AdrTipi; pes530 8 (Payfip)",
      .title_fr = "Le code Payfip va avec l'adresse du portail, et l'inverse",
      .title_en = "The Payfip code goes with the address of the portal, and the other way round",
      .fr = "{value} est renseigné sans {expected}.",
      .en = "{value} is filled in without {expected}.",
      .remedy_fr = "Renseigner les deux, ou aucun des deux.",
      .remedy_en = "Fill in both, or neither."},
     tipi},
    {{.code = "pes.facture.ref_bdf",
      .name = "pes.facture.ref_bdf",
      .level = Level::facture,
      .source = "TInfoSuppl/RefBdf",
      .title_fr = "Un ASAP porte la référence Banque de France du budget",
      .title_en = "An ASAP carries the Banque de France reference of the budget",
      .fr = "La référence Banque de France manque ({expected}).",
      .en = "The Banque de France reference is missing ({expected}).",
      .remedy_fr = "Renseigner l'ICS (avec TIP) ou le numéro d'émetteur (sans TIP) du budget.",
      .remedy_en = "Fill in the ICS (with TIP) or the issuer's number (without TIP) of the budget."},
     bank_reference},
    {{.code = "pes.facture.ics",
      .name = "pes.facture.ics",
      .level = Level::facture,
      .source = "TInfoSuppl/RefBdf; identifiant créancier SEPA",
      .title_fr = "Avec TIP, la référence Banque de France est un ICS valide",
      .title_en = "With TIP, the Banque de France reference is a valid creditor identifier (ICS)",
      .fr = "« {value} » n'est pas un identifiant créancier SEPA (ICS) valide.",
      .en = "\"{value}\" is not a valid SEPA creditor identifier (ICS).",
      .remedy_fr = "Corriger l'ICS du budget (13 caractères commençant par FR).",
      .remedy_en = "Correct the ICS of the budget (13 characters that begin with FR)."},
     creditor},
    {{.code = "pes.facture.hors_asap",
      .name = "pes.facture.hors_asap",
      .level = Level::facture,
      .severity = Severity::info,
      .source = "TTiersEmetteur/InfoSuppl, Signataire",
      .title_fr = "Signataire et informations pratiques ne servent qu'aux ASAP",
      .title_en = "Signatory and practical information are for ASAP only",
      .fr = "Signataire ou informations pratiques dans un PES_Facture de {value} ; prévus pour {expected}.",
      .en = "Signatory or practical information in a PES_Facture of {value}; meant for {expected}.",
      .remedy_fr = "Corriger le type de facturation, ou retirer ces informations.",
      .remedy_en = "Correct the type of invoice, or take this information out."},
     for_asap_only}};

constexpr UnitRow tiers_rows[] = {
    {{.code = "pes.facture.type_tiers",
      .name = "pes.facture.type_tiers",
      .level = Level::facture,
      .source = "TInfoTiersFacture/TypTiers",
      .title_fr = "Les tiers communs d'un ASAP sont de type 25 ou 26",
      .title_en = "The common tiers of an ASAP are of type 25 or 26",
      .fr = "Tiers de type « {value} » ; attendu : {expected}.",
      .en = "Tiers of type \"{value}\"; expected: {expected}.",
      .remedy_fr = "Ne mettre que le centre d'encaissement et le centre des finances publiques.",
      .remedy_en = "Put the collecting centre and the tax office only."},
     tiers_kind},
    {{.code = "pes.facture.adresse_centre",
      .name = "pes.facture.adresse_centre",
      .level = Level::facture,
      .source = "TAdresseFacture/Adr1, Adr2",
      .title_fr = "Le centre des finances publiques a une voie ; le centre d'encaissement n'en a pas",
      .title_en = "The tax office has a street; the collecting centre has none",
      .fr = "Adresse du tiers ({value}) ; attendu : {expected}.",
      .en = "Address of the tiers ({value}); expected: {expected}.",
      .remedy_fr = "Corriger l'adresse de ce centre dans le paramétrage du logiciel.",
      .remedy_en = "Correct the address of that centre in the settings of the software."},
     tiers_address},
    {{.code = "pes.facture.compte_tresor",
      .name = "pes.facture.compte_tresor",
      .level = Level::facture,
      .source = "TBancaireFacture/BIC, IBAN",
      .title_fr = "Le centre des finances publiques d'un ASAP a un compte bancaire valide",
      .title_en = "The tax office of an ASAP has a valid bank account",
      .fr = "Compte du centre des finances publiques ({value}) ; attendu : {expected}.",
      .en = "Account of the tax office ({value}); expected: {expected}.",
      .remedy_fr = "Corriger le compte du centre des finances publiques dans le paramétrage du logiciel.",
      .remedy_en = "Correct the account of the tax office in the settings of the software."},
     treasury_account},
    {{.code = "pes.facture.paiement_telephone",
      .name = "pes.facture.paiement_telephone",
      .level = Level::facture,
      .severity = Severity::info,
      .source = "TInfoSupplTiersFacture/PaiementTel; TPaiementTel",
      .title_fr = "Le paiement par téléphone n'est imprimé que sur un ASAP Patients",
      .title_en = "Payment by telephone is printed on an ASAP Patients only",
      .fr = "Paiement par téléphone dans un PES_Facture de {value} : il ne sera imprimé qu'avec {expected}.",
      .en = "Payment by telephone in a PES_Facture of {value}: it is printed with {expected} only.",
      .remedy_fr = "Rien à faire si cette mention n'est pas attendue.",
      .remedy_en = "Nothing to do if nobody expects it."},
     by_telephone}};

}  // namespace

std::vector<const RuleInfo*> facture_flux_rules() {
  return infos(domain_rows, residence_rows, tiers_rows);
}

void judge_facture_domain(const Unit& domain, Verdicts& out) {
  out.judge(domain_rows, domain);
  out.judge(residence_rows, domain);
}

void judge_facture_tiers(const Unit& tiers, Verdicts& out) {
  auto& state = out.memory<FactureState>();
  if (tiers[tiers_type] == collecting_centre) ++state.collecting_centres;
  if (tiers[tiers_type] == treasury) ++state.treasuries;
  out.judge(tiers_rows, tiers);
  out.judge(tiers_residence_rows, tiers);
}

}  // namespace demat::preflight
