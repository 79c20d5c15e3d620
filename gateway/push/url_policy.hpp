#pragma once

#include <string>

#include "gateway/base/hosts.hpp"
#include "gateway/config/settings.hpp"
#include "protocols/base/result.hpp"

namespace demat::push {

/// Where a webhook may go (peers 4-4): https, no user, a host of push.allowed_hosts. Errors: `push.off` (none
/// is allowed), `push.url`, `push.host`.
[[nodiscard]] Status check_url(const std::string& url, const config::Push& push);

/// The host of an accepted URL, in lower case; empty when it has none.
[[nodiscard]] std::string host_of(const std::string& url);

}  // namespace demat::push
