#pragma once

#include <memory>
#include <span>

#include "protocols/rules/unit_reader.hpp"

/// Addresses of the tiers of dépense and recette (helios P18). Internal to this folder.
namespace demat::preflight {

[[nodiscard]] std::span<const rules::RuleInfo* const> adresse_rules();
[[nodiscard]] std::unique_ptr<rules::Family> adresse_family();

}  // namespace demat::preflight
