#pragma once

#include <memory>
#include <span>

#include "protocols/rules/unit_reader.hpp"

/// What bordereaux of dépense and recette have in common: totals, numbers, types, dematerialisation, and the
/// nomenclature that a flow gives away (helios P5, P14, P15, P23, P24). Internal to this folder.
namespace demat::preflight {

[[nodiscard]] std::span<const rules::RuleInfo* const> flux_rules();
[[nodiscard]] std::unique_ptr<rules::Family> flux_family();
/// Says which units came without all of their fields; the family does it for those of the flow.
void judge_size(const rules::Unit& unit, rules::Verdicts& out);

}  // namespace demat::preflight
