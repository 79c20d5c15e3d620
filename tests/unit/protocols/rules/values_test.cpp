#include "protocols/rules/values.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace demat::rules {
namespace {

TEST(Values, NumbersAreWholeAndWithoutSign) {
  EXPECT_EQ(whole("0042"), 42U);
  EXPECT_EQ(whole(" 7 "), 7U);
  for (const std::string_view bad : {"", "-1", "1.0", "x", "1234567890123456789"})
    EXPECT_FALSE(whole(bad)) << bad;
}

TEST(Values, CountsAreWholeHoweverDecimalsAreWritten) {
  for (const std::string_view two : {"2", "02", " +2 ", "2.", "2.00"})
    EXPECT_EQ(count(two), 2U) << two;
  EXPECT_EQ(count("0"), 0U);
  for (const std::string_view bad : {"", "-1", "1.5", "x", "1e2", "12345678901234567"})
    EXPECT_FALSE(count(bad)) << bad;
}

TEST(Values, DecimalsAreScaledAndBlanksAroundThemAreNothing) {
  EXPECT_EQ(scaled("12.5", 2), 1250);
  EXPECT_EQ(scaled(" 6312190.16\n", 2), 631'219'016);
  EXPECT_EQ(scaled("-0.00010", 4), -1);
  EXPECT_EQ(scaled("0000000000000000000007", 0), 7);
  EXPECT_EQ(scaled("99999999999999.99", 2), 9'999'999'999'999'999);
  for (const std::string_view bad :
       {"", " ", ".", "-", "1 2", "1e3", "--1", "12.345", "1,5", "100000000000000"})
    EXPECT_FALSE(scaled(bad, 2)) << bad;
  EXPECT_EQ(decimal(-5), "-0.05");
  EXPECT_EQ(decimal(123'450), "1234.50");
  EXPECT_EQ(decimal(std::numeric_limits<std::int64_t>::min()), "-92233720368547758.08");
}

TEST(Values, BooleansAreThoseOfSchemas) {
  for (const std::string_view text : {"1", "true", " 1", "true\t"})
    EXPECT_TRUE(yes(text) && !no(text)) << text;
  for (const std::string_view text : {"0", "false", "\n0 "})
    EXPECT_TRUE(no(text) && !yes(text)) << text;
  for (const std::string_view text : {"", "2", "TRUE", "1 1"})
    EXPECT_FALSE(no(text) || yes(text)) << text;
}

TEST(Values, SumsStopBeforeTheyOverflow) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  std::int64_t sum = most - 1;
  EXPECT_TRUE(add(sum, 1));
  EXPECT_FALSE(add(sum, 1));
  EXPECT_EQ(sum, most) << "as it was";
  sum = least + 1;
  EXPECT_TRUE(add(sum, -1));
  EXPECT_FALSE(add(sum, -1));
  EXPECT_EQ(sum, least);
}

TEST(Values, LengthsAreInCharacters) {
  EXPECT_EQ(characters("Évreux"), 6U);
  EXPECT_EQ(characters("€"), 1U);
  EXPECT_EQ(characters(""), 0U);
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
