#include "protocols/xades/instant.hpp"

#include <charconv>
#include <cstdio>

namespace demat::xades {
namespace {

/// Reads exactly `width` digits at `at` followed by `separator`, and moves `at` past them.
std::optional<int> number(std::string_view text, std::size_t& at, std::size_t width, char separator) {
  if (text.size() < at + width + 1 || text[at + width] != separator) return std::nullopt;
  const char* const begin = text.data() + at;
  if (*begin < '0' || *begin > '9') return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(begin, begin + width, value);
  if (error != std::errc{} || end != begin + width) return std::nullopt;
  at += width + 1;
  return value;
}

bool is_fraction(std::string_view digits) {
  return !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string format_instant(Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{instant - day};
  char text[64];
  const int written =
      std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                    static_cast<int>(time.seconds().count()));
  return {text, static_cast<std::size_t>(written)};
}

std::optional<Instant> parse_instant(std::string_view text) {
  if (text.empty() || text.back() != 'Z') return std::nullopt;
  if (const auto dot = text.find('.'); dot != std::string_view::npos) {
    if (!is_fraction(text.substr(dot + 1, text.size() - dot - 2))) return std::nullopt;
    text = text.substr(0, dot);
  } else {
    text.remove_suffix(1);
  }
  const std::string bounded = std::string(text) + 'Z';
  std::size_t at = 0;
  const auto year = number(bounded, at, 4, '-');
  const auto month = year ? number(bounded, at, 2, '-') : std::nullopt;
  const auto day = month ? number(bounded, at, 2, 'T') : std::nullopt;
  const auto hour = day ? number(bounded, at, 2, ':') : std::nullopt;
  const auto minute = hour ? number(bounded, at, 2, ':') : std::nullopt;
  const auto second = minute ? number(bounded, at, 2, 'Z') : std::nullopt;
  if (!second || at != bounded.size()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second};
}

}  // namespace demat::xades
