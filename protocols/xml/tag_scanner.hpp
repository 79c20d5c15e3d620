#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "protocols/base/byte_source.hpp"
#include "protocols/base/result.hpp"

namespace demat::xml {

/// Byte offsets of one element in the original bytes.
struct ElementSpan {
  std::size_t begin = 0;      ///< of '<' of the start tag
  std::size_t start_end = 0;  ///< one past '>' of the start tag
  std::size_t end_begin =
      0;                ///< of '<' of the end tag; == start_end - 0 for an empty element tag (`self_closing`)
  std::size_t end = 0;  ///< one past the element
  bool self_closing = false;
};

/// Receives the tags of a document in order, with their place in its bytes; local names. Element depth is 1
/// for the root. An empty element tag has no end tag of its own.
class TagVisitor {
 public:
  virtual ~TagVisitor() = default;
  virtual void start_tag(std::string_view name, std::size_t begin, std::size_t end, std::size_t depth,
                         bool self_closing) = 0;
  virtual void end_tag(std::size_t begin, std::size_t end, std::size_t depth) = 0;
  /// False stops the pass, some bytes later.
  [[nodiscard]] virtual bool wants_more() const { return true; }
};

/// Reads the tags of `source` chunk by chunk, in bounded memory, without a parser: the guard of parse() alone
/// judges it. For ASCII-compatible encodings. Errors: those of reading, and of the guard (`xml.…`).
[[nodiscard]] Status scan_tags(const ByteSource& source, TagVisitor& visitor);

/// The byte spans of the elements whose local name (any prefix) is `name`, at depth `depth` (1 = root), in
/// document order. The bytes must have been accepted by parse() and be in an ASCII-compatible encoding;
/// comments, CDATA, processing instructions and attribute values are skipped properly. This is how a
/// signature is inserted without changing any other byte (stack rule 19).
[[nodiscard]] Result<std::vector<ElementSpan>> find_elements(std::string_view bytes, std::string_view name,
                                                             std::size_t depth);

}  // namespace demat::xml
