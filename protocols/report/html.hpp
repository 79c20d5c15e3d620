#pragma once

#include <string>

#include "protocols/report/sheet.hpp"

namespace demat::report {

/// The report as one HTML page that needs nothing else: no script, no font, no picture, nothing from
/// elsewhere; headings, lists and words carry the sense, colours only help. French, English folded under each
/// finding. All that comes from the document is escaped. Thread-safe.
[[nodiscard]] std::string to_html(const Sheet& sheet);

}  // namespace demat::report
