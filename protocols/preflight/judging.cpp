#include "protocols/preflight/judging.hpp"

#include <algorithm>

namespace demat::preflight {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr int most_digits = 15;

}  // namespace

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), digit);
}

std::optional<std::int64_t> scaled(std::string_view text, int decimals) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  auto rest = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  while (rest.ends_with('0'))
    rest.remove_suffix(1);
  if ((whole.empty() && rest.empty()) || !all_digits(whole) || !all_digits(rest)) return std::nullopt;
  if (rest.size() > static_cast<std::size_t>(decimals) ||
      whole.size() + static_cast<std::size_t>(decimals) > most_digits)
    return std::nullopt;
  std::int64_t number = 0;
  for (const char c : whole)
    number = number * 10 + (c - '0');
  for (int i = 0; i < decimals; ++i)
    number = number * 10 +
             (static_cast<std::size_t>(i) < rest.size() ? rest[static_cast<std::size_t>(i)] - '0' : 0);
  return negative ? -number : number;
}

std::string amount(std::int64_t cents) {
  const auto size = cents < 0 ? -cents : cents;
  const auto rest = size % 100;
  return (cents < 0 ? "-" : "") + std::to_string(size / 100) + "." + (rest < 10 ? "0" : "") +
         std::to_string(rest);
}

}  // namespace demat::preflight
