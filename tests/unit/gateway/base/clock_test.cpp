#include "gateway/base/clock.hpp"

#include <gtest/gtest.h>

namespace demat {
namespace {

TEST(Clock, InstantsReadBackAsWritten) {
  for (const char* text : {"1970-01-01T00:00:00.000000Z", "2026-03-01T12:34:56.123456Z",
                           "2024-02-29T23:59:59.999999Z", "2100-12-31T00:00:00.000001Z"}) {
    const auto instant = from_iso8601(text);
    ASSERT_TRUE(instant) << text;
    EXPECT_EQ(to_iso8601(*instant), text);
  }
}

TEST(Clock, ShorterFormsAreUnderstood) {
  EXPECT_EQ(to_iso8601(from_iso8601("2026-03-01").value()), "2026-03-01T00:00:00.000000Z");
  EXPECT_EQ(to_iso8601(from_iso8601("2026-03-01T01:02:03Z").value()), "2026-03-01T01:02:03.000000Z");
  EXPECT_EQ(to_iso8601(from_iso8601("2026-03-01T01:02:03.5Z").value()), "2026-03-01T01:02:03.500000Z");
}

TEST(Clock, WhatIsNoDateIsRefused) {
  for (const char* text :
       {"", "2026", "2026-13-01", "2026-02-30", "2026-3-1", "2026-03-01T", "2026-03-01T24:00:00Z",
        "2026-03-01T12:60:00Z", "2026-03-01T12:00:00", "2026-03-01T12:00:00+01:00", "2026-03-01T12:00:00.Z",
        "2026-03-01T12:00:00.1234567Z", "-026-03-01", "2026-03-01 12:00:00Z"})
    EXPECT_EQ(from_iso8601(text).error().code, "date.invalid") << text;
}

TEST(Clock, DaysTurnAtMidnightInParisWinterAndSummer) {
  const struct {
    const char* utc;
    const char* paris;
  } cases[] = {
      {"2026-01-15T22:59:59Z", "260115"},
      {"2026-01-15T23:00:00Z", "260116"},  // winter: +1 h
      {"2026-07-15T21:59:59Z", "260715"},
      {"2026-07-15T22:00:00Z", "260716"},  // summer: +2 h
      // Summer time begins on Sunday 29 March 2026 at 01:00 UTC.
      {"2026-03-28T22:59:59Z", "260328"},
      {"2026-03-28T23:00:00Z", "260329"},
      {"2026-03-29T21:59:59Z", "260329"},
      {"2026-03-29T22:00:00Z", "260330"},
      // It ends on Sunday 25 October 2026 at 01:00 UTC.
      {"2026-10-24T21:59:59Z", "261024"},
      {"2026-10-24T22:00:00Z", "261025"},
      {"2026-10-25T22:59:59Z", "261025"},
      {"2026-10-25T23:00:00Z", "261026"},
      // The last Sunday may be the 31st, or the 25th.
      {"2024-03-31T21:59:59Z", "240331"},
      {"2024-03-31T22:00:00Z", "240401"},
      {"2026-12-31T23:00:00Z", "270101"},
      {"2024-02-28T23:00:00Z", "240229"},
  };
  for (const auto& c : cases)
    EXPECT_EQ(paris_yymmdd(from_iso8601(c.utc).value()), c.paris) << c.utc;
}

TEST(Clock, TheSystemClockIsAfterThisWasWritten) {
  EXPECT_GT(SystemClock().now(), from_iso8601("2025-01-01").value());
}

}  // namespace
}  // namespace demat
