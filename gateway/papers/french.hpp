#pragma once

// Inner header: dates, sizes and punctuation as a French reader expects them.

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/paris.hpp"

namespace demat::papers {

/// "22/11/2026"
[[nodiscard]] std::string french_day(ParisDay day);
/// "22/11/2026 à 07:15:03 (UTC+01:00)", as the clocks of Paris show it.
[[nodiscard]] std::string french_moment(Instant instant);
/// "850 octets", "12,4 Ko", "3,2 Mo": decimal units, no-break blanks.
[[nodiscard]] std::string french_size(std::uint64_t bytes);
/// "12 345", with narrow no-break blanks.
[[nodiscard]] std::string french_number(std::uint64_t number);
/// No-break blanks before ; : ! ? » and after «, where a plain blank stood; "'" between letters becomes "’".
[[nodiscard]] std::string french_text(std::string_view text);
/// One line of at most `most` characters: runs of white space become one blank, what is cut ends with "…".
[[nodiscard]] std::string one_line(std::string_view text, std::size_t most);

}  // namespace demat::papers
