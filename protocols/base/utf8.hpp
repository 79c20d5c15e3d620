#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace demat {

/// Length of the well-formed UTF-8 sequence at the start of `text`, 0 when there is none (RFC 3629: no
/// surrogates, no overlong form, nothing beyond U+10FFFF).
[[nodiscard]] std::size_t utf8_length(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view text);

/// As much of the text as `bytes` hold, cut between two characters.
[[nodiscard]] std::string_view utf8_first(std::string_view text, std::size_t bytes);

/// The same for people: "…" stands behind a text that was cut.
[[nodiscard]] std::string utf8_shortened(std::string_view text, std::size_t bytes);

/// Characters of the text, which is UTF-8.
[[nodiscard]] std::size_t utf8_characters(std::string_view text);

/// The text with every byte that is part of no UTF-8 sequence replaced by U+FFFD. Thread-safe.
[[nodiscard]] std::string utf8_replaced(std::string text);

/// The code point of one well-formed UTF-8 sequence, as utf8_length() found it.
[[nodiscard]] char32_t utf8_point(std::string_view sequence);

/// What shows nothing of its own, or changes how what stands around it is shown: controls (C0, DEL, C1), soft
/// hyphen, zero-width and bidirectional characters, line separators, byte order mark, interlinear marks,
/// tags. No name that people are shown may hold one.
[[nodiscard]] bool is_invisible(char32_t point);

/// The text with a blank for every invisible character and U+FFFD for every byte that is no UTF-8: one line,
/// safe on a terminal and in a page that escapes it. Thread-safe.
[[nodiscard]] std::string utf8_visible(std::string_view text);

/// ISO-8859-1 as UTF-8; its C1 controls (0x80 to 0x9F), which no file name means, are left out.
[[nodiscard]] std::string utf8_from_latin1(std::string_view text);

}  // namespace demat
