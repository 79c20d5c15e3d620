#pragma once

#include "gateway/api/services.hpp"
#include "gateway/http/router.hpp"

namespace demat::api {

/// The native API v1 with its probes, as docs/openapi.yaml describes it. `services` must outlive the router.
[[nodiscard]] http::Router make_routes(const Services& services);

/// /livez, /readyz and /metrics without identity, for the local listener in clear.
[[nodiscard]] http::Router make_plain_routes(const Services& services);

}  // namespace demat::api
