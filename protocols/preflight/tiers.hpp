#pragma once

#include <memory>
#include <span>

#include "protocols/rules/unit_reader.hpp"

/// Who the tiers of dépense and recette are: identifiers, category, civility, birth (helios P17, P19).
/// Internal to this folder.
namespace demat::preflight {

[[nodiscard]] std::span<const rules::RuleInfo* const> tiers_rules();
[[nodiscard]] std::unique_ptr<rules::Family> tiers_family();

}  // namespace demat::preflight
