#include "gateway/papers/french.hpp"

#include <array>
#include <cstdio>

#include "protocols/base/utf8.hpp"

namespace demat::papers {

namespace {

constexpr std::string_view blank = "\xC2\xA0";             // no-break space
constexpr std::string_view narrow_blank = "\xE2\x80\xAF";  // narrow no-break space

template <class... Values>
std::string format(const char* pattern, Values... values) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), pattern, values...);
  return text.data();
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

}  // namespace

std::string french_day(ParisDay day) {
  const std::chrono::year_month_day date(day);
  return format("%02u/%02u/%04d", static_cast<unsigned>(date.day()), static_cast<unsigned>(date.month()),
                static_cast<int>(date.year()));
}

std::string french_moment(Instant instant) {
  const auto local = paris_time(instant);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(local - day));
  return french_day(day) + std::string(blank) + "à" + std::string(blank) +
         format("%02d:%02d:%02d", static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count())) +
         " (UTC+" + format("%02d:00)", static_cast<int>(paris_offset(instant).count()));
}

std::string french_number(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += narrow_blank;
    text += digits[i];
  }
  return text;
}

std::string french_size(std::uint64_t bytes) {
  if (bytes < 1'000) return std::to_string(bytes) + std::string(blank) + (bytes < 2 ? "octet" : "octets");
  static constexpr std::array<const char*, 4> units{"Ko", "Mo", "Go", "To"};
  std::size_t unit = 0;
  std::uint64_t tenths = (bytes + 50) / 100;
  while (tenths >= 10'000 && unit + 1 < units.size()) {
    tenths = (tenths + 500) / 1'000;
    ++unit;
  }
  std::string text = french_number(tenths / 10);
  if (tenths % 10 != 0) text += "," + std::to_string(tenths % 10);
  return text + std::string(blank) + units[unit];
}

std::string french_text(std::string_view text) {
  constexpr std::string_view opening = "\xC2\xAB";
  constexpr std::string_view closing = "\xC2\xBB";
  std::string out;
  out.reserve(text.size() + 16);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto rest = text.substr(i + 1);
    const char next = rest.empty() ? '\0' : rest.front();
    const bool after_opening = out.size() >= 2 && std::string_view(out).substr(out.size() - 2) == opening;
    if (text[i] == ' ' && (next == ':' || rest.starts_with(closing) || after_opening))
      out += blank;
    else if (text[i] == ' ' && (next == ';' || next == '!' || next == '?'))
      out += narrow_blank;
    else if (text[i] == '\'' && i > 0 && !is_blank(text[i - 1]) && next != '\0' && !is_blank(next))
      out += "\xE2\x80\x99";
    else
      out += text[i];
  }
  return out;
}

std::string one_line(std::string_view text, std::size_t most) {
  const std::string clean = utf8_replaced(std::string(text));
  std::string out;
  std::size_t characters = 0;
  bool pending = false;
  for (std::size_t i = 0; i < clean.size();) {
    const std::size_t length = utf8_length(std::string_view(clean).substr(i));
    const std::string_view one = std::string_view(clean).substr(i, length == 0 ? 1 : length);
    i += one.size();
    if (one.size() == 1 && is_blank(one.front())) {
      pending = !out.empty();
      continue;
    }
    if (characters + (pending ? 2 : 1) > most) return out + "…";
    if (pending) out += ' ';
    characters += pending ? 2 : 1;
    pending = false;
    out += one;
  }
  return out;
}

}  // namespace demat::papers
