#pragma once

#include <string_view>

#include "gateway/base/clock.hpp"
#include "gateway/config/settings.hpp"
#include "gateway/trust/desk.hpp"
#include "protocols/base/digest.hpp"
#include "protocols/base/result.hpp"

namespace demat::timestamping {

/// A token (DER) of that authority over `bytes`: it answers our question, holds, its time is near `now`, and
/// its certificate passes the authority's trust profile for time stamping. Takes as long as the timeouts of
/// the settings allow. Errors, all waiting: `timestamp.unreachable`, `timestamp.drift`,
/// `timestamp.untrusted`, and those of timestamp::read_response. Thread-safe.
[[nodiscard]] Result<Bytes> stamp(const config::TimestampAuthority& authority,
                                  const trust_desk::TrustDesk& desk, std::string_view bytes, Instant now);

}  // namespace demat::timestamping
