#pragma once

#include <string>
#include <string_view>
#include <vector>

/// A canonical form cut into its tokens. Internal to this folder.
namespace demat::actes {

struct Token {
  enum class Kind { start, end, text, comment, instruction };
  Kind kind = Kind::text;
  std::string_view bytes;  ///< as they stand
  std::size_t depth = 0;   ///< elements around it

  [[nodiscard]] bool is_blank() const;
  /// Name of an element, with its prefix.
  [[nodiscard]] std::string_view name() const;
};

/// Tokens of what xml::canonical() gives: no declaration, no CDATA, no empty-element tags, '<' and '>' only
/// where tags begin and end (an attribute value may hold '>').
[[nodiscard]] std::vector<Token> tokens_of(std::string_view canonical);

/// The canonical form that the document would have after being written again with an indentation of three and
/// without line breaks, less the element `left_out` below the root and the text after it, and less comments.
[[nodiscard]] std::string indented_without(std::string_view canonical, std::string_view left_out);

/// The same without being written again.
[[nodiscard]] std::string without(std::string_view canonical, std::string_view left_out);

}  // namespace demat::actes
