#include <charconv>

#include "gateway/papers/pdf_signature.hpp"

namespace demat::papers {
namespace {

/// Takes `digits` of them off the front of `text`; `missing` when the text ends before.
std::optional<int> take_number(std::string_view& text, std::size_t digits, int missing) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return missing;
  int value = 0;
  const auto part = text.substr(0, digits);
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
  if (part.size() != digits || error != std::errc() || end != part.data() + part.size()) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

/// "+01'00'", "Z", "-0330" or nothing.
std::optional<std::chrono::minutes> take_zone(std::string_view text) {
  if (text.empty() || text.front() == 'Z') return std::chrono::minutes(0);
  const char sign = text.front();
  text.remove_prefix(1);
  const auto hours = take_number(text, 2, 0);
  if (text.starts_with('\'')) text.remove_prefix(1);
  const auto minutes = take_number(text, 2, 0);
  if ((sign != '+' && sign != '-') || !hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::chrono::minutes ahead(*hours * 60 + *minutes);
  return sign == '+' ? ahead : -ahead;
}

}  // namespace

std::optional<Instant> read_pdf_date(std::string_view text) {
  if (text.starts_with("D:")) text.remove_prefix(2);
  if (text.size() < 4) return std::nullopt;
  const auto year = take_number(text, 4, -1);
  const auto month = take_number(text, 2, 1), day = take_number(text, 2, 1);
  const auto hour = take_number(text, 2, 0), minute = take_number(text, 2, 0),
             second = take_number(text, 2, 0);
  if (!year || *year < 1970 || !month || !day || !hour || !minute || !second) return std::nullopt;
  const auto zone = take_zone(text);
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!zone || !date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return Instant(std::chrono::sys_days(date)) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second) - *zone;
}

}  // namespace demat::papers
