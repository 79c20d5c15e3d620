#include "gateway/steering/calendar.hpp"

#include <algorithm>
#include <array>

namespace demat::steering {
namespace {

using std::chrono::days;
using std::chrono::year_month_day;

struct Fixed {
  unsigned month;
  unsigned day;
};

constexpr std::array national{Fixed{1, 1},  Fixed{5, 1},  Fixed{5, 8},   Fixed{7, 14},
                              Fixed{8, 15}, Fixed{11, 1}, Fixed{11, 11}, Fixed{12, 25}};
constexpr Fixed saint_stephen{12, 26};

/// Days after Easter Sunday.
constexpr days easter_monday{1};
constexpr days ascension{39};
constexpr days whit_monday{50};
constexpr days good_friday{-2};

bool falls_on(const year_month_day& date, const Fixed& fixed) {
  return static_cast<unsigned>(date.month()) == fixed.month && static_cast<unsigned>(date.day()) == fixed.day;
}

}  // namespace

ParisDay easter_sunday(std::chrono::year year) {
  const int y = static_cast<int>(year);
  const int a = y % 19;
  const int b = y / 100;
  const int c = y % 100;
  const int g = (8 * b + 13) / 25;
  const int h = (19 * a + b - b / 4 - g + 15) % 30;
  const int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int sum = h + l - 7 * m + 114;
  return ParisDay(year_month_day(year, std::chrono::month(static_cast<unsigned>(sum / 31)),
                                 std::chrono::day(static_cast<unsigned>(sum % 31 + 1))));
}

Calendar::Calendar(const config::Deadlines& deadlines) : alsace_moselle_(deadlines.alsace_moselle) {
  for (const auto& text : deadlines.holidays)
    if (const auto day = paris_day_from(text)) further_.insert(*day);
}

bool Calendar::is_holiday(ParisDay day) const {
  if (further_.contains(day)) return true;
  const year_month_day date(day);
  if (std::any_of(national.begin(), national.end(),
                  [&date](const Fixed& one) { return falls_on(date, one); }))
    return true;
  if (alsace_moselle_ && falls_on(date, saint_stephen)) return true;
  const days after = day - easter_sunday(date.year());
  return after == easter_monday || after == ascension || after == whit_monday ||
         (alsace_moselle_ && after == good_friday);
}

bool Calendar::is_working_day(ParisDay day) const {
  const std::chrono::weekday weekday(day);
  return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday && !is_holiday(day);
}

ParisDay Calendar::add_working_days(ParisDay day, std::size_t count) const {
  while (count > 0) {
    day += days(1);
    if (is_working_day(day)) --count;
  }
  return day;
}

}  // namespace demat::steering
