#pragma once

#include <span>

#include "protocols/rules/rule.hpp"

namespace demat::preflight {

/// The rules about what an authority has sent before. They are judged by the gateway, which remembers; here
/// are their rows, so that they are listed, explained and configured as all the others.
[[nodiscard]] std::span<const rules::RuleInfo* const> history_rules();

}  // namespace demat::preflight
