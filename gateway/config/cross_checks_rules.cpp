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

/// Whom and when a row is for.
template <class Row>
void check_scope(const Row& row, Section& section) {
  if (!std::ranges::all_of(row.authorities, [](const std::string& one) { return is_siren(one); }))
    section.complain("config.range", "authorities", "des SIREN de neuf chiffres", "SIRENs of nine digits");
  const bool days = !wrong_day(row.from) && !wrong_day(row.until);
  const bool turned = days && !row.from.empty() && !row.until.empty() &&
                      *paris_day_from(row.until) < *paris_day_from(row.from);
  if (!days || turned)
    section.complain("config.range", "from", "jours attendus, comme 2026-01-31 ; until ne précède pas from",
                     "expected days such as 2026-01-31; until is not before from");
}

void check_rule(const RuleSetting& rule, Section section) {
  section.require(!rule.name.empty(), "rule", "code ou nom d'une règle, comme P16",
                  "code or name of a rule, such as P16");
  check_scope(rule, section);
}

void check_pack(const PackSetting& pack, const std::filesystem::path& folder, Section section) {
  section.require(!pack.name.empty(), "version", "version d'un jeu, comme 5.30",
                  "version of a pack, such as 5.30");
  if (!pack.name.empty()) section.file(folder / "pes" / pack.name / "pack.toml", "version");
  check_scope(pack, section);
}

}  // namespace

void check_rules(const Settings& settings, const SectionLines& lines, Complaints& complaints) {
  for (std::size_t i = 0; i < settings.packs.size(); ++i)
    check_pack(settings.packs[i], settings.schema_folder,
               Section("pack[" + std::to_string(i) + "]", lines, complaints));
  for (std::size_t i = 0; i < settings.rules.size(); ++i)
    check_rule(settings.rules[i], Section("rules[" + std::to_string(i) + "]", lines, complaints));
}

}  // namespace demat::config
