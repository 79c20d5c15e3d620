#pragma once

#include <cstddef>
#include <set>

#include "gateway/base/paris.hpp"
#include "gateway/config/settings.hpp"

namespace demat::steering {

/// Easter Sunday of a year of the Gregorian calendar (the method of Meeus, Jones and Butcher).
[[nodiscard]] ParisDay easter_sunday(std::chrono::year year);

/// The days on which nobody is expected to answer: Saturdays, Sundays, the legal holidays of France (Code du
/// travail L3133-1), on demand those of Alsace-Moselle (L3134-13), and days of the configuration. Immutable,
/// thread-safe.
class Calendar {
 public:
  /// `deadlines.holidays` that are no dates are left out: the configuration was checked.
  explicit Calendar(const config::Deadlines& deadlines);

  [[nodiscard]] bool is_holiday(ParisDay day) const;
  [[nodiscard]] bool is_working_day(ParisDay day) const;
  /// The `count`-th working day after `day`; `day` itself is never counted, and is the answer for 0.
  [[nodiscard]] ParisDay add_working_days(ParisDay day, std::size_t count) const;

 private:
  bool alsace_moselle_;
  std::set<ParisDay> further_;
};

}  // namespace demat::steering
