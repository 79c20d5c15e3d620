#include "tests/support/marche_cases.hpp"

#include "cases.hpp"
#include "protocols/marche/marche_rules.hpp"
#include "tests/support/marche_flows.hpp"

/// The rules of contracts are tried one by one beside them (tests/unit/protocols/marche); here with all the
/// others.
namespace demat::preflight::test {

std::vector<RuleCase> marche_cases() {
  std::vector<RuleCase> out;
  for (auto& one : samples::broken_marche_flows())
    out.push_back({one.code, "case " + std::to_string(out.size()), std::move(one.text)});
  for (const auto* const rule : marche::marche_rules()) {
    const std::string code(rule->code);
    const bool of_concessions = code == "pes.marche.concessionnaire_double";
    out.push_back(
        {code, "kept", of_concessions ? samples::concession_flow() : samples::marche_modification_flow(), 0});
  }
  return out;
}

}  // namespace demat::preflight::test
