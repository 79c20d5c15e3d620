#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/rules/rule.hpp"
#include "protocols/rules/unit.hpp"
#include "protocols/rules/values.hpp"
#include "protocols/rules/verdicts.hpp"

/// What the families of this folder share. Internal to this folder.
namespace demat::preflight {

using rules::all_digits;
using rules::cents;
using rules::decimal;
using rules::FieldName;
using rules::Level;
using rules::no;
using rules::RuleInfo;
using rules::scaled;
using rules::Unit;
using rules::UnitKind;
using rules::Verdicts;
using rules::yes;
using namespace rules::literals;

using UnitRow = rules::Row<Unit, Verdicts>;

/// What the rows of several tables say of themselves, in order.
template <class... S, std::size_t... N>
[[nodiscard]] std::vector<const RuleInfo*> infos(const rules::Row<S, Verdicts> (&... tables)[N]) {
  std::vector<const RuleInfo*> out;
  const auto add = [&](const auto& table) {
    for (const auto& row : table)
      out.push_back(&row.info);
  };
  (add(tables), ...);
  return out;
}

/// The rule is broken at that field of the unit, or at the unit where it is absent.
inline void hit(Verdicts& out, const RuleInfo& rule, const Unit& unit, FieldName field,
                std::string value = {}, Words expected = {}) {
  out.add(rule, {.place = unit.place_of(field),
                 .subject = unit.subject(),
                 .value = std::move(value),
                 .expected = std::move(expected)});
}

/// The same, and the value of the field is shown.
inline void hit_value(Verdicts& out, const RuleInfo& rule, const Unit& unit, FieldName field,
                      Words expected = {}) {
  hit(out, rule, unit, field, std::string(unit[field]), std::move(expected));
}

/// The numbers of a unit, looked for once however many places of it are said.
class SubjectOnce {
 public:
  explicit SubjectOnce(const Unit& unit) : unit_(unit) {}
  [[nodiscard]] const Subject& get() {
    if (!found_) found_ = unit_.subject();
    return *found_;
  }

 private:
  const Unit& unit_;
  std::optional<Subject> found_;
};

/// What is the same in both languages.
[[nodiscard]] inline Words same(std::string_view text) {
  return {std::string(text), std::string(text)};
}

/// The name of a field below a block whose name was hashed before.
[[nodiscard]] constexpr FieldName below(FieldName block, std::string_view field) {
  return rules::hashed(field, rules::hashed("/", block));
}

}  // namespace demat::preflight
