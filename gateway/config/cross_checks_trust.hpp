#pragma once

#include "gateway/config/cross_checks.hpp"

namespace demat::config {

/// Trust profiles: their folders, the names that destinations give, and that production has them (decisions,
/// Environment).
void check_trust(const Settings& settings, const SectionLines& lines, Complaints& complaints);

}  // namespace demat::config
