#pragma once

#include <memory>
#include <span>

#include "protocols/rules/unit_reader.hpp"

/// Attachments, what refers to them and what they refer to (helios P7, P10 to P13). Internal to this folder.
namespace demat::preflight {

/// Kept in Verdicts::memory for the family: whether the content of attachments is looked at.
struct PjOptions {
  bool open = true;
};

[[nodiscard]] std::span<const rules::RuleInfo* const> pj_rules();
[[nodiscard]] std::unique_ptr<rules::Family> pj_family();

}  // namespace demat::preflight
