#include <array>
#include <tuple>
#include <utility>

#include "protocols/preflight/facture_rules.hpp"

/// The lines of an invoice and what they add up to.
namespace demat::preflight {
namespace {

constexpr auto discount = "MtRemise"_f;
constexpr auto total_ht = "TotalAPayer/MtTotalHT"_f;
constexpr auto total_tva = "TotalAPayer/MtTotalTVA"_f;
constexpr auto total_ttc = "TotalAPayer/MtTotalTTC"_f;
constexpr std::string_view patient_line = "LigneFacturePatient";
constexpr std::int64_t rounding = 1;  // cents

bool differ(std::int64_t a, std::int64_t b) {
  return a > b + rounding || b > a + rounding;
}

void positive(const Unit& line, const RuleInfo& rule, Verdicts& out) {
  if (!asap(type_of_facture(line))) return;
  constexpr std::array fields{
      std::pair{"MtHT"_f, std::string_view("MtHT")}, std::pair{"MtTTC"_f, std::string_view("MtTTC")},
      std::pair{"MtUnitaire"_f, std::string_view("MtUnitaire")},
      std::pair{"MtBase"_f, std::string_view("MtBase")}, std::pair{discount, std::string_view("MtRemise")}};
  for (const auto& [field, name] : fields) {
    const auto found = cents(line[field]);
    if (found && *found <= 0)
      hit(out, rule, line, field, std::string(name) + " " + std::string(line[field]),
          {"plus de 0", "more than 0"});
  }
}

void unit_of_nothing(const Unit& line, const RuleInfo& rule, Verdicts& out) {
  for (const auto& [measure, quantity, name] :
       {std::tuple{"Unite1"_f, "Quantite"_f, "Quantite"}, std::tuple{"Unite2"_f, "Quantite2"_f, "Quantite2"}})
    if (!line[measure].empty() && line[quantity].empty()) hit_value(out, rule, line, measure, same(name));
}

void line_adds_up(const Unit& line, const RuleInfo& rule, Verdicts& out) {
  const auto ht = cents(line["MtHT"_f]);
  const auto tva = cents(line["MtTVA"_f]);
  const auto ttc = cents(line["MtTTC"_f]);
  if (ht && tva && ttc && differ(*ht + *tva, *ttc))
    hit(out, rule, line, "MtTTC"_f, decimal(*ttc), same(decimal(*ht + *tva)));
}

void totals_add_up(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  const auto ht = cents(facture[total_ht]);
  const auto tva = cents(facture[total_tva]);
  const auto ttc = cents(facture[total_ttc]);
  if (ht && tva && ttc && differ(*ht + *tva, *ttc))
    hit(out, rule, facture, total_ttc, decimal(*ttc), same(decimal(*ht + *tva)));
}

void total_of_lines(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  const auto& state = out.memory<FactureState>();
  const auto ttc = cents(facture[total_ttc]);
  if (state.lines > 0 && state.readable && ttc && differ(*ttc, state.ttc))
    hit(out, rule, facture, total_ttc, decimal(*ttc), same(decimal(state.ttc)));
}

constexpr UnitRow line_rows[] = {
    {{.code = "pes.facture.montant",
      .name = "pes.facture.montant",
      .level = Level::facture,
      .source = "TLigneFacture/MtUnitaire, MtBase, MtRemise, MtHT, MtTTC",
      .title_fr = "Les montants d'une ligne d'ASAP sont strictement positifs",
      .title_en = "The amounts of a line of an ASAP are strictly positive",
      .fr = "{value} ; attendu : {expected}.",
      .en = "{value}; expected: {expected}.",
      .remedy_fr = "Retirer la ligne à zéro ; une remise est une ligne à elle seule.",
      .remedy_en = "Take the line of zero out; a discount is a line of its own."},
     positive},
    {{.code = "pes.facture.unite",
      .name = "pes.facture.unite",
      .level = Level::facture,
      .source = "TLigneFacture/Unite1, Unite2",
      .title_fr = "Une unité va avec sa quantité",
      .title_en = "A unit goes with its quantity",
      .fr = "L'unité « {value} » est donnée sans {expected}.",
      .en = "The unit \"{value}\" is given without {expected}.",
      .remedy_fr = "Renseigner la quantité, ou retirer l'unité.",
      .remedy_en = "Fill in the quantity, or take the unit out."},
     unit_of_nothing},
    {{.code = "pes.facture.somme_ligne",
      .name = "pes.facture.somme_ligne",
      .level = Level::facture,
      .source = "déduit de TLigneFacture/MtHT, MtTVA, MtTTC",
      .title_fr = "Le montant TTC d'une ligne est la somme du hors taxe et de la TVA",
      .title_en = "The amount of a line with tax is the sum of the amount without and of the tax",
      .fr = "Montant TTC {value} ; hors taxe et TVA font {expected}.",
      .en = "Amount with tax {value}; the amount without and the tax make {expected}.",
      .remedy_fr = "Vérifier les montants de la ligne.",
      .remedy_en = "Check the amounts of the line."},
     line_adds_up}};

constexpr UnitRow total_rows[] = {
    {{.code = "pes.facture.somme_total",
      .name = "pes.facture.somme_total",
      .level = Level::facture,
      .source = "déduit de TTotalAPayer",
      .title_fr = "Le total TTC d'une facture est la somme des totaux hors taxe et de TVA",
      .title_en = "The total with tax of an invoice is the sum of the totals without and of the tax",
      .fr = "Total TTC {value} ; hors taxe et TVA font {expected}.",
      .en = "Total with tax {value}; the total without and the tax make {expected}.",
      .remedy_fr = "Vérifier les totaux de la facture.",
      .remedy_en = "Check the totals of the invoice."},
     totals_add_up},
    {{.code = "pes.facture.total",
      .name = "pes.facture.total",
      .level = Level::facture,
      .severity = Severity::info,
      .source = "déduit de TTotalAPayer et TLigneFacture/MtTTC, MtRemise",
      .title_fr = "Le total TTC d'une facture est la somme de ses lignes, remises déduites",
      .title_en = "The total with tax of an invoice is the sum of its lines, discounts taken off",
      .fr = "Total TTC {value} ; les lignes font {expected}.",
      .en = "Total with tax {value}; the lines make {expected}.",
      .remedy_fr = "Vérifier les lignes et le total de la facture.",
      .remedy_en = "Check the lines and the total of the invoice."},
     total_of_lines}};

void add_up(const Unit& line, FactureState& state) {
  ++state.lines;
  const auto ttc = cents(line["MtTTC"_f]);
  if (!ttc || line.dropped > 0) {
    state.readable = false;
    return;
  }
  if (!rules::add(state.ttc, line.has(discount) ? -*ttc : *ttc)) state.readable = false;
}

}  // namespace

std::vector<const RuleInfo*> facture_amount_rules() {
  return infos(line_rows, total_rows);
}

void judge_facture_line(const Unit& line, Verdicts& out) {
  auto& state = out.memory<FactureState>();
  if (line.element == patient_line) {
    ++state.patient_lines;
    return;
  }
  add_up(line, state);
  out.judge(line_rows, line);
}

void judge_facture_totals(const Unit& facture, Verdicts& out) {
  out.judge(total_rows, facture);
}

}  // namespace demat::preflight
