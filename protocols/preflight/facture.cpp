#include "protocols/preflight/facture.hpp"

#include "protocols/preflight/facture_rules.hpp"

namespace demat::preflight {
namespace {

constexpr std::string_view domain = "PES_Facture";

class Facture final : public rules::Family {
 public:
  void close(const Unit& unit, Verdicts& out) override {
    switch (unit.kind) {
      case UnitKind::tiers:
        if (unit.domaine() == domain) judge_facture_tiers(unit, out);
        return;
      case UnitKind::ligne_facture:
        return judge_facture_line(unit, out);
      case UnitKind::facture:
        return invoice(unit, out);
      case UnitKind::domaine:
        if (unit.domaine() != domain) return;
        judge_facture_domain(unit, out);
        out.memory<FactureState>() = {};
        return;
      default:
        return;
    }
  }

 private:
  static void invoice(const Unit& unit, Verdicts& out) {
    judge_facture_indiv(unit, out);
    judge_facture_totals(unit, out);
    judge_facture_electronic(unit, out);
    auto& state = out.memory<FactureState>();
    state.lines = 0;
    state.patient_lines = 0;
    state.ttc = 0;
    state.readable = true;
  }
};

}  // namespace

std::string_view type_of_facture(const Unit& unit) {
  const auto* found = unit.enclosing(UnitKind::domaine);
  return found == nullptr ? std::string_view{} : (*found)["TypeFact"_f];
}

bool asap(std::string_view type) {
  return type == "09" || (type.size() == 2 && type[0] == '1' && type[1] >= '0' && type[1] <= '3');
}

std::span<const RuleInfo* const> facture_rules() {
  static const auto all = [] {
    std::vector<const RuleInfo*> out;
    for (const auto& some :
         {facture_flux_rules(), facture_indiv_rules(), facture_amount_rules(), facture_electronic_rules()})
      out.insert(out.end(), some.begin(), some.end());
    return out;
  }();
  return all;
}

std::unique_ptr<rules::Family> facture_family() {
  return std::make_unique<Facture>();
}

}  // namespace demat::preflight
