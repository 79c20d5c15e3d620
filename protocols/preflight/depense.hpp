#pragma once

#include <memory>
#include <span>

#include "protocols/rules/unit_reader.hpp"

/// The rules of dépense alone (helios 2.3, P21, annotations of NS_Depense).
/// Internal to this folder.
namespace demat::preflight {

[[nodiscard]] std::span<const rules::RuleInfo* const> depense_rules();
[[nodiscard]] std::unique_ptr<rules::Family> depense_family();

}  // namespace demat::preflight
