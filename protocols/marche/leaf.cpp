#include "protocols/marche/leaf.hpp"

#include <algorithm>
#include <charconv>

namespace demat::marche {
namespace {

constexpr std::size_t max_amount_digits = 14;

bool digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

template <class T>
std::optional<T> whole(std::string_view text) {
  T out{};
  if (!digits(text)) return std::nullopt;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  if (read.ec != std::errc{}) return std::nullopt;
  return out;
}

}  // namespace

std::optional<Cents> Leaf::cents() const {
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  const auto dot = rest.find('.');
  auto euros = rest.substr(0, dot);
  auto decimals = dot == std::string_view::npos ? std::string_view{} : rest.substr(dot + 1);
  if (euros.empty() && decimals.empty()) return std::nullopt;
  while (decimals.size() > 2 && decimals.back() == '0')
    decimals.remove_suffix(1);
  while (euros.size() > 1 && euros.front() == '0')
    euros.remove_prefix(1);
  if (decimals.size() > 2 || euros.size() > max_amount_digits) return std::nullopt;
  std::string all(euros.empty() ? "0" : euros);
  all += decimals;
  all.append(2 - decimals.size(), '0');
  const auto cents = whole<Cents>(all);
  if (!cents) return std::nullopt;
  return negative ? -*cents : *cents;
}

std::optional<std::chrono::year_month_day> Leaf::date() const {
  constexpr std::size_t length = 10;
  const std::string_view all = text;
  if (all.size() < length || all[4] != '-' || all[7] != '-') return std::nullopt;
  const auto zone = all.substr(length);
  if (!zone.empty() && zone != "Z" && zone.front() != '+' && zone.front() != '-') return std::nullopt;
  const auto year = whole<int>(all.substr(0, 4));
  const auto month = whole<unsigned>(all.substr(5, 2));
  const auto day = whole<unsigned>(all.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day out{std::chrono::year{*year}, std::chrono::month{*month},
                                        std::chrono::day{*day}};
  if (!out.ok()) return std::nullopt;
  return out;
}

std::optional<unsigned> Leaf::number() const {
  constexpr std::size_t max_digits = 9;
  if (text.size() > max_digits) return std::nullopt;
  return whole<unsigned>(text);
}

Place place_of(const Block& block, const Leaf& leaf) {
  if (!leaf.present()) return block.place;
  return {leaf.line, block.place.path + "/" + std::string(leaf.element)};
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string decimal(Cents cents) {
  const bool negative = cents < 0;
  const auto positive = negative ? 0 - static_cast<std::uint64_t>(cents) : static_cast<std::uint64_t>(cents);
  const auto rest = std::to_string(positive % 100);
  return (negative ? "-" : "") + std::to_string(positive / 100) + "." + (rest.size() < 2 ? "0" : "") + rest;
}

}  // namespace demat::marche
