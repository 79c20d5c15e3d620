#pragma once

#include <string>

#include "protocols/report/sheet.hpp"

namespace demat::report {

struct TextStyle {
  bool colour = false;  ///< escape sequences of ECMA-48, for a terminal
  Language language = Language::both;
};

/// The report as lines of text, in UTF-8: what it is about, the findings by subject in the order of the
/// document, each with its line, value, expectation and remedy, and the verdict last. Thread-safe.
[[nodiscard]] std::string to_text(const Sheet& sheet, const TextStyle& style);

}  // namespace demat::report
