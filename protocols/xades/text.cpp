#include "protocols/xades/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <optional>

#include "protocols/base/utf8.hpp"

namespace demat::xades {
namespace {

constexpr std::string_view spaces = " \t\r\n";

/// The next code point of UTF-8 `text` at `at`, which moves past it; nothing for an ill-formed sequence.
std::optional<std::uint32_t> next_code_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t size = lead < 0x80 ? 1U : lead >= 0xF0 ? 4U : lead >= 0xE0 ? 3U : lead >= 0xC2 ? 2U : 0U;
  if (size == 0 || lead > 0xF4 || at + size > text.size()) return std::nullopt;
  std::uint32_t code = size == 1 ? lead : lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xC0U) != 0x80U) return std::nullopt;
    code = (code << 6U) | (next & 0x3FU);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < smallest[size]) return std::nullopt;
  at += size;
  return code;
}

bool is_xml_character(std::uint32_t c) {
  return c == 0x9 || c == 0xA || c == 0xD || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
         (c >= 0x10000 && c <= 0x10FFFF);
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '\r':
      out += "&#xD;";
      break;
    default:
      out += c;
  }
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(spaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

std::string short_text(std::string_view text) {
  constexpr std::size_t longest = 256;
  return utf8_shortened(text, longest);
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  for (auto at = text.find_first_not_of(spaces); at != std::string_view::npos;) {
    const auto end = std::min(text.find_first_of(spaces, at), text.size());
    found.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(spaces, end);
  }
  return found;
}

bool is_xml_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto code = next_code_point(text, at);
    if (!code || !is_xml_character(*code)) return false;
  }
  return true;
}

std::string canonical_escaped(std::string_view text) {
  std::string out;
  for (const char c : text)
    append_escaped(out, c);
  return out;
}

std::string ascii_escaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      append_escaped(out, text[at++]);
      continue;
    }
    const auto code = next_code_point(text, at);
    if (!code) return out;
    char reference[16];
    std::snprintf(reference, sizeof reference, "&#x%X;", static_cast<unsigned>(*code));
    out += reference;
  }
  return out;
}

}  // namespace demat::xades
