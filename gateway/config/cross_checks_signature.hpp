#pragma once

#include "gateway/config/section_checks.hpp"

namespace demat::config {

/// [[signature_policy]] and [[timestamp]], and the [[signer]]s that name a [[timestamp]]. Whether a signer's
/// policy is known is seen when keys are loaded, where those that are built in are known, too.
void check_signatures(const Settings& settings, const SectionLines& lines, Complaints& complaints);

}  // namespace demat::config
