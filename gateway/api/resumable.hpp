#pragma once

#include "gateway/api/services.hpp"
#include "gateway/http/router.hpp"

namespace demat::api {

/// PATCH /v1/uploads/{id}: bytes from Upload-Offset on. 204 with the new Upload-Offset, which is durable;
/// once the file is whole, the answer of POST /v1/flows, and the same one again to whoever repeats the
/// request.
[[nodiscard]] http::Opening open_continuation(const Services& services, const http::Request& request);

/// An upload of the caller's own, to which he may still deposit; else `upload.unknown`.
[[nodiscard]] Result<store::Upload> own_upload(const Services& services, const flow::Identity& identity,
                                               const std::string& id);

}  // namespace demat::api
