#pragma once

#include <string>
#include <string_view>

namespace demat {

/// Length of the well-formed UTF-8 sequence at the start of `text`, 0 when there is none (RFC 3629: no
/// surrogates, no overlong form, nothing beyond U+10FFFF).
[[nodiscard]] std::size_t utf8_length(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view text);

/// The text with every byte that is part of no UTF-8 sequence replaced by U+FFFD. Thread-safe.
[[nodiscard]] std::string utf8_replaced(std::string text);

/// ISO-8859-1 as UTF-8; its C1 controls (0x80 to 0x9F), which no file name means, are left out.
[[nodiscard]] std::string utf8_from_latin1(std::string_view text);

}  // namespace demat
