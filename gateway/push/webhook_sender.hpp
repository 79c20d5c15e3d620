#pragma once

#include <string>

#include "gateway/config/settings.hpp"
#include "gateway/store/outbox.hpp"

namespace demat::push {

/// What came of one POST. `error_code` is empty when the recipient took it (2xx).
struct SendOutcome {
  int http_status = 0;  ///< 0: no answer
  std::string error_code;
};

/// POSTs one delivery: small JSON, Demat-Delivery with its id, Demat-Signature. TLS is verified, no redirect
/// is followed, no proxy is used; the address is looked at when it is connected to, so that no name can lead
/// to the inside. Error codes: `push.refused` (another status than 2xx), `push.unreachable`, `push.tls`,
/// `push.timeout`, `push.host` (not allowed any more), `push.private_address`. Thread-safe.
[[nodiscard]] SendOutcome send_webhook(const store::DueDelivery& due, const config::Push& push, Instant now);

}  // namespace demat::push
