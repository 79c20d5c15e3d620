#pragma once

#include <cstddef>
#include <string_view>

namespace demat::http {

enum class HeadShape { incomplete, complete, malformed, too_large };

struct HeadScan {
  HeadShape shape = HeadShape::incomplete;
  std::size_t size = 0;  ///< of the complete head, its empty line included
  std::string_view why;  ///< when malformed
};

/// Looks at the first bytes of a request, strictly as RFC 9112 writes them: lines end with CRLF, no line is
/// folded, no control character, no empty name, at most limits::request_head bytes and limits::header_lines
/// lines. Every reader of such a head agrees with every other on where it ends (request smuggling, peers
/// 4-15).
[[nodiscard]] HeadScan scan_head(std::string_view bytes);

}  // namespace demat::http
