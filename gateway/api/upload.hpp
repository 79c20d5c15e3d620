#pragma once

#include "gateway/api/services.hpp"
#include "gateway/http/router.hpp"

namespace demat::api {

/// POST /v1/flows: 202 only from a DurableReceipt.
[[nodiscard]] http::Opening open_deposit(const Services& services, const http::Request& request);

/// POST /v1/check: the whole report, nothing kept.
[[nodiscard]] http::Opening open_check(const Services& services, const http::Request& request);

}  // namespace demat::api
