#pragma once

#include <string>

#include "gateway/http/shared.hpp"

namespace demat::http {

/// Status line and headers up to the empty line, with Date, Content-Length, Connection, X-Request-Id and the
/// server's own headers.
[[nodiscard]] std::string response_head(const Response& response, std::size_t content_length, bool keep_alive,
                                        const std::string& request_id, const ServerOptions& options);

[[nodiscard]] std::size_t body_size(const Response& response);

/// The caller's X-Request-Id when it is 8 to 64 letters, digits, '.', '_' or '-', else a new UUID.
[[nodiscard]] std::string choose_request_id(std::string_view offered);

}  // namespace demat::http
