#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace demat::actes {

/// The characters of `utf8` that an ISO-8859-1 document cannot say, each once, in order: beyond U+00FF,
/// control characters, bytes that are no UTF-8 (as U+FFFD).
[[nodiscard]] std::vector<std::string> not_latin1(std::string_view utf8);

/// A text to propose instead: typographic quotes, dashes, ellipses, ligatures, currency signs and foreign
/// letters as their nearest spelling, '?' for what has none. Never applied without a person's consent
/// (decisions, Actes).
[[nodiscard]] std::string latin1_proposal(std::string_view utf8);

/// UTF-8 to ISO-8859-1; what ISO-8859-1 does not have becomes '?', so ask not_latin1() first.
[[nodiscard]] std::string to_latin1(std::string_view utf8);

/// Windows-1252, or ISO-8859-1, as UTF-8.
[[nodiscard]] std::string utf8_from_windows1252(std::string_view bytes);

/// Number of characters.
[[nodiscard]] std::size_t characters(std::string_view utf8);

}  // namespace demat::actes
