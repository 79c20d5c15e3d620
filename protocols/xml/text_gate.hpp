#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace demat::xml::detail {

/// Gathers one text for the schema validator, which is quadratic when fed in pieces (stack X6). Of a long
/// text only the head is kept: whether the whole is base64 is checked while it passes, and the validator gets
/// a shorter text that is base64 exactly when the whole is. Limits of length that a schema sets above the
/// head's size are therefore not seen; no published schema has any.
class TextGate {
 public:
  static constexpr std::size_t head_bytes = 65'536;

  void add(std::string_view piece);
  [[nodiscard]] bool blank() const { return blank_; }
  /// The text to validate in place of what was added; the gate is empty again afterwards.
  [[nodiscard]] std::string take();
  void clear();

 private:
  void add_tail(std::string_view piece);
  void scan(std::string_view piece);

  std::string head_;
  std::string offending_;  ///< first piece of the tail that no base64 can hold
  bool blank_ = true;
  bool tail_ = false;  ///< something came after the head
  bool base64_ = true;
  std::size_t symbols_ = 0;  ///< of the base64 alphabet, '=' included
  std::size_t padding_ = 0;
};

}  // namespace demat::xml::detail
