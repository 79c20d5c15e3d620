#pragma once

#include <memory>
#include <span>

#include "protocols/rules/rule.hpp"
#include "protocols/rules/unit_reader.hpp"

/// The families of rules, one file each. Internal to this folder.
namespace demat::preflight {

struct FamilyEntry {
  std::span<const rules::RuleInfo* const> (*rules)();
  std::unique_ptr<rules::Family> (*make)();
};

/// In the order in which their rules are listed.
[[nodiscard]] std::span<const FamilyEntry> families();

}  // namespace demat::preflight
