#include "protocols/xades/instant.hpp"

#include <gtest/gtest.h>

using namespace demat::xades;

TEST(Instant, RoundTripsInUtc) {
  for (const auto* text : {"2026-01-15T10:30:00Z", "1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z"}) {
    const auto instant = parse_instant(text);
    ASSERT_TRUE(instant) << text;
    EXPECT_EQ(format_instant(*instant), text);
  }
}

TEST(Instant, DropsAFraction) {
  EXPECT_EQ(parse_instant("2018-03-08T08:22:25.819Z"), parse_instant("2018-03-08T08:22:25Z"));
}

TEST(Instant, RefusesWhatIsNotUtc) {
  for (const auto* text :
       {"", "Z", "2026-01-15T10:30:00", "2026-01-15T10:30:00+01:00", "2026-02-30T10:30:00Z",
        "2026-13-01T10:30:00Z", "2026-01-15T24:30:00Z", "2026-01-15 10:30:00Z", "2026-1-15T10:30:00Z",
        "2026-01-15T10:30:00.Z", "2026-01-15T10:30:00.8x9Z", "-026-01-15T10:30:00Z", "2026-01-15T10:30:00ZZ",
        "2026-01-15T10:+3:00Z"})
    EXPECT_FALSE(parse_instant(text)) << text;
}
