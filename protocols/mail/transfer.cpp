#include "protocols/mail/transfer.hpp"

namespace demat::mail::detail {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

}  // namespace

void Base64Check::feed(std::string_view text) {
  for (const char c : text) {
    if (is_space(c)) continue;
    ++digits_;
    if (c == '=')
      foreign_ = foreign_ || ++padding_ > 2;
    else if (padding_ > 0 || !(is_alphanumeric(c) || c == '+' || c == '/'))
      foreign_ = true;
  }
}

void QuotedPrintableCheck::feed(std::string_view text) {
  for (const char c : text)
    take(c);
}

void QuotedPrintableCheck::take(char c) {
  switch (state_) {
    case State::text:
      if (c == '=') state_ = State::escape;
      return;
    case State::escape:
      if (is_hex(c)) {
        state_ = State::hex;
        return;
      }
      state_ = c == '\n' ? State::text : State::line_end;
      foreign_ = foreign_ || !is_space(c);
      return;
    case State::hex:
      foreign_ = foreign_ || !is_hex(c);
      state_ = State::text;
      return;
    case State::line_end:  // white space that a relay put between "=" and the line end
      foreign_ = foreign_ || !is_space(c);
      if (c == '\n') state_ = State::text;
      return;
  }
}

}  // namespace demat::mail::detail
