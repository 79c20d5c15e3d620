#include "protocols/preflight/preflight.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "protocols/marche/marche_rules.hpp"
#include "protocols/preflight/families.hpp"
#include "protocols/preflight/history.hpp"
#include "protocols/preflight/pj.hpp"

namespace demat::preflight {
namespace {

std::vector<std::unique_ptr<rules::Family>> made() {
  std::vector<std::unique_ptr<rules::Family>> out;
  for (const auto& entry : families())
    out.push_back(entry.make());
  return out;
}

std::vector<rules::Family*> pointers(const std::vector<std::unique_ptr<rules::Family>>& owned) {
  std::vector<rules::Family*> out;
  for (const auto& one : owned)
    out.push_back(one.get());
  return out;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

/// The number of "P16"; beyond all of them for rules that have none.
int number_of(const rules::RuleInfo& rule) {
  int number = 0;
  const auto* const last = rule.name.data() + rule.name.size();
  const bool numbered =
      rule.name.starts_with('P') && std::from_chars(rule.name.data() + 1, last, number).ptr == last;
  return numbered ? number : std::numeric_limits<int>::max();
}

std::vector<const rules::RuleInfo*> listed() {
  const auto structural = pes::structural_rules();
  std::vector<const rules::RuleInfo*> out(structural.begin(), structural.end());
  for (const auto& entry : families())
    for (const auto* rule : entry.rules())
      out.push_back(rule);
  const auto of_marche = marche::marche_rules();
  out.insert(out.end(), of_marche.begin(), of_marche.end());
  const auto of_history = history_rules();
  out.insert(out.end(), of_history.begin(), of_history.end());
  std::stable_sort(out.begin(), out.end(),
                   [](const auto* a, const auto* b) { return number_of(*a) < number_of(*b); });
  return out;
}

}  // namespace

struct Preflight::Impl {
  explicit Impl(Options chosen)
      : structural({.encodings = chosen.encodings,
                    .gateway_will_sign = chosen.gateway_will_sign,
                    .rules = chosen.rules}),
        verdicts(std::move(chosen.rules)),
        owned(made()),
        units(pointers(owned), verdicts),
        contracts(verdicts) {
    verdicts.memory<PjOptions>().open = chosen.open_pj;
    verdicts.memory<PjOptions>().pack = std::move(chosen.pack);
  }

  pes::StructuralRules structural;
  rules::Verdicts verdicts;
  std::vector<std::unique_ptr<rules::Family>> owned;
  rules::UnitReader units;
  marche::MarcheRules contracts;
};

Preflight::Preflight(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Preflight::~Preflight() = default;

std::vector<xml::Visitor*> Preflight::visitors() {
  return {&impl_->structural, &impl_->units, &impl_->contracts};
}

Report Preflight::finish(pes::Header header) {
  auto report = impl_->structural.finish(std::move(header));
  report.append(impl_->verdicts.take());
  return report;
}

const pes::FlowFacts& Preflight::facts() const {
  return impl_->structural.facts();
}

std::span<const rules::RuleInfo* const> all_rules() {
  static const std::vector<const rules::RuleInfo*> all = listed();
  return all;
}

const rules::RuleInfo* find_rule(std::string_view name) {
  const auto all = all_rules();
  const auto found = std::find_if(all.begin(), all.end(), [&](const rules::RuleInfo* rule) {
    return same(rule->code, name) || same(rule->name, name);
  });
  return found == all.end() ? nullptr : *found;
}

}  // namespace demat::preflight
