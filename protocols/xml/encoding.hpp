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

}  // namespace demat::xml::detail
