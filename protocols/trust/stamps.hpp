#pragma once

// Inner header: time stamps of signatures, verified and judged.

#include <vector>

#include "protocols/trust/evidence.hpp"
#include "protocols/trust/profile.hpp"
#include "protocols/trust/time_stamp.hpp"

namespace demat::trust {

struct JudgedStamp {
  StampFacts facts;
  std::vector<Evidence> evidence;  ///< behind the authority's own revocation
};

/// Whether a token holds, and whether the profile trusts its authority at the time that it states. `profile`
/// null: it is told, and never accepted.
[[nodiscard]] JudgedStamp judge_stamp(const TrustProfile* profile, const StampInput& input, Instant received,
                                      Instant now);

}  // namespace demat::trust
