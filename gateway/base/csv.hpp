#pragma once

#include <span>
#include <string>

namespace demat {

/// How a CSV for spreadsheets begins: the mark of UTF-8.
inline constexpr const char* csv_mark = "\xEF\xBB\xBF";

/// One line of a CSV (RFC 4180, commas, CRLF) from texts that may come from outside: what is not UTF-8 is
/// replaced, and a cell that starts like a formula does not become one.
[[nodiscard]] std::string csv_line(std::span<const std::string> cells);

}  // namespace demat
