#include "gateway/steering/overdue.hpp"

namespace demat::steering {
namespace {

/// What was sent before this moment has had its working days.
Instant sent_limit(const config::Deadlines& deadlines, Instant now) {
  const Calendar calendar(deadlines);
  const ParisDay today = paris_day(now);
  ParisDay sent = today - std::chrono::days(1);
  while (calendar.add_working_days(sent, deadlines.acquit_working_days) >= today)
    sent -= std::chrono::days(1);
  return start_of(sent + std::chrono::days(1));
}

}  // namespace

store::OverdueLimits overdue_limits(const config::Deadlines& deadlines, Instant now) {
  return {sent_limit(deadlines, now), now - deadlines.queued, now - deadlines.to_sign, now - uncertain_for};
}

}  // namespace demat::steering
