#include "protocols/rules/values.hpp"

#include <algorithm>
#include <charconv>

namespace demat::rules {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto from = text.find_first_not_of(blanks);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

}  // namespace

std::optional<std::uint64_t> whole(std::string_view digits) {
  constexpr std::size_t most_digits = 18;
  const auto text = trimmed(digits);
  std::uint64_t out = 0;
  const auto* const last = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), last, out);
  if (text.empty() || text.size() > most_digits || parsed.ec != std::errc{} || parsed.ptr != last) return {};
  return out;
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
