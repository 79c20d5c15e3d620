#pragma once

#include <memory>
#include <span>

#include "protocols/rules/unit_reader.hpp"

/// How the avis des sommes à payer of a titre is to be treated (Edition, pes530 7.2).
/// Internal to this folder.
namespace demat::preflight {

[[nodiscard]] std::span<const rules::RuleInfo* const> edition_rules();
[[nodiscard]] std::unique_ptr<rules::Family> edition_family();

}  // namespace demat::preflight
