#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/rules/rule.hpp"
#include "protocols/rules/unit.hpp"
#include "protocols/rules/verdicts.hpp"

/// What the families of this folder share. Internal to this folder.
namespace demat::preflight {

using rules::FieldName;
using rules::Level;
using rules::RuleInfo;
using rules::Unit;
using rules::UnitKind;
using rules::Verdicts;
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

/// xs:boolean
[[nodiscard]] inline bool yes(std::string_view value) {
  return value == "1" || value == "true";
}
[[nodiscard]] inline bool no(std::string_view value) {
  return value == "0" || value == "false";
}

[[nodiscard]] bool all_digits(std::string_view text);

/// A decimal number times ten to the power of `decimals`, "12.5" with 2 being 1250; nothing when it is not
/// one, has more decimals than that (zeros apart) or more than 15 digits.
[[nodiscard]] std::optional<std::int64_t> scaled(std::string_view text, int decimals);
/// An amount in cents.
[[nodiscard]] inline std::optional<std::int64_t> cents(std::string_view text) {
  return scaled(text, 2);
}
/// "12.50"
[[nodiscard]] std::string amount(std::int64_t cents);

}  // namespace demat::preflight
