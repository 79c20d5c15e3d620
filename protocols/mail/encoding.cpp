#include "protocols/mail/encoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <span>

#include "protocols/base/digest.hpp"
#include "protocols/base/utf8.hpp"

namespace demat::mail::detail {
namespace {

constexpr std::size_t line_length = 76;
constexpr std::size_t parameter_piece = 60;  // with its name, in a line
constexpr std::string_view word_start = "=?UTF-8?B?";
constexpr std::string_view word_end = "?=";
constexpr std::string_view hex_digits = "0123456789ABCDEF";

std::span<const std::uint8_t> octets(std::string_view bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

void append_hex(std::string& out, char mark, char byte) {
  const auto value = static_cast<unsigned char>(byte);
  out += mark;
  out += hex_digits[value >> 4U];
  out += hex_digits[value & 15U];
}

/// As many whole characters of `text` as fit in `bytes`, one at least.
std::string_view whole_characters(std::string_view text, std::size_t bytes) {
  std::size_t size = 0;
  while (size < text.size()) {
    const std::size_t length = std::max<std::size_t>(utf8_length(text.substr(size)), 1);
    if (size > 0 && size + length > bytes) break;
    size += length;
  }
  return text.substr(0, size);
}

bool is_attribute_char(char c) {  // RFC 2231 section 7
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         std::string_view("!#$&+-.^_`{|}~").find(c) != std::string_view::npos;
}

}  // namespace

bool is_plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::string encoded_words(std::string_view text, std::size_t used) {
  std::string out;
  while (!text.empty()) {
    const std::size_t taken = used + word_start.size() + word_end.size();
    const std::size_t room = taken < line_length ? (line_length - taken) / 4 * 3 : 0;
    const std::string_view word = whole_characters(text, std::max<std::size_t>(room, 3));
    out += word_start;
    out += base64(octets(word));
    out += word_end;
    text.remove_prefix(word.size());
    if (!text.empty()) out += "\r\n ";
    used = 1;
  }
  return out;
}

std::string text_header(std::string_view name, std::string_view value) {
  const std::size_t used = name.size() + 2;
  const bool plain = is_plain_ascii(value) && value.find("=?") == value.npos &&
                     used + value.size() <= line_length && !value.starts_with(' ') && !value.ends_with(' ');
  return fmt::format("{}: {}\r\n", name, plain ? std::string(value) : encoded_words(value, used));
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const std::string_view after = text.substr(i + 1);
    if (c == '\n' || (c == '\r' && after.starts_with('\n'))) {
      if (c == '\r') ++i;
      out += "\r\n";
      column = 0;
      continue;
    }
    const bool at_end = after.empty() || after.front() == '\n' || after.starts_with("\r\n");
    // A leading dot would be SMTP's to double; "=" and what is not printable always.
    const bool plain = c > ' ' && c <= '~' && c != '=' && !(c == '.' && column == 0);
    const bool blank = (c == ' ' || c == '\t') && !at_end;
    const std::size_t width = plain || blank ? 1 : 3;
    if (column + width > line_length - 1) {
      out += "=\r\n";
      column = 0;
    }
    if (width == 1 && !(c == '.' && column == 0))
      out += c;
    else
      append_hex(out, '=', c);
    column += width;
  }
  if (!out.ends_with("\r\n")) out += "\r\n";
  return out;
}

std::string base64_lines(std::string_view bytes) {
  if (bytes.empty()) return "\r\n";
  const std::string all = base64(octets(bytes));
  std::string out;
  out.reserve(all.size() + all.size() / line_length * 2 + 2);
  for (std::size_t at = 0; at < all.size(); at += line_length) {
    out.append(all, at, line_length);
    out += "\r\n";
  }
  return out;
}

std::string look_alike(std::string_view value) {
  std::string look;
  while (!value.empty()) {
    const std::size_t length = std::max<std::size_t>(utf8_length(value), 1);
    const char c = value.front();
    look += length == 1 && c >= ' ' && c <= '~' && c != '"' && c != '\\' ? c : '_';
    value.remove_prefix(length);
  }
  if (look.size() > parameter_piece) look.resize(parameter_piece);
  return look;
}

std::string parameter(std::string_view name, std::string_view value) {
  if (look_alike(value) == value) return fmt::format(";\r\n {}=\"{}\"", name, value);
  // Not beside a plain one: readers differ on which of the two counts.
  std::string out;
  std::string encoded = "UTF-8''";
  int number = 0;
  const auto flush = [&] {
    out += fmt::format(";\r\n {}*{}*={}", name, number++, encoded);
    encoded.clear();
  };
  for (const char c : value) {
    if (encoded.size() + 3 > parameter_piece) flush();
    if (is_attribute_char(c))
      encoded += c;
    else
      append_hex(encoded, '%', c);
  }
  flush();
  return out;
}

std::string date_text(long long seconds) {
  using namespace std::chrono;
  constexpr std::array days_of_week{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_seconds at{std::chrono::seconds(seconds)};
  const auto day = floor<days>(at);
  const year_month_day date(day);
  const hh_mm_ss time(at - day);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", days_of_week.at(weekday(day).c_encoding()),
                     static_cast<unsigned>(date.day()), months.at(static_cast<unsigned>(date.month()) - 1),
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

}  // namespace demat::mail::detail
