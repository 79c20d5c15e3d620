#include "protocols/pes/amount.hpp"

#include <algorithm>

namespace demat::pes {
namespace {

constexpr std::size_t max_digits = 16;

bool digits_only(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string two_digits(std::int64_t value) {
  return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
}

}  // namespace

std::optional<std::int64_t> cents_of(std::string_view amount) {
  bool negative = false;
  if (!amount.empty() && (amount.front() == '-' || amount.front() == '+')) {
    negative = amount.front() == '-';
    amount.remove_prefix(1);
  }
  const auto point = std::min(amount.find('.'), amount.size());
  const std::string_view whole = amount.substr(0, point);
  std::string_view part = amount.substr(std::min(point + 1, amount.size()));
  part = part.substr(0, part.find_last_not_of('0') + 1);
  if (whole.size() > max_digits || part.size() > 2 || (whole.empty() && amount.size() < 2)) return {};
  if (!digits_only(whole) || !digits_only(part)) return {};
  std::int64_t cents = 0;
  for (const char c : whole)
    cents = cents * 10 + (c - '0');
  for (std::size_t i = 0; i < 2; ++i)
    cents = cents * 10 + (i < part.size() ? part[i] - '0' : 0);
  return negative ? -cents : cents;
}

std::string amount_text(std::int64_t cents) {
  const std::int64_t size = cents < 0 ? -cents : cents;
  return (cents < 0 ? "-" : "") + std::to_string(size / 100) + "." + two_digits(size % 100);
}

std::string amount_for_people(std::int64_t cents) {
  constexpr std::string_view space = "\u00A0";
  const std::int64_t size = cents < 0 ? -cents : cents;
  const std::string whole = std::to_string(size / 100);
  std::string out = cents < 0 ? "-" : "";
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (i > 0 && (whole.size() - i) % 3 == 0) out += space;
    out += whole[i];
  }
  return out + "," + two_digits(size % 100) + std::string(space) + "€";
}

}  // namespace demat::pes
