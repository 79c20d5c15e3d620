#pragma once

#include <memory>
#include <span>

#include "protocols/rules/unit_reader.hpp"

/// The rules of recette alone (helios 2.4, P22, P23, annotations of NS_Recette).
/// Internal to this folder.
namespace demat::preflight {

[[nodiscard]] std::span<const rules::RuleInfo* const> recette_rules();
[[nodiscard]] std::unique_ptr<rules::Family> recette_family();

}  // namespace demat::preflight
