#pragma once

#include <optional>

#include "gateway/base/clock.hpp"

namespace demat {

/// A moment as the clocks of Paris show it.
using ParisTime = std::chrono::local_time<Duration>;
/// A calendar day in Paris.
using ParisDay = std::chrono::local_days;

/// What Paris is ahead of UTC at that moment: one hour, or two in summer. Always whole hours, so that an hour
/// of the clock in Paris is one of UTC.
[[nodiscard]] std::chrono::hours paris_offset(Instant instant);
[[nodiscard]] ParisTime paris_time(Instant instant);
[[nodiscard]] ParisDay paris_day(Instant instant);
/// The moment a day begins in Paris; the clocks never change at midnight.
[[nodiscard]] Instant start_of(ParisDay day);

/// "2026-05-02"; nothing when it is no date.
[[nodiscard]] std::optional<ParisDay> paris_day_from(std::string_view text);

}  // namespace demat
