#pragma once

#include <string_view>

#include "protocols/base/error.hpp"

namespace demat::timestamp {

[[nodiscard]] Error bad_request(std::string_view detail);
[[nodiscard]] Error response_unreadable();
[[nodiscard]] Error refused(std::string_view detail);
[[nodiscard]] Error mismatch(std::string_view detail);
[[nodiscard]] Error untrue(const Error& why);

[[nodiscard]] Error token_unreadable(std::string_view detail = {});
[[nodiscard]] Error token_signature(std::string_view detail = {});
[[nodiscard]] Error token_certificate(std::string_view detail);
[[nodiscard]] Error token_usage();
[[nodiscard]] Error token_algorithm();
[[nodiscard]] Error token_imprint();

}  // namespace demat::timestamp
