#include "protocols/mail/guard.hpp"

#include <algorithm>
#include <string>

#include "protocols/mail/refusal.hpp"

namespace demat::mail::detail {
namespace {

constexpr std::size_t piece_bytes = 65'536;

/// Counts line by line as the mail streams by.
class RawCheck {
 public:
  explicit RawCheck(const Limits& limits) : limits_(limits) {}

  Status feed(std::string_view piece) {
    for (std::size_t i = 0; i < piece.size();) {
      if (settled()) {  // nothing more to learn from this line
        const std::size_t end = std::min(piece.find('\n', i), piece.size());
        seen_ += end - i;
        i = end;
        if (auto fine = check_header(); !fine) return fine;
        if (i == piece.size()) break;
      }
      if (auto fine = piece[i] == '\n' ? end_line() : take(piece[i]); !fine) return fine;
      ++seen_;
      ++i;
    }
    return {};
  }

 private:
  [[nodiscard]] bool settled() const { return !naming_ && column_ >= 2; }

  [[nodiscard]] Status check_header() const {
    return in_header_ && seen_ > limits_.headers ? failure(refusal(Reason::headers_too_large)) : Status();
  }

  Status take(char c) {
    ++column_;
    empty_ = column_ == 1 && c == '\r';
    dash_ = c == '-' && (column_ == 1 || (column_ == 2 && dash_));
    if (column_ == 2 && dash_ && ++boundaries_ > limits_.boundary_lines)
      return failure(refusal(Reason::too_many_parts));
    if (!naming_) return {};
    // "Name:" at the start of a line (RFC 5322 2.2).
    if (c == ':' && column_ > 1 && ++fields_ > limits_.header_lines)
      return failure(refusal(Reason::headers_too_large));
    naming_ = c > ' ' && c <= '~' && c != ':';
    return {};
  }

  Status end_line() {
    if (column_ == 0 || empty_) in_header_ = false;
    column_ = 0;
    naming_ = true;
    return check_header();
  }

  const Limits& limits_;
  std::size_t seen_ = 0;
  std::size_t fields_ = 0;
  std::size_t boundaries_ = 0;
  std::size_t column_ = 0;
  bool in_header_ = true;
  bool empty_ = false;  ///< nothing but a carriage return so far
  bool dash_ = false;   ///< nothing but dashes so far
  bool naming_ = true;  ///< may still be the name of a field
};

}  // namespace

Status check_raw(const ByteSource& mail, const Limits& limits) {
  if (mail.size() > limits.message) return failure(refusal(Reason::too_large));
  RawCheck check(limits);
  std::string piece(std::min(piece_bytes, mail.size()), '\0');
  for (std::size_t offset = 0; offset < mail.size();) {
    const auto got = mail.read(offset, piece);
    if (!got) return failure(got.error());
    if (*got == 0) return failure(unreadable());
    if (auto fine = check.feed({piece.data(), *got}); !fine) return fine;
    offset += *got;
  }
  return {};
}

}  // namespace demat::mail::detail
