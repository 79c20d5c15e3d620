#pragma once

#include <cstddef>
#include <string_view>

namespace demat::mail::detail {

/// Whether base64 text was whole: decoders are lenient and say nothing (RFC 2045 6.8). Fed piece by piece.
class Base64Check {
 public:
  void feed(std::string_view text);
  [[nodiscard]] bool whole() const { return !foreign_ && digits_ % 4 == 0; }

 private:
  std::size_t digits_ = 0;  ///< with padding
  std::size_t padding_ = 0;
  bool foreign_ = false;
};

/// The same for quoted-printable (RFC 2045 6.7): every "=" is followed by two hexadecimal digits or a line
/// end.
class QuotedPrintableCheck {
 public:
  void feed(std::string_view text);
  [[nodiscard]] bool whole() const { return !foreign_ && state_ != State::hex; }

 private:
  enum class State { text, escape, hex, line_end };
  void take(char c);
  State state_ = State::text;
  bool foreign_ = false;
};

}  // namespace demat::mail::detail
