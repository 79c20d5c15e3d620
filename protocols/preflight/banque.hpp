#pragma once

#include <memory>
#include <span>

#include "protocols/rules/unit_reader.hpp"

/// Bank accounts, wherever a flow carries them (helios P6, P16). Internal to this folder.
namespace demat::preflight {

[[nodiscard]] std::span<const rules::RuleInfo* const> banque_rules();
[[nodiscard]] std::unique_ptr<rules::Family> banque_family();

}  // namespace demat::preflight
