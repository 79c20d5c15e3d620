#include <map>
#include <set>

#include "protocols/marche/judging.hpp"
#include "protocols/rules/identifiers.hpp"
#include "protocols/rules/values.hpp"

/// Buyers and operators (TAcheteur, TPA, TTitulaire, TSousTraitantPaiementDirect, TConcessionnaire and the
/// short forms of modifications).
namespace demat::marche {
namespace {

bool digits(std::string_view text, std::size_t from, std::size_t to) {
  return text.size() >= from && text.size() <= to &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// What a kind of identifier looks like; the SIRET has a rule of its own.
struct Shape {
  std::string_view nature;
  bool (*fits)(std::string_view id);
  std::string_view fr;
  std::string_view en;
};

constexpr Shape shapes[]{
    {"05", [](std::string_view id) { return id.size() >= 9 && rules::tva_valid(id); },
     "un numéro de TVA intracommunautaire (code pays compris)",
     "a VAT number of the Union (with its country)"},
    {"06",
     [](std::string_view id) { return rules::characters(id) <= 18 && rules::country_known(id.substr(0, 2)); },
     "code pays puis 16 caractères de la dénomination au plus",
     "country code, then at most 16 characters of the name"},
    {"07", [](std::string_view id) { return digits(id, 9, 9); }, "9 chiffres (Tahiti)", "9 digits (Tahiti)"},
    {"08", [](std::string_view id) { return digits(id, 9, 10); }, "9 ou 10 chiffres (Ridet)",
     "9 or 10 digits (Ridet)"},
    {"10", [](std::string_view id) { return rules::characters(id) <= 18 && id.starts_with("FRWF"); },
     "FRWF puis 14 lettres de la raison sociale au plus", "FRWF, then at most 14 letters of the name"},
    {"11", [](std::string_view id) { return rules::characters(id) <= 80 && digits(id.substr(0, 5), 5, 5); },
     "5 chiffres, lieu de naissance, nom et prénom", "5 digits, place of birth, name and first name"},
};

void operator_siret(const Party& p, const RuleInfo& rule, Verdicts& out) {
  const auto& id = p.operateur.id;
  if (p.operateur.nature_id.is("01") && id.present() && !rules::siret_valid(id.text))
    hit(out, rule, p.contrat, p.operateur, id, rules::shown_identifier(id.text),
        {"14 chiffres et une clé juste", "14 digits and a right key"});
}

void operator_identifier(const Party& p, const RuleInfo& rule, Verdicts& out) {
  const auto& id = p.operateur.id;
  for (const auto& shape : shapes)
    if (p.operateur.nature_id.is(shape.nature) && id.present() && !shape.fits(id.text))
      hit(out, rule, p.contrat, p.operateur, id, shown_id(p.operateur.nature_id, p.operateur.id),
          {std::string(shape.fr), std::string(shape.en)});
}

void natural_person(const Party& p, const RuleInfo& rule, Verdicts& out) {
  if (!p.operateur.cat_tiers.is("01")) return;
  const bool named = p.operateur.prenom.present() && p.operateur.civilite.present();
  if (!named) hit(out, rule, p.contrat, p.operateur, p.operateur.cat_tiers, "01", same("Civilite, Prenom"));
}

void post_code(const Party& p, const RuleInfo& rule, Verdicts& out) {
  if (!p.operateur.adresse) return;
  const auto& adresse = *p.operateur.adresse;
  if (adresse.cp.present() && !digits(adresse.cp.text, 5, 5))
    hit(out, rule, p.contrat, adresse, adresse.cp, adresse.cp.text,
        {"5 chiffres (99999 à l'étranger)", "5 digits (99999 abroad)"});
}

void residence(const Party& p, const RuleInfo& rule, Verdicts& out) {
  constexpr std::string_view france = "100";
  if (!p.operateur.adresse || !p.operateur.adresse->cod_res.present()) return;
  const auto& adresse = *p.operateur.adresse;
  const bool abroad = adresse.cod_res.yes();
  if (abroad && !adresse.cod_pays.present())
    hit(out, rule, p.contrat, adresse, adresse.cod_res, "CodRes 1", same("CodPays"));
  if (!abroad && adresse.cod_pays.present() && !adresse.cod_pays.is(france))
    hit(out, rule, p.contrat, adresse, adresse.cod_pays, "CodRes 0, CodPays " + adresse.cod_pays.text,
        {"CodPays absent ou 100", "CodPays absent or 100"});
}

void wrong_siret(const Marche& m, const Block& block, const Leaf& siret, const RuleInfo& rule,
                 Verdicts& out) {
  if (siret.present() && !rules::siret_valid(siret.text))
    hit(out, rule, m, block, siret, rules::shown_identifier(siret.text),
        {"14 chiffres et une clé juste", "14 digits and a right key"});
}

void buyer_siret(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  if (m.pa) wrong_siret(m, *m.pa, m.pa->id, rule, out);
  for (const auto& buyer : m.acheteurs)
    wrong_siret(m, buyer, buyer.id, rule, out);
  if (m.conditions) wrong_siret(m, *m.conditions, m.conditions->siret_pa_accord_cadre, rule, out);
}

void buyer_once(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  std::set<std::string_view> seen;
  for (const auto& buyer : m.acheteurs)
    if (!seen.insert(buyer.id.text).second)
      hit(out, rule, m, buyer, buyer.id, rules::shown_identifier(buyer.id.text));
}

constexpr std::string_view framework = "04";  // nature: accord-cadre avec marchés subséquents

void operators_there(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  if (!m.nature.is(framework) && !m.operateurs) hit(out, rule, m, m, {}, m.nature.text, same("Operateurs"));
}

/// Whoever waits for his number is known by his name.
bool same_operator(const Operateur& a, const Operateur& b) {
  return identity_of(a.nature_id, a.id) == identity_of(b.nature_id, b.id) &&
         (tells_apart(a.nature_id) || a.denomination.text == b.denomination.text);
}

/// The number may not be that of another sub-contractor: the same one twice is no harm.
void act_once(const Marche& m, const RuleInfo& rule, Verdicts& out) {
  if (!m.operateurs) return;
  std::map<std::string_view, const Operateur*> seen;
  for (const auto& sub : m.operateurs->sous_traitants) {
    if (!sub.numero_acte.present()) continue;
    const auto [first, is_new] = seen.emplace(sub.numero_acte.text, &sub);
    if (!is_new && !same_operator(*first->second, sub))
      hit(out, rule, m, sub, sub.numero_acte, sub.numero_acte.text);
  }
}

void concessionnaire_once(const Concession& c, const RuleInfo& rule, Verdicts& out) {
  std::set<Identity> seen;
  for (const auto& one : c.concessionnaires)
    if (!seen.insert(identity_of(one.nature_id, one.id)).second && tells_apart(one.nature_id))
      hit(out, rule, c, one, one.id, shown_id(one.nature_id, one.id));
}

constexpr PartyRow party_rows[]{
    {{.code = "pes.marche.operateur_siret",
      .name = "pes.marche.operateur_siret",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TTitulaire, TSousTraitantPaiementDirect, TConcessionnaire/Id…",
      .title_fr = "Le SIRET d'un opérateur économique a une clé juste",
      .title_en = "The SIRET of an operator has a right key",
      .fr = "Le SIRET {value} n'est pas valide ; attendu : {expected}.",
      .en = "The SIRET {value} is not valid; expected: {expected}.",
      .remedy_fr = "Vérifier le SIRET du titulaire ou du sous-traitant (avis de situation INSEE).",
      .remedy_en = "Check the SIRET of the titulaire or sub-contractor."},
     operator_siret},
    {{.code = "pes.marche.operateur_identifiant",
      .name = "pes.marche.operateur_identifiant",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "helios 9.2; TTitulaire, TSousTraitantPaiementDirect, TConcessionnaire/Id…",
      .title_fr = "L'identifiant d'un opérateur a la forme que veut sa nature",
      .title_en = "The identifier of an operator has the form of its kind",
      .fr = "L'identifiant « {value} » n'a pas la forme de sa nature ; attendu : {expected}.",
      .en = "The identifier \"{value}\" has not the form of its kind; expected: {expected}.",
      .remedy_fr = "Corriger la nature de l'identifiant ou sa valeur.",
      .remedy_en = "Correct the kind of the identifier or its value."},
     operator_identifier},
    {{.code = "pes.marche.personne_physique",
      .name = "pes.marche.personne_physique",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TTitulaire, TSousTraitantPaiementDirect/Prenom, Civilite",
      .title_fr = "Une personne physique (catégorie 01) a un prénom et une civilité",
      .title_en = "A natural person (category 01) has a first name and a title",
      .fr = "L'opérateur est une personne physique sans prénom ou sans civilité ({expected}).",
      .en = "The operator is a natural person without first name or title ({expected}).",
      .remedy_fr = "Compléter la fiche du tiers, ou corriger sa catégorie.",
      .remedy_en = "Complete the record of the tiers, or correct its category."},
     natural_person},
    {{.code = "pes.marche.code_postal",
      .name = "pes.marche.code_postal",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "helios P18, 2.7; TAdresse/CP",
      .title_fr = "Le code postal d'un opérateur a cinq chiffres",
      .title_en = "The post code of an operator has five digits",
      .fr = "Le code postal « {value} » n'est pas valide ; attendu : {expected}.",
      .en = "The post code \"{value}\" is not valid; expected: {expected}.",
      .remedy_fr = "Corriger l'adresse de l'opérateur.",
      .remedy_en = "Correct the address of the operator."},
     post_code},
    {{.code = "pes.marche.residence",
      .name = "pes.marche.residence",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "helios P18, 2.7; TAdresse/CodRes, CodPays",
      .title_fr = "Un opérateur non résident a un code pays, un résident n'en a pas d'autre que 100",
      .title_en = "An operator who lives abroad has a country, one who does not has none but 100",
      .fr = "Résidence et pays se contredisent ({value}) ; attendu : {expected}.",
      .en = "Residence and country contradict each other ({value}); expected: {expected}.",
      .remedy_fr = "Corriger l'adresse de l'opérateur.",
      .remedy_en = "Correct the address of the operator."},
     residence},
};

constexpr MarcheRow marche_rows[]{
    {{.code = "pes.marche.acheteur_siret",
      .name = "pes.marche.acheteur_siret",
      .level = Level::marche,
      .severity = Severity::warning,
      .source = "TAcheteur/IdAcheteur; TPA/IdPA; TConditionsExecution/SiretPAAccordCadre",
      .title_fr = "Le SIRET d'un acheteur a une clé juste",
      .title_en = "The SIRET of a buyer has a right key",
      .fr = "Le SIRET {value} de l'acheteur n'est pas valide ; attendu : {expected}.",
      .en = "The SIRET {value} of the buyer is not valid; expected: {expected}.",
      .remedy_fr = "Reprendre le SIRET du budget de l'acheteur.",
      .remedy_en = "Take the SIRET of the buyer's budget again."},
     buyer_siret},
    {{.code = "pes.marche.acheteur_double",
      .name = "pes.marche.acheteur_double",
      .level = Level::marche,
      .severity = Severity::error,
      .source = "TAcheteur/IdAcheteur",
      .title_fr = "Un acheteur ne figure qu'une fois",
      .title_en = "A buyer is there once",
      .fr = "L'acheteur {value} figure deux fois : Hélios rejette le marché.",
      .en = "The buyer {value} is there twice: Hélios rejects the contract.",
      .remedy_fr = "Supprimer le doublon de la liste des acheteurs.",
      .remedy_en = "Remove the double from the list of buyers."},
     buyer_once},
    {{.code = "pes.marche.operateurs",
      .name = "pes.marche.operateurs",
      .level = Level::marche,
      .severity = Severity::error,
      .source = "TMarche/Operateurs",
      .title_fr = "Un marché d'une autre nature que 04 a des opérateurs",
      .title_en = "A contract of a nature other than 04 has operators",
      .fr = "Le marché, de nature {value}, n'a pas de bloc {expected} : Hélios le rejette.",
      .en = "The contract, of nature {value}, has no block {expected}: Hélios rejects it.",
      .remedy_fr = "Renseigner les titulaires, ou corriger la nature du marché.",
      .remedy_en = "Give the titulaires, or correct the nature of the contract."},
     operators_there},
    {{.code = "pes.marche.acte_double",
      .name = "pes.marche.acte_double",
      .level = Level::marche,
      .severity = Severity::error,
      .source = "TSousTraitantPaiementDirect/NumeroActeSousTraitance",
      .title_fr = "Un numéro d'acte de sous-traitance ne sert qu'une fois dans un marché",
      .title_en = "A number of an act of sub-contracting serves once in a contract",
      .fr = "L'acte de sous-traitance {value} est déjà celui d'un autre sous-traitant : Hélios rejette le "
            "marché.",
      .en = "The act of sub-contracting {value} is already another sub-contractor's: Hélios rejects the "
            "contract.",
      .remedy_fr = "Donner un numéro différent à chaque acte de sous-traitance.",
      .remedy_en = "Give each act of sub-contracting a number of its own."},
     act_once},
};

constexpr ConcessionRow concession_rows[]{
    {{.code = "pes.marche.concessionnaire_double",
      .name = "pes.marche.concessionnaire_double",
      .level = Level::marche,
      .severity = Severity::error,
      .source = "TConcessionnaire/IdConcessionnaire",
      .title_fr = "Un concessionnaire ne figure qu'une fois",
      .title_en = "A concessionnaire is there once",
      .fr = "Le concessionnaire {value} figure deux fois : Hélios rejette la concession.",
      .en = "The concessionnaire {value} is there twice: Hélios rejects the concession.",
      .remedy_fr = "Supprimer le doublon de la liste des concessionnaires.",
      .remedy_en = "Remove the double from the list of concessionnaires."},
     concessionnaire_once},
};

void judge_party(const Party& party, Verdicts& out) {
  out.judge(party_rows, party);
  judge_bank(party, out);
}

}  // namespace

void judge_parties(const Marche& contract, Verdicts& out) {
  out.judge(marche_rows, contract);
  each_party(contract, judge_party, out);
}

void judge_parties(const Concession& contract, Verdicts& out) {
  out.judge(concession_rows, contract);
  each_party(contract, judge_party, out);
}

std::vector<const RuleInfo*> party_rules() {
  return infos(marche_rows, concession_rows, party_rows);
}

}  // namespace demat::marche
