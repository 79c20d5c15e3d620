#pragma once

#include <string>
#include <string_view>

#include "protocols/base/error.hpp"

namespace demat::timestamping {

[[nodiscard]] Error unreachable(const std::string& authority, std::string_view detail);
[[nodiscard]] Error drift(const std::string& authority, std::string_view time);
[[nodiscard]] Error untrusted(const std::string& authority, std::string_view why);

}  // namespace demat::timestamping
