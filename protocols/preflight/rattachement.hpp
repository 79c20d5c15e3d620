#pragma once

#include <memory>
#include <span>

#include "protocols/rules/unit_reader.hpp"

/// What a ligne says of the pièce it corrects or follows (RattachPiece, helios P20), in dépense and recette.
/// Internal to this folder.
namespace demat::preflight {

[[nodiscard]] std::span<const rules::RuleInfo* const> rattachement_rules();
[[nodiscard]] std::unique_ptr<rules::Family> rattachement_family();

}  // namespace demat::preflight
