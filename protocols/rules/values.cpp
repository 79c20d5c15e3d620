#include "protocols/rules/values.hpp"

#include <algorithm>
#include <charconv>

#include "protocols/base/utf8.hpp"

namespace demat::rules {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr std::size_t most_digits_scaled = 16;

std::size_t nothing_before(std::string_view digits) {
  return std::min(digits.find_first_not_of('0'), digits.size());
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto from = text.find_first_not_of(blanks);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

std::size_t characters(std::string_view utf8) {
  return utf8_characters(utf8);
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit);
}

bool yes(std::string_view value) {
  value = trimmed(value);
  return value == "1" || value == "true";
}

bool no(std::string_view value) {
  value = trimmed(value);
  return value == "0" || value == "false";
}

std::optional<std::int64_t> scaled(std::string_view text, int decimals) {
  text = trimmed(text);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto point = std::min(text.find('.'), text.size());
  auto units = text.substr(0, point);
  auto rest = text.substr(std::min(point + 1, text.size()));
  if ((units.empty() && rest.empty()) || !all_digits(units) || !all_digits(rest)) return std::nullopt;
  units.remove_prefix(nothing_before(units));
  while (rest.ends_with('0'))
    rest.remove_suffix(1);
  const auto places = static_cast<std::size_t>(decimals);
  if (rest.size() > places || units.size() + places > most_digits_scaled) return std::nullopt;
  std::int64_t number = 0;
  for (const char c : units)
    number = number * 10 + (c - '0');
  for (std::size_t i = 0; i < places; ++i)
    number = number * 10 + (i < rest.size() ? rest[i] - '0' : 0);
  return negative ? -number : number;
}

std::optional<std::int64_t> cents(std::string_view amount) {
  return scaled(amount, 2);
}

std::string decimal(std::int64_t cents) {
  const bool negative = cents < 0;
  const auto size = negative ? 0 - static_cast<std::uint64_t>(cents) : static_cast<std::uint64_t>(cents);
  const auto rest = size % 100;
  return (negative ? "-" : "") + std::to_string(size / 100) + "." + (rest < 10 ? "0" : "") +
         std::to_string(rest);
}

bool add(std::int64_t& sum, std::int64_t more) {
  std::int64_t out = 0;
  if (__builtin_add_overflow(sum, more, &out)) return false;
  sum = out;
  return true;
}

std::optional<std::uint64_t> whole(std::string_view digits) {
  constexpr std::size_t most_digits = 18;
  const auto text = trimmed(digits);
  std::uint64_t out = 0;
  const auto* const last = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), last, out);
  if (text.empty() || text.size() > most_digits || parsed.ec != std::errc{} || parsed.ptr != last) return {};
  return out;
}

std::optional<std::uint64_t> count(std::string_view number) {
  const auto out = scaled(number, 0);
  if (!out || *out < 0) return {};
  return static_cast<std::uint64_t>(*out);
}

std::string_view day(std::string_view date) {
  constexpr std::string_view form = "0000-00-00";
  const auto text = trimmed(date).substr(0, form.size());
  const bool good = text.size() == form.size() &&
                    std::equal(text.begin(), text.end(), form.begin(),
                               [](char c, char f) { return f == '0' ? is_digit(c) : c == f; });
  return good ? text : std::string_view{};
}

bool Numbers::add(std::uint64_t number) {
  if (any_ && number >= first_ && number <= last_) return false;
  if (others_.contains(number)) return false;
  if (!any_ || number == last_ + 1) {
    if (!any_) first_ = number;
    last_ = number;
    any_ = true;
    return true;
  }
  if (others_.size() < max_kept) others_.insert(number);
  return true;
}

void Numbers::clear() {
  any_ = false;
  if (!others_.empty()) others_.clear();
}

}  // namespace demat::rules
