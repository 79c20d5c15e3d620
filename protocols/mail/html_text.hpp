#pragma once

#include <string>
#include <string_view>

namespace demat::mail {

/// What a reader sees of an HTML body: text without tags, scripts, styles and comments, references resolved,
/// white space as one blank, a line for each block. For finding words in notices (actes 5.3), not for
/// showing. UTF-8 in and out; linear; any input will do. Thread-safe.
[[nodiscard]] std::string html_text(std::string_view html);

}  // namespace demat::mail
