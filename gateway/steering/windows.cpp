#include "gateway/steering/windows.hpp"

#include <algorithm>

namespace demat::steering {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;

/// Far enough for a window of next year; a window that never opens again has no next change.
constexpr int days_ahead = 400;

bool covers(const config::WindowTimes& window, ParisTime time) {
  const ParisDay day = floor<days>(time);
  const int minute = static_cast<int>(floor<minutes>(time - day).count());
  if (!window.over_midnight()) return window.opens_on(day) && window.from <= minute && minute < window.to;
  return (window.opens_on(day) && minute >= window.from) ||
         (window.opens_on(day - days(1)) && minute < window.to);
}

/// Both moments at which a clock in Paris may show that time; one of them is wrong but on the day when
/// summer ends, and harmless.
void add_moments(ParisDay day, int minute, std::vector<Instant>& out) {
  const Instant as_if_utc(day.time_since_epoch() + minutes(minute));
  out.push_back(as_if_utc - hours(2));
  out.push_back(as_if_utc - hours(1));
}

}  // namespace

bool fits(std::uint64_t bytes, std::uint64_t used, std::uint64_t budget) {
  if (budget == 0 || used == 0) return true;
  return used <= budget && bytes <= budget - used;
}

Windows::Windows(const std::vector<config::Window>& all, std::string_view destination) {
  for (const auto& window : all) {
    if (window.destination != destination) continue;
    defined_ = true;
    auto times = config::times_of(window);
    if (times) windows_.push_back({window.name, window.bytes_per_hour, *times});
  }
}

const Windows::One* Windows::covering(Instant now) const {
  const ParisTime time = paris_time(now);
  const auto found = std::find_if(windows_.begin(), windows_.end(),
                                  [time](const One& one) { return covers(one.times, time); });
  return found == windows_.end() ? nullptr : &*found;
}

WindowState Windows::at(Instant now) const {
  WindowState out;
  out.slot = floor<hours>(now);
  out.slot_end = out.slot + hours(1);
  if (!defined_) return out;
  const One* one = covering(now);
  out.open = one != nullptr;
  if (one != nullptr) {
    out.name = one->name;
    out.budget = one->budget;
  }
  out.next = next_change(now, out.open);
  return out;
}

/// Looks at every moment at which a window could begin or end, day by day, and where the clocks change: a
/// window of 02:30 opens twice on the last Sunday of October.
std::optional<Instant> Windows::next_change(Instant now, bool open) const {
  std::vector<Instant> moments;
  const ParisDay today = paris_day(now);
  for (int i = 0; i < days_ahead; ++i) {
    const ParisDay day = today + days(i);
    for (const auto& one : windows_) {
      add_moments(day, one.times.from, moments);
      add_moments(day, one.times.to, moments);
    }
    moments.emplace_back(Instant(day.time_since_epoch()) + hours(1));
    std::sort(moments.begin(), moments.end());
    // What is in the hours of the next day comes with the next day.
    const Instant settled = start_of(day + days(1)) - hours(2);
    for (const Instant moment : moments)
      if (moment > now && moment < settled && (covering(moment) != nullptr) != open) return moment;
    std::erase_if(moments, [settled](Instant moment) { return moment < settled; });
  }
  return std::nullopt;
}

}  // namespace demat::steering
