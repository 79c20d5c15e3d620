#pragma once

#include <cstddef>
#include <string_view>

#include "protocols/base/result.hpp"

namespace demat::xml::detail {

/// Enough of a document to see its byte-order mark and its XML declaration.
inline constexpr std::size_t declaration_window = 1024;

/// Refuses (`xml.encoding`) every encoding in which the byte '<' could mean something else than '<', or that
/// contradicts its byte-order mark: our lexical guard and the textual signing read bytes.
[[nodiscard]] Status check_encoding(std::string_view first_bytes);

/// How bytes get to libxml2, which reads UTF-8 faster than anything it has to convert itself.
enum class Conversion {
  none,     ///< they are UTF-8 already
  latin1,   ///< ISO-8859-1: by latin1_to_utf8()
  library,  ///< by libxml2
};
[[nodiscard]] Conversion conversion_of(std::string_view first_bytes);

/// Writes ISO-8859-1 `bytes` as UTF-8 to `out`, which has room for twice as many; returns how many it wrote.
[[nodiscard]] std::size_t latin1_to_utf8(std::string_view bytes, char* out);
/// Whether all bytes are ASCII.
[[nodiscard]] bool is_ascii(std::string_view bytes);

/// Checks, chunk by chunk, that the bytes are those of the encoding: libxml2 names such faults badly, or too
/// late.
class EncodingCheck {
 public:
  /// `first_bytes` as for check_encoding(), which has accepted them.
  explicit EncodingCheck(std::string_view first_bytes);
  /// The next bytes; `xml.encoding` with the line of the first wrong one.
  [[nodiscard]] Status feed(std::string_view chunk);

 private:
  enum class Kind { utf8, ascii, any };

  [[nodiscard]] bool accepts_utf8(unsigned char byte);

  Kind kind_;
  std::size_t lines_ = 0;
  unsigned pending_ = 0;         ///< continuation bytes still to come
  unsigned char lowest_ = 0x80;  ///< bounds of the next continuation byte
  unsigned char highest_ = 0xBF;
};

}  // namespace demat::xml::detail
