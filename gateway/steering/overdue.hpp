#pragma once

#include "gateway/steering/calendar.hpp"
#include "gateway/store/store.hpp"

namespace demat::steering {

/// An uncertain flow is late after this: looks and answers had their time.
inline constexpr std::chrono::minutes uncertain_for{15};

/// The limits that hold at this moment. An acquit is late once the `acquit_working_days`-th working day
/// after the day of the transmission is over in Paris; the other deadlines are plain durations since the
/// deposit. Overdue is told, and never a cause of a resend (decisions, Verbs and states; B35).
[[nodiscard]] store::OverdueLimits overdue_limits(const config::Deadlines& deadlines, Instant now);

}  // namespace demat::steering
