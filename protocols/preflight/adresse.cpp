#include "protocols/preflight/adresse.hpp"

#include "protocols/preflight/judging.hpp"

/// Addresses of the tiers of dépense and recette (helios P18). Those of invoices have rules of their own.
namespace demat::preflight {
namespace {

constexpr auto postcode = "Adresse/CP"_f;
constexpr auto abroad = "Adresse/CodRes"_f;
constexpr auto country = "Adresse/CodPays"_f;
constexpr std::string_view foreign_postcode = "99999";
constexpr std::string_view france = "100";

std::string_view without_zeros(std::string_view number) {
  const auto first = number.find_first_not_of('0');
  return first == std::string_view::npos ? std::string_view{} : number.substr(first);
}

void p18(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  const auto code = tiers[postcode];
  if (tiers.has(postcode) && (code.size() != 5 || !all_digits(code)))
    hit(out, rule, tiers, postcode, "CP " + std::string(code), {"5 chiffres", "5 digits"});
  if (yes(tiers[abroad]) && tiers[country].empty())
    hit(out, rule, tiers, abroad, "CodRes 1", {"CodPays renseigné", "CodPays filled in"});
  if (no(tiers[abroad]) && tiers.has(country) && without_zeros(tiers[country]) != france)
    hit(out, rule, tiers, country, "CodRes 0, CodPays " + std::string(tiers[country]),
        {"pas de CodPays, ou 100", "no CodPays, or 100"});
}

void foreign(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  if (yes(tiers[abroad]) && tiers.has(postcode) && tiers[postcode] != foreign_postcode)
    hit_value(out, rule, tiers, postcode, same(foreign_postcode));
}

constexpr UnitRow rows[] = {
    {{.code = "pes.p18",
      .name = "P18",
      .level = Level::bordereau,
      .source = "helios P18; TAdresse/CP, CodRes, CodPays",
      .title_fr = "Le code postal a cinq chiffres ; résidence et pays s'accordent",
      .title_en = "The postcode has five digits; residence and country agree",
      .fr = "Adresse du tiers : {value} ; attendu : {expected}.",
      .en = "Address of the tiers: {value}; expected: {expected}.",
      .remedy_fr = "Corriger l'adresse du tiers : code postal, résidence (CodRes) et pays (CodPays).",
      .remedy_en = "Correct the address of the tiers: postcode, residence (CodRes) and country (CodPays)."},
     p18},
    {{.code = "pes.adresse.etranger",
      .name = "pes.adresse.etranger",
      .level = Level::bordereau,
      .severity = Severity::info,
      .source = "TAdresse/CP",
      .title_fr = "À l'étranger, le code postal est 99999 et le vrai se met dans la ville",
      .title_en = "Abroad the postcode is 99999 and the real one goes into the town",
      .fr = "Tiers non résident avec le code postal « {value} » ; consigne : {expected}.",
      .en = "Non-resident tiers with the postcode \"{value}\"; the instruction is {expected}.",
      .remedy_fr = "Mettre 99999 dans le code postal et celui du pays étranger dans la zone ville.",
      .remedy_en = "Put 99999 into the postcode and that of the foreign country into the town."},
     foreign}};

class Adresse final : public rules::Family {
 public:
  void close(const Unit& unit, Verdicts& out) override {
    if (unit.kind == UnitKind::tiers && unit.domaine() != "PES_Facture") out.judge(rows, unit);
  }
};

}  // namespace

std::span<const RuleInfo* const> adresse_rules() {
  static const auto all = infos(rows);
  return all;
}

std::unique_ptr<rules::Family> adresse_family() {
  return std::make_unique<Adresse>();
}

}  // namespace demat::preflight
