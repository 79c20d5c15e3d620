#include "gateway/base/clock.hpp"

#include <fmt/format.h>

#include <charconv>

#include "gateway/base/paris.hpp"

namespace demat {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

bool number(std::string_view text, std::size_t at, std::size_t count, int& out) {
  if (at + count > text.size()) return false;
  const char* begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + count, out);
  return error == std::errc() && end == begin + count && *begin != '-';
}

tl::unexpected<Error> bad_date() {
  return failure(permanent_error("date.invalid",
                                 "Date illisible : attendu AAAA-MM-JJ ou AAAA-MM-JJTHH:MM:SSZ.",
                                 "Unreadable date: expected YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ."));
}

/// The part after the date: "THH:MM:SS[.ffffff]Z".
bool time_of_day(std::string_view text, Duration& out) {
  int h = 0;
  int m = 0;
  int s = 0;
  if (text.size() < 10 || text[0] != 'T' || text[3] != ':' || text[6] != ':' || text.back() != 'Z')
    return false;
  if (!number(text, 1, 2, h) || !number(text, 4, 2, m) || !number(text, 7, 2, s)) return false;
  if (h > 23 || m > 59 || s > 60) return false;
  int micros = 0;
  if (text.size() > 10) {
    std::string fraction(text.substr(10, text.size() - 11));
    if (text[9] != '.' || fraction.empty() || fraction.size() > 6) return false;
    fraction.resize(6, '0');
    if (!number(fraction, 0, 6, micros)) return false;
  }
  out = hours(h) + std::chrono::minutes(m) + std::chrono::seconds(s) + microseconds(micros);
  return true;
}

}  // namespace

Instant SystemClock::now() const {
  return floor<microseconds>(std::chrono::system_clock::now());
}

std::string to_iso8601(Instant instant) {
  const auto day = floor<days>(instant);
  const year_month_day date(day);
  const std::chrono::hh_mm_ss time(instant - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     time.subseconds().count());
}

std::string to_iso8601_paris(Instant instant) {
  const hours ahead = paris_offset(instant);
  std::string out = to_iso8601(instant + ahead);
  out.pop_back();
  return out + fmt::format("+{:02}:00", ahead.count());
}

Result<Instant> from_iso8601(std::string_view text) {
  int y = 0;
  int m = 0;
  int d = 0;
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return bad_date();
  if (!number(text, 0, 4, y) || !number(text, 5, 2, m) || !number(text, 8, 2, d)) return bad_date();
  const year_month_day date(year(y), std::chrono::month(static_cast<unsigned>(m)),
                            std::chrono::day(static_cast<unsigned>(d)));
  if (!date.ok()) return bad_date();
  Duration within{0};
  if (text.size() > 10 && !time_of_day(text.substr(10), within)) return bad_date();
  return Instant(sys_days(date)) + within;
}

std::string paris_yymmdd(Instant instant) {
  const year_month_day date(paris_day(instant));
  return fmt::format("{:02}{:02}{:02}", static_cast<int>(date.year()) % 100,
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace demat
