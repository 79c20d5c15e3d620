#include "protocols/preflight/depense.hpp"

#include "protocols/preflight/comptable.hpp"

namespace demat::preflight {
namespace {

constexpr auto marche_lie = "BlocLignePiece/LiensIdent/IdMarche"_f;
constexpr auto marche_ventile = "BlocLignePiece/VentilationMarche/IdMarche"_f;
constexpr auto convention = "BlocLignePiece/LiensIdent/IdConv"_f;
constexpr auto debut_dgp = "BlocPiece/DGP/DteDebDgp"_f;
constexpr auto fin_dgp = "BlocPiece/DGP/DteFinDgp"_f;

struct Part {
  FieldName field;
  std::string_view name;
};

/// Names the parts that are missing of a block of which some are there.
template <std::size_t N>
std::string missing(const Unit& unit, const Part (&parts)[N]) {
  std::string out;
  std::size_t there = 0;
  for (const auto& part : parts) {
    if (!unit[part.field].empty())
      ++there;
    else
      out += (out.empty() ? "" : ", ") + std::string(part.name);
  }
  return there == 0 ? std::string{} : out;
}

constexpr Part dgp_parts[]{{"BlocPiece/DGP/Dgp"_f, "Dgp"},
                           {debut_dgp, "DteDebDgp"},
                           {fin_dgp, "DteFinDgp"},
                           {"BlocPiece/DGP/DureeDgp"_f, "DureeDgp"}};
constexpr Part op_spec_parts[]{{"BlocLignePiece/OpSpec/CodOpSpec"_f, "CodOpSpec"},
                               {"BlocLignePiece/OpSpec/IdOpSpec"_f, "IdOpSpec"}};

/// P21; the schema says it too.
void dgp(const Comptable& mandat, const RuleInfo& rule, Verdicts& out) {
  const bool begun =
      mandat.unit.has("BlocPiece/DGP/CodIntMor"_f) || mandat.unit.has("BlocPiece/DGP/TxIntMor"_f);
  const auto gaps = missing(mandat.unit, dgp_parts);
  if (!gaps.empty() || (begun && !mandat.unit.has(debut_dgp)))
    hit(out, rule, mandat, dgp_parts[0].field, "DGP", same(gaps.empty() ? "Dgp" : gaps));
}

void dgp_dates(const Comptable& mandat, const RuleInfo& rule, Verdicts& out) {
  const auto from = rules::day(mandat.unit[debut_dgp]);
  const auto to = rules::day(mandat.unit[fin_dgp]);
  if (!from.empty() && !to.empty() && to < from) hit_value(out, rule, mandat, fin_dgp, same(from));
}

constexpr ComptableRow mandat_rows[]{
    {{.code = "pes.p21",
      .name = "P21",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "helios P21; TDGP",
      .title_fr = "Le bloc DGP est complet",
      .title_en = "The block DGP is complete",
      .fr = "Le bloc {value} est incomplet, il y manque : {expected}.",
      .en = "The block {value} is incomplete, it lacks: {expected}.",
      .remedy_fr =
          "Complétez le délai global de paiement du mandat dans votre logiciel financier, ou retirez-le.",
      .remedy_en =
          "Complete the payment delay (DGP) of the mandat in your financial software, or take it out."},
     dgp},
    {{.code = "pes.depense.dgp_dates",
      .name = "pes.depense.dgp_dates",
      .level = Level::piece,
      .severity = Severity::info,
      .source = "TDGP/DteFinDgp",
      .title_fr = "Le délai global de paiement finit après avoir commencé",
      .title_en = "The payment delay ends after it begins",
      .fr = "Le délai global de paiement finit le {value}, avant d'avoir commencé ({expected}). Hélios le "
            "verra au "
            "visa du mandat.",
      .en = "The payment delay ends on {value}, before it begins ({expected}). Hélios will see it when the "
            "mandat "
            "is examined.",
      .remedy_fr = "Vérifiez les dates du délai global de paiement du mandat.",
      .remedy_en = "Check the dates of the mandat's payment delay."},
     dgp_dates},
};

void op_spec(const Comptable& ligne, const RuleInfo& rule, Verdicts& out) {
  const auto gaps = missing(ligne.unit, op_spec_parts);
  if (!gaps.empty()) hit(out, rule, ligne, op_spec_parts[0].field, "OpSpec", same(gaps));
}

void mandat_global(const Comptable& ligne, const RuleInfo& rule, Verdicts& out) {
  if (ligne.triplet().is("01", "06", "01") && ligne.unit[convention].empty())
    hit(out, rule, ligne, convention, ligne.triplet().text());
}

/// What a mandat of that kind is expected to name; null when nothing.
const Part* expected_link(const Comptable& ligne) {
  static constexpr Part marche{marche_lie, "IdMarche"};
  static constexpr Part emprunt{"BlocLignePiece/LiensIdent/IdEmpruntOrdo"_f, "IdEmpruntOrdo"};
  static constexpr Part actif{"BlocLignePiece/LiensIdent/IdActif"_f, "IdActif"};
  static constexpr Part regie{"BlocLignePiece/LiensIdent/IdRegie"_f, "IdRegie"};
  if (ligne.typ_pce() == "09") return &marche;
  const auto nat = ligne.nat_pce();
  if (nat == "04") return &emprunt;
  if (nat == "03") return &actif;
  return nat == "05" ? &regie : nullptr;
}

void link(const Comptable& ligne, const RuleInfo& rule, Verdicts& out) {
  const auto* const wanted = expected_link(ligne);
  if (wanted == nullptr || !ligne.unit[wanted->field].empty()) return;
  if (wanted->field == marche_lie && !ligne.unit[marche_ventile].empty()) return;
  hit(out, rule, ligne, wanted->field, ligne.triplet().text(), same(wanted->name));
}

void two_marches(const Comptable& ligne, const RuleInfo& rule, Verdicts& out) {
  const auto linked = ligne.unit[marche_lie];
  const auto ventile = ligne.unit[marche_ventile];
  if (!linked.empty() && !ventile.empty() && linked != ventile)
    hit_value(out, rule, ligne, marche_lie, same(ventile));
}

constexpr ComptableRow ligne_rows[]{
    {{.code = "pes.depense.opspec",
      .name = "pes.depense.opspec",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "helios P21; TOpSpec",
      .title_fr = "Le bloc OpSpec est complet",
      .title_en = "The block OpSpec is complete",
      .fr = "Le bloc {value} est incomplet, il y manque : {expected}.",
      .en = "The block {value} is incomplete, it lacks: {expected}.",
      .remedy_fr =
          "Complétez l'opération spécifique de la ligne dans votre logiciel financier, ou retirez-la.",
      .remedy_en =
          "Complete the specific operation of the ligne in your financial software, or take it out."},
     op_spec},
    {{.code = "pes.depense.convention",
      .name = "pes.depense.convention",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "NS_Depense TLiensIdent/IdConv",
      .title_fr = "Un mandat global (01 06 01) cite sa convention",
      .title_en = "A global mandat (01 06 01) names its convention",
      .fr = "Le mandat global ({value}) ne cite pas de convention (LiensIdent/IdConv).",
      .en = "The global mandat ({value}) names no convention (LiensIdent/IdConv).",
      .remedy_fr = "Indiquez le numéro de convention donné par Hélios ; votre comptable peut vous le dire.",
      .remedy_en = "Give the convention number that Hélios assigned; your public accountant can tell it."},
     mandat_global},
    {{.code = "pes.depense.lien",
      .name = "pes.depense.lien",
      .level = Level::piece,
      .severity = Severity::info,
      .source = "TBlocLignePiece/LiensIdent (5.30)",
      .title_fr = "Un mandat sur marché, d'emprunt, d'inventaire ou de régie cite ce dont il relève",
      .title_en = "A mandat of a contract, loan, inventory or régie names what it belongs to",
      .fr =
          "Pour cette pièce ({value}), {expected} est attendu dans LiensIdent ; son absence sera signalée au "
          "comptable.",
      .en =
          "For this pièce ({value}), {expected} is expected in LiensIdent; its absence will be shown to the "
          "accountant.",
      .remedy_fr =
          "Indiquez le numéro de marché, d'emprunt, d'actif ou de régie dans votre logiciel financier.",
      .remedy_en = "Give the number of the contract, loan, asset or régie in your financial software."},
     link},
    {{.code = "pes.depense.marche",
      .name = "pes.depense.marche",
      .level = Level::piece,
      .severity = Severity::warning,
      .source = "VentilationMarche/IdMarche; pes530 6",
      .title_fr = "La ligne et sa ventilation citent le même marché",
      .title_en = "The ligne and its distribution name the same contract",
      .fr =
          "La ligne cite le marché « {value} » (LiensIdent) et sa ventilation le marché « {expected} », qui "
          "l'emporte.",
      .en =
          "The ligne names contract '{value}' (LiensIdent) and its distribution contract '{expected}', which "
          "prevails.",
      .remedy_fr = "Vérifiez le marché de la ligne dans votre logiciel financier.",
      .remedy_en = "Check the contract of the ligne in your financial software.",
      .since = "5.30"},
     two_marches},
};

class Depense final : public rules::Family {
 public:
  void close(const Unit& unit, Verdicts& out) override {
    const bool piece = unit.kind == UnitKind::piece;
    if ((!piece && unit.kind != UnitKind::ligne) || unit.domaine() != "PES_DepenseAller") return;
    const Comptable subject(unit);
    if (piece) return out.judge(mandat_rows, subject);
    out.judge(ligne_rows, subject);
  }
};

}  // namespace

std::span<const RuleInfo* const> depense_rules() {
  static const auto all = infos(mandat_rows, ligne_rows);
  return all;
}

std::unique_ptr<rules::Family> depense_family() {
  return std::make_unique<Depense>();
}

}  // namespace demat::preflight
