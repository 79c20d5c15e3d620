#include "gateway/base/paris.hpp"

namespace demat {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

/// Summer time starts and ends on the last Sunday of March and October at 01:00 UTC (directive 2000/84/CE).
Instant switch_of(year y, std::chrono::month m) {
  const sys_days last = sys_days(y / m / std::chrono::Sunday[std::chrono::last]);
  return Instant(last) + hours(1);
}

bool summer_in_paris(Instant instant) {
  const year y = year_month_day(floor<days>(instant)).year();
  return instant >= switch_of(y, std::chrono::March) && instant < switch_of(y, std::chrono::October);
}

}  // namespace

hours paris_offset(Instant instant) {
  return hours(summer_in_paris(instant) ? 2 : 1);
}

ParisTime paris_time(Instant instant) {
  return ParisTime(instant.time_since_epoch() + paris_offset(instant));
}

ParisDay paris_day(Instant instant) {
  return floor<days>(paris_time(instant));
}

Instant start_of(ParisDay day) {
  const Instant as_if_utc(day.time_since_epoch());
  return as_if_utc - paris_offset(as_if_utc - hours(2));
}

std::optional<ParisDay> paris_day_from(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  const auto instant = from_iso8601(text);
  if (!instant) return std::nullopt;
  return ParisDay(floor<days>(*instant).time_since_epoch());
}

}  // namespace demat
