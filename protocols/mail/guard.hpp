#pragma once

#include <string_view>

#include "protocols/base/result.hpp"
#include "protocols/mail/limits.hpp"

namespace demat::mail::detail {

/// Looks at the raw bytes before the parser does: sizes, and the lines that could cost it memory.
[[nodiscard]] Status check_raw(std::string_view bytes, const Limits& limits);

}  // namespace demat::mail::detail
