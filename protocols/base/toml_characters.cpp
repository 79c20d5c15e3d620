#include "protocols/base/toml_characters.hpp"

#include <algorithm>
#include <string>

#include "protocols/base/utf8.hpp"

namespace demat {
namespace {

tl::unexpected<Error> wrong(std::size_t line, std::string_view fr, std::string_view en) {
  Error error = permanent_error("config.syntax", "Ce n'est pas du TOML correct : " + std::string(fr),
                                "This is not correct TOML: " + std::string(en));
  error.place.line = line;
  return failure(std::move(error));
}

/// Follows strings and comments, nothing else. What it takes for the end of a string in a text that is not
/// correct anyway does not matter: toml++ refuses that text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  Status run() {
    while (!text_.empty()) {
      const std::size_t length = utf8_length(text_);
      if (length == 0) return wrong(line_, "un octet n'est pas de l'UTF-8.", "a byte is not UTF-8.");
      if (length > 1 && (mode_ == Mode::plain || (doubtful_ && mode_ != Mode::comment))) {
        return wrong(line_, "un caractère accentué n'est admis que dans une chaîne ou un commentaire.",
                     "a character beyond ASCII may stand in a string or a comment only.");
      }
      text_.remove_prefix(length == 1 ? step(text_.front()) : length);
    }
    return {};
  }

 private:
  enum class Mode { plain, comment, line_string, long_string };

  /// Looks at an ASCII character; returns how many bytes it takes with it.
  std::size_t step(char c) {
    if (c == '\n') {
      ++line_;
      if (mode_ != Mode::long_string) mode_ = Mode::plain;
      if (mode_ == Mode::plain) bare_ = equals_ = false;
      return 1;
    }
    switch (mode_) {
      case Mode::plain:
        return step_plain(c);
      case Mode::comment:
        return 1;
      case Mode::line_string:
      case Mode::long_string:
        return step_string(c);
    }
    return 1;
  }

  std::size_t step_plain(char c) {
    if (c == '#') mode_ = Mode::comment;
    if (c != '"' && c != '\'') {
      follow(c);
      return 1;
    }
    quote_ = c;
    doubtful_ = bare_;
    const bool three = text_.starts_with(std::string(3, c));
    mode_ = three ? Mode::long_string : Mode::line_string;
    return three ? 3 : 1;
  }

  /// Keeps whether the character before the next one belongs to a bare value or key.
  void follow(char c) {
    switch (c) {
      case ' ':
      case '\t':
      case '\r':
        bare_ = false;
        break;
      case ',':
      case ']':
      case '}':
        bare_ = equals_ = false;
        break;
      case '[':
      case '{':
        if (!bare_) equals_ = false;
        break;
      case '=':
        bare_ = equals_;  // a second one belongs to the value
        equals_ = true;
        break;
      default:
        bare_ = true;
    }
  }

  std::size_t step_string(char c) {
    // An escaped quote or backslash ends nothing; an escaped line end is counted when it is met.
    if (c == '\\' && quote_ == '"') return text_.size() > 1 && (text_[1] == '"' || text_[1] == '\\') ? 2 : 1;
    if (c != quote_) return 1;
    if (mode_ == Mode::line_string) {
      mode_ = Mode::plain;
      return 1;
    }
    const std::size_t quotes = std::min(text_.find_first_not_of(quote_), text_.size());
    if (quotes < 3) return quotes;
    mode_ = Mode::plain;
    return std::min<std::size_t>(quotes, 5);  // two more may belong to the string
  }

  std::string_view text_;
  Mode mode_ = Mode::plain;
  char quote_ = '"';
  bool bare_ = false;      ///< the last character belongs to a bare value or key
  bool equals_ = false;    ///< the key of this entry has ended
  bool doubtful_ = false;  ///< toml++ reads what stands in these quotes as the rest of a bare value
  std::size_t line_ = 1;
};

}  // namespace

Status check_toml_characters(std::string_view text) {
  return Scanner(text).run();
}

}  // namespace demat
