#include "gateway/http/head_scan.hpp"

#include <algorithm>

#include "gateway/http/server.hpp"

namespace demat::http {
namespace {

bool has_control(std::string_view line) {
  return std::any_of(line.begin(), line.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

/// Why a line of the head, without its CRLF, cannot be taken; empty when it can.
std::string_view trouble_with(std::string_view line, bool first) {
  if (has_control(line)) return "control character";
  if (first) return line.empty() ? "empty request line" : std::string_view();
  if (line.front() == ' ' || line.front() == '\t') return "folded line";
  const auto colon = line.find(':');
  if (colon == 0 || colon == line.npos) return "header without name";
  if (line.substr(0, colon).find_first_of(" \t") != line.npos) return "space in a header name";
  return {};
}

}  // namespace

HeadScan scan_head(std::string_view bytes) {
  std::size_t at = 0;
  for (std::size_t line_number = 0;; ++line_number) {
    const auto rest = bytes.substr(at);
    const auto end = rest.find('\n');
    const bool whole = end != rest.npos;
    if (at + (whole ? end : rest.size()) > limits::request_head) return {HeadShape::too_large, 0, {}};
    if (!whole) return {};
    if (end == 0 || rest[end - 1] != '\r') return {HeadShape::malformed, 0, "bare line feed"};
    const auto line = rest.substr(0, end - 1);
    at += end + 1;
    if (line.empty() && line_number > 0) return {HeadShape::complete, at, {}};
    if (line_number > limits::header_lines) return {HeadShape::too_large, 0, {}};
    if (const auto why = trouble_with(line, line_number == 0); !why.empty())
      return {HeadShape::malformed, 0, why};
  }
}

}  // namespace demat::http
