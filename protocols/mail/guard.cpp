#include "protocols/mail/guard.hpp"

#include <algorithm>

#include "protocols/mail/refusal.hpp"

namespace demat::mail::detail {
namespace {

/// "Name:" at the start of a line (RFC 5322 2.2).
bool is_field(std::string_view line) {
  const auto end =
      std::find_if(line.begin(), line.end(), [](char c) { return c <= ' ' || c > '~' || c == ':'; });
  return end != line.begin() && end != line.end() && *end == ':';
}

}  // namespace

Status check_raw(std::string_view bytes, const Limits& limits) {
  if (bytes.size() > limits.message) return failure(refusal(Reason::too_large));
  std::size_t fields = 0;
  std::size_t boundaries = 0;
  bool in_header = true;
  for (std::size_t start = 0; start < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', start), bytes.size());
    const std::string_view line = bytes.substr(start, end - start);
    if (line.empty() || line == "\r") in_header = false;
    if (in_header && end > limits.headers) return failure(refusal(Reason::headers_too_large));
    if (line.starts_with("--") && ++boundaries > limits.boundary_lines)
      return failure(refusal(Reason::too_many_parts));
    if (is_field(line) && ++fields > limits.header_lines) return failure(refusal(Reason::headers_too_large));
    start = end + 1;
  }
  return {};
}

}  // namespace demat::mail::detail
