#pragma once

#include "gateway/config/section_checks.hpp"

namespace demat::config {

/// [[pack]]; and [[rules]], as far as it can be told without the table of rules: whether a rule exists is
/// seen when the packs are loaded.
void check_rules(const Settings& settings, const SectionLines& lines, Complaints& complaints);

}  // namespace demat::config
