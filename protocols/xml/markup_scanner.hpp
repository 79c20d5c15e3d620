#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "protocols/base/result.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::xml::detail {

/// Reads the markup of a document byte by byte, in chunks, without keeping it: the guard that stands before
/// libxml2 and refuses DOCTYPE and everything over the limits before a parser has allocated anything for it
/// (stack X3, signature S5). It is not a parser: what it lets pass, libxml2 still checks. Right for
/// ASCII-compatible encodings.
class MarkupScanner {
 public:
  explicit MarkupScanner(const ParseLimits& limits) : limits_(limits) {}
  virtual ~MarkupScanner() = default;
  MarkupScanner(const MarkupScanner&) = delete;
  MarkupScanner& operator=(const MarkupScanner&) = delete;

  /// The next bytes. After an error the scanner must not be fed again.
  [[nodiscard]] Status feed(std::string_view chunk);
  /// Lines fully read so far.
  [[nodiscard]] std::size_t lines() const { return lines_; }

 protected:
  /// One start tag, from '<' at `begin` to one past '>' at `end`; `depth` is 1 for the root.
  virtual void start_tag(std::string_view /*qualified_name*/, std::size_t /*begin*/, std::size_t /*end*/,
                         std::size_t /*depth*/, bool /*self_closing*/) {}
  virtual void end_tag(std::size_t /*begin*/, std::size_t /*end*/, std::size_t /*depth*/) {}
  /// A comment, a CDATA section or a processing instruction begins.
  virtual void other_markup() {}

 private:
  enum class State {
    text,
    open,
    declaration,
    comment,
    cdata,
    instruction,
    name,
    tag,
    attribute_name,
    before_value,
    value,
    empty_tag,
    end_tag
  };

  /// The size of the tag at the start of `rest` when it is an ordinary one that lies in `rest` as a whole;
  /// else 0, nothing is taken in, and step() does it.
  [[nodiscard]] std::size_t whole_tag(std::string_view rest);
  [[nodiscard]] std::size_t whole_start_tag(std::string_view rest);
  [[nodiscard]] std::size_t whole_end_tag(std::string_view rest);
  [[nodiscard]] bool step(char c);
  [[nodiscard]] bool in_open(char c);
  [[nodiscard]] bool in_declaration(char c);
  [[nodiscard]] bool in_skipped(char c);
  [[nodiscard]] bool in_name(char c);
  [[nodiscard]] bool in_tag(char c);
  [[nodiscard]] bool in_attribute_name(char c);
  [[nodiscard]] bool in_before_value(char c);
  [[nodiscard]] bool in_value(char c);
  [[nodiscard]] bool close_start(bool self_closing);
  [[nodiscard]] bool begin_attribute(char c);
  /// How many of the next bytes change nothing but a name or a length; they are taken in at once.
  [[nodiscard]] std::size_t take_run(std::string_view rest);
  void enter(State state);
  /// Keeps the error for feed(); false.
  bool refuse(Error error);

  ParseLimits limits_;
  Error error_;  ///< set by refuse()
  State state_ = State::text;
  std::size_t offset_ = 0;  ///< of the byte being read
  std::size_t lines_ = 0;
  std::size_t depth_ = 0;
  std::size_t tag_begin_ = 0;
  std::size_t attributes_ = 0;  ///< of the current tag
  std::size_t namespaces_ = 0;
  std::size_t length_ = 0;  ///< of the current value, comment or instruction
  char quote_ = '"';
  std::string name_;  ///< element or attribute name, or the "--", "?", "]]" read so far
  std::string element_;
};

}  // namespace demat::xml::detail
