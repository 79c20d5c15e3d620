#include "protocols/base/utf8.hpp"

#include <algorithm>
#include <array>

namespace demat {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// What the first byte promises; 0 for a byte that begins no sequence.
std::size_t promised_length(unsigned char first) {
  if (first < 0x80U) return 1;
  if (first >= 0xC2U && first < 0xE0U) return 2;
  if (first >= 0xE0U && first < 0xF0U) return 3;
  if (first >= 0xF0U && first <= 0xF4U) return 4;
  return 0;
}

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t length = promised_length(first);
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!continues(text[i])) return 0;
  }
  const bool impossible = (first == 0xE0U && byte(1) < 0xA0U) || (first == 0xEDU && byte(1) > 0x9FU) ||
                          (first == 0xF0U && byte(1) < 0x90U) || (first == 0xF4U && byte(1) > 0x8FU);
  return impossible ? 0 : length;
}

std::string_view utf8_first(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && continues(text[bytes]))
    --bytes;
  return text.substr(0, bytes);
}

std::string utf8_shortened(std::string_view text, std::size_t bytes) {
  std::string out(utf8_first(text, bytes));
  if (out.size() < text.size()) out += "…";
  return out;
}

std::size_t utf8_characters(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string utf8_replaced(std::string text) {
  if (is_utf8(text)) return text;
  std::string out;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t length = utf8_length(rest);
    out += length == 0 ? replacement : rest.substr(0, length);
    rest.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

char32_t utf8_point(std::string_view sequence) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
  if (sequence.size() == 1) return byte(0);
  char32_t point = byte(0) & (0x7FU >> sequence.size());
  for (std::size_t i = 1; i < sequence.size(); ++i)
    point = (point << 6U) | (byte(i) & 0x3FU);
  return point;
}

bool is_invisible(char32_t point) {
  struct Range {
    char32_t first;
    char32_t last;
  };
  constexpr std::array ranges{Range{0x00, 0x1F},      Range{0x7F, 0x9F},     Range{0xAD, 0xAD},
                              Range{0x61C, 0x61C},    Range{0x200B, 0x200F}, Range{0x2028, 0x202E},
                              Range{0x2060, 0x206F},  Range{0xFEFF, 0xFEFF}, Range{0xFFF0, 0xFFFB},
                              Range{0xE0000, 0xE0FFF}};
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& one) { return point >= one.first && point <= one.last; });
}

std::string utf8_visible(std::string_view text) {
  const auto plain = [](char c) { return c >= ' ' && c <= '~'; };
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto run =
        static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), plain) - text.begin());
    out += text.substr(0, run);
    text.remove_prefix(run);
    if (text.empty()) break;
    const std::size_t length = utf8_length(text);
    const auto sequence = text.substr(0, length);
    if (length == 0)
      out += replacement;
    else if (is_invisible(utf8_point(sequence)))
      out += ' ';
    else
      out += sequence;
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string utf8_from_latin1(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80U) {
      out += c;
    } else if (byte >= 0xA0U) {
      out += static_cast<char>(0xC0U | (byte >> 6U));
      out += static_cast<char>(0x80U | (byte & 0x3FU));
    }
  }
  return out;
}

}  // namespace demat
