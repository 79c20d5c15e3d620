#pragma once

#include "gateway/config/settings.hpp"
#include "protocols/base/digest.hpp"
#include "protocols/base/result.hpp"

namespace demat::timestamping {

/// Posts a TimeStampReq and gives what came back with 200 as application/timestamp-reply. Nothing is
/// followed, no proxy asked, no answer read beyond 1 MiB. Error: `timestamp.unreachable` (waiting).
[[nodiscard]] Result<Bytes> exchange(const config::TimestampAuthority& authority, const Bytes& request);

}  // namespace demat::timestamping
