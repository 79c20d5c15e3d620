#pragma once

#include "gateway/api/services.hpp"
#include "gateway/http/router.hpp"

namespace demat::api {

/// Bytes that the files and the metadata of one deposit of ACTES may have: what the ministry takes
/// (actes 2.3), or more where `http.max_payload` says so.
[[nodiscard]] std::uint64_t most_of_acte(const Services& services);

/// POST /v1/actes: a part "metadata" (JSON), one part "acte", parts "annexe"; or one part "enveloppe" alone,
/// the ready-made tar.gz. 202 only from a DurableReceipt.
[[nodiscard]] http::Opening open_acte(const Services& services, const http::Request& request);

/// POST /v1/letters/{id}/answer: a part "metadata" (JSON), parts "document".
[[nodiscard]] http::Opening open_answer(const Services& services, const http::Request& request);

}  // namespace demat::api
