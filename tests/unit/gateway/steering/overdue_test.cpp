#include "gateway/steering/overdue.hpp"

#include <gtest/gtest.h>

#include "moments.hpp"

namespace demat::steering {
namespace {

struct Case {
  std::size_t days;
  const char* sent;
  const char* now;
  bool late;
};

TEST(OverdueTest, AnAcquitIsLateAfterItsWorkingDays) {
  for (const auto& [days, sent, now, late] : {
           // Sent on Monday 2 March 2026, three days: Tuesday to Thursday; late from Friday on, Paris time.
           Case{3, "2026-03-02T09:00:00Z", "2026-03-05T22:59:59Z", false},
           Case{3, "2026-03-02T09:00:00Z", "2026-03-05T23:00:00Z", true},
           Case{3, "2026-03-02T22:59:59Z", "2026-03-05T23:00:00Z", true},
           Case{3, "2026-03-02T23:00:00Z", "2026-03-05T23:00:00Z", false},  // Tuesday in Paris
           Case{1, "2026-03-06T09:00:00Z", "2026-03-09T12:00:00Z", false},  // over a weekend
           Case{1, "2026-03-06T09:00:00Z", "2026-03-09T23:00:00Z", true},
           Case{2, "2026-04-02T09:00:00Z", "2026-04-07T12:00:00Z", false},  // over Easter
           Case{2, "2026-04-02T09:00:00Z", "2026-04-07T22:00:00Z", true},
           Case{1, "2025-12-24T09:00:00Z", "2025-12-26T12:00:00Z", false},
           Case{60, "2026-01-05T09:00:00Z", "2026-03-30T21:59:00Z", false},
       }) {
    config::Deadlines deadlines;
    deadlines.acquit_working_days = days;
    EXPECT_EQ(utc(sent) < overdue_limits(deadlines, utc(now)).sent_before, late) << sent << " at " << now;
  }
}

TEST(OverdueTest, TheOthersAreDurations) {
  config::Deadlines deadlines;
  deadlines.queued = std::chrono::hours(1);
  deadlines.to_sign = std::chrono::hours(48);
  const auto limits = overdue_limits(deadlines, utc("2026-03-04T10:00:00Z"));
  EXPECT_EQ(limits.queued_before, utc("2026-03-04T09:00:00Z"));
  EXPECT_EQ(limits.to_sign_before, utc("2026-03-02T10:00:00Z"));
  EXPECT_EQ(limits.uncertain_before, utc("2026-03-04T09:45:00Z"));
}

}  // namespace
}  // namespace demat::steering
