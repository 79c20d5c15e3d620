#pragma once

#include "gateway/api/services.hpp"
#include "gateway/http/router.hpp"

namespace demat::api {

/// POST /v1/actes: a part "metadata" (JSON), one part "acte", parts "annexe". 202 only from a DurableReceipt.
[[nodiscard]] http::Opening open_acte(const Services& services, const http::Request& request);

/// POST /v1/letters/{id}/answer: a part "metadata" (JSON), parts "document".
[[nodiscard]] http::Opening open_answer(const Services& services, const http::Request& request);

}  // namespace demat::api
