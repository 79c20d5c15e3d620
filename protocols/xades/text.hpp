#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace demat::xades {

/// Without the XML white space at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// `text` as far as a report needs it: whoever signs decides how long it is.
[[nodiscard]] std::string short_text(std::string_view text);

/// The words between runs of XML white space; views into `text`.
[[nodiscard]] std::vector<std::string_view> words(std::string_view text);

/// Whether `text` is UTF-8 made only of characters that XML 1.0 allows.
[[nodiscard]] bool is_xml_text(std::string_view text);

/// Canonical escapes of a text node.
[[nodiscard]] std::string canonical_escaped(std::string_view text);

/// The same for a document in any ASCII-compatible encoding: what is not ASCII becomes a numeric reference,
/// which canonicalises to the character itself. Precondition: `text` is UTF-8.
[[nodiscard]] std::string ascii_escaped(std::string_view text);

}  // namespace demat::xades
