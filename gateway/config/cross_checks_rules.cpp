#include "gateway/config/cross_checks_rules.hpp"

#include <algorithm>
#include <optional>

#include "gateway/base/paris.hpp"
#include "protocols/base/identifiers.hpp"

namespace demat::config {
namespace {

bool wrong_day(const std::string& text) {
  return !text.empty() && !paris_day_from(text);
}

void check_rule(const RuleSetting& rule, Section section) {
  section.require(!rule.name.empty(), "rule", "code ou nom d'une règle, comme P16",
                  "code or name of a rule, such as P16");
  if (!std::ranges::all_of(rule.authorities, [](const std::string& one) { return is_siren(one); }))
    section.complain("config.range", "authorities", "des SIREN de neuf chiffres", "SIRENs of nine digits");
  const bool days = !wrong_day(rule.from) && !wrong_day(rule.until);
  const bool turned = days && !rule.from.empty() && !rule.until.empty() &&
                      *paris_day_from(rule.until) < *paris_day_from(rule.from);
  if (!days || turned)
    section.complain("config.range", "from", "jours attendus, comme 2026-01-31 ; until ne précède pas from",
                     "expected days such as 2026-01-31; until is not before from");
}

}  // namespace

void check_rules(const Settings& settings, const SectionLines& lines, Complaints& complaints) {
  for (std::size_t i = 0; i < settings.rules.size(); ++i)
    check_rule(settings.rules[i], Section("rules[" + std::to_string(i) + "]", lines, complaints));
}

}  // namespace demat::config
