#pragma once

#include <memory>
#include <span>

#include "protocols/rules/unit_reader.hpp"

/// Texts whose bytes are of another encoding than the file says. Internal to this folder.
namespace demat::preflight {

[[nodiscard]] std::span<const rules::RuleInfo* const> texte_rules();
[[nodiscard]] std::unique_ptr<rules::Family> texte_family();

}  // namespace demat::preflight
