#include "protocols/rules/values.hpp"

#include <gtest/gtest.h>

namespace demat::rules {
namespace {

TEST(Values, NumbersAreWholeAndWithoutSign) {
  EXPECT_EQ(whole("0042"), 42U);
  EXPECT_EQ(whole(" 7 "), 7U);
  for (const std::string_view bad : {"", "-1", "1.0", "x", "1234567890123456789"})
    EXPECT_FALSE(whole(bad)) << bad;
}

TEST(Values, DaysAreTheBeginningOfDates) {
  EXPECT_EQ(day("2026-01-14"), "2026-01-14");
  EXPECT_EQ(day(" 2026-01-14+01:00"), "2026-01-14");
  EXPECT_EQ(day("14/01/2026"), "");
  EXPECT_EQ(day("2026-1-14"), "");
  EXPECT_EQ(day(""), "");
}

TEST(Numbers, KnowWhatTheyHaveSeen) {
  Numbers seen;
  for (const std::uint64_t number : {5U, 6U, 7U, 3U, 9U, 8U})
    EXPECT_TRUE(seen.add(number)) << number;
  for (const std::uint64_t number : {5U, 7U, 3U, 9U, 8U})
    EXPECT_FALSE(seen.add(number)) << number;
  seen.clear();
  EXPECT_TRUE(seen.add(7));
  EXPECT_FALSE(seen.add(7));
}

TEST(Numbers, AreNotKeptWithoutEnd) {
  Numbers seen;
  for (std::uint64_t number = 0; number < Numbers::max_kept + 10; ++number)
    EXPECT_TRUE(seen.add(2 * number + 1));
  EXPECT_FALSE(seen.add(3)) << "kept";
  EXPECT_TRUE(seen.add(2 * Numbers::max_kept + 15)) << "taken for new";
}

}  // namespace
}  // namespace demat::rules
