#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/result.hpp"
#include "protocols/xml/tag_scanner.hpp"

namespace demat::xades {

/// A text to put as last content of an element.
struct Insertion {
  xml::ElementSpan span;  ///< of the element, in the original bytes
  std::string text;
};

/// The original bytes with every text inserted just before its element's end tag; no other byte changes. An
/// empty element tag `<B/>` is opened first, the only way to give it content. Insertions come in document
/// order and their elements do not nest. One pass over the bytes.
[[nodiscard]] std::string splice(std::string_view bytes, const std::vector<Insertion>& insertions);

/// Success when `signed_bytes` without the ds:Signature elements that Assembly writes is `original`, byte for
/// byte (signature RS11); else `xades.bytes_changed`. Undoes what splice() does to empty element tags.
/// Linear.
[[nodiscard]] Status only_signatures_added(std::string_view original, std::string_view signed_bytes);

}  // namespace demat::xades
