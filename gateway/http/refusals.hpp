#pragma once

#include <cstdint>
#include <string>

#include "gateway/http/problem.hpp"

/// The problems that the server itself answers, before any handler.
namespace demat::http::refusals {

[[nodiscard]] Problem malformed(std::string_view technical);
[[nodiscard]] Problem head_too_large();
[[nodiscard]] Problem too_large(std::uint64_t limit);
[[nodiscard]] Problem not_found();
[[nodiscard]] Problem method_not_allowed();
[[nodiscard]] Problem expectation();
[[nodiscard]] Problem transfer_coding();
[[nodiscard]] Problem busy();
[[nodiscard]] Problem too_slow();           ///< 408
[[nodiscard]] Problem too_many_requests();  ///< 429
[[nodiscard]] Problem internal();

}  // namespace demat::http::refusals
