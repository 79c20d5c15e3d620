#include "gateway/steering/windows.hpp"

#include <gtest/gtest.h>

#include <set>

#include "moments.hpp"

namespace demat::steering {
namespace {

config::Window window(std::vector<std::string> days, std::string from, std::string to) {
  config::Window out;
  out.name = "w";
  out.destination = "helios";
  if (!days.empty()) out.days = std::move(days);
  out.from = std::move(from);
  out.to = std::move(to);
  return out;
}

TEST(WindowsTest, NoneMeansFree) {
  auto other = window({}, "08:00", "09:00");
  other.destination = "elsewhere";
  const Windows windows({other}, "helios");
  EXPECT_FALSE(windows.defined());
  const auto state = windows.at(utc("2026-03-02T03:30:00Z"));
  EXPECT_TRUE(state.open);
  EXPECT_EQ(state.budget, 0U);
  EXPECT_FALSE(state.next);
}

struct Case {
  config::Window window;
  const char* now;
  bool open;
  const char* next;  ///< empty: never
};

TEST(WindowsTest, OpensAndClosesByTheClockOfParis) {
  auto once = window({}, "08:00", "18:00");
  once.first_day = "2026-03-02";
  once.last_day = "2026-03-02";
  auto next_year = window({}, "08:00", "18:00");
  next_year.first_day = "2027-01-04";
  const auto office = window({"mon", "tue", "wed", "thu", "fri"}, "08:00", "18:00");
  const auto night = window({"fri"}, "22:00", "06:00");
  const auto late = window({}, "20:00", "24:00");
  const auto small = window({}, "02:30", "02:45");
  for (const auto& [one, now, open, next] : {
           Case{office, "2026-03-02T06:59:59.999999Z", false, "2026-03-02T07:00:00Z"},
           Case{office, "2026-03-02T07:00:00Z", true, "2026-03-02T17:00:00Z"},
           Case{office, "2026-03-02T17:00:00Z", false, "2026-03-03T07:00:00Z"},
           Case{office, "2026-03-06T17:00:00Z", false, "2026-03-09T07:00:00Z"},  // the weekend
           Case{office, "2026-03-27T17:00:00Z", false, "2026-03-30T06:00:00Z"},  // summer time in between
           Case{office, "2026-07-06T06:00:00Z", true, "2026-07-06T16:00:00Z"},
           Case{night, "2026-03-06T20:59:00Z", false, "2026-03-06T21:00:00Z"},
           Case{night, "2026-03-07T04:59:00Z", true, "2026-03-07T05:00:00Z"},   // Saturday, opened on Friday
           Case{night, "2026-03-07T22:00:00Z", false, "2026-03-13T21:00:00Z"},  // Saturday evening
           Case{late, "2026-12-31T22:59:59Z", true, "2026-12-31T23:00:00Z"},    // the year ends
           Case{late, "2026-12-31T23:00:00Z", false, "2027-01-01T19:00:00Z"},
           Case{once, "2026-03-02T12:00:00Z", true, "2026-03-02T17:00:00Z"},
           Case{once, "2026-03-02T17:00:00Z", false, ""},  // for ever
           Case{next_year, "2026-03-02T12:00:00Z", false, "2027-01-04T07:00:00Z"},
           // The hour from two to three does not exist in March, and comes twice in October.
           Case{small, "2026-03-28T12:00:00Z", false, "2026-03-30T00:30:00Z"},
           Case{small, "2026-10-25T00:29:00Z", false, "2026-10-25T00:30:00Z"},
           Case{small, "2026-10-25T00:45:00Z", false, "2026-10-25T01:30:00Z"},
           Case{small, "2026-10-25T01:30:00Z", true, "2026-10-25T01:45:00Z"},
       }) {
    const auto state = Windows({one}, "helios").at(utc(now));
    EXPECT_EQ(state.open, open) << now << ' ' << one.from;
    EXPECT_EQ(state.next ? to_iso8601(*state.next) : "", *next == 0 ? "" : to_iso8601(utc(next))) << now;
  }
}

TEST(WindowsTest, WindowsThatFollowEachOtherStayOpen) {
  const Windows windows({window({}, "08:00", "12:00"), window({}, "12:00", "18:00")}, "helios");
  const auto state = windows.at(utc("2026-03-02T10:00:00Z"));
  EXPECT_TRUE(state.open);
  EXPECT_EQ(state.next, utc("2026-03-02T17:00:00Z"));
}

TEST(WindowsTest, UnreadableTimesKeepItClosed) {
  const auto state =
      Windows({window({"monday"}, "00:00", "24:00")}, "helios").at(utc("2026-03-02T10:00:00Z"));
  EXPECT_FALSE(state.open);
}

/// A day of 23 hours has 23 slots, one of 25 has 25: each hour of the clock once.
TEST(WindowsTest, EachHourOfADayIsASlot) {
  auto all_day = window({}, "00:00", "24:00");
  all_day.bytes_per_hour = 1'000;
  const Windows windows({all_day}, "helios");
  struct Day {
    const char* day;
    std::size_t slots;
  };
  for (const auto& [text, slots] : {Day{"2026-03-29", 23}, Day{"2026-10-25", 25}, Day{"2026-12-31", 24}}) {
    std::set<Instant> seen;
    const Instant end = start_of(day(text) + std::chrono::days(1));
    for (Instant now = start_of(day(text)); now < end; now += std::chrono::minutes(10)) {
      const auto state = windows.at(now);
      EXPECT_EQ(state.budget, 1'000U);
      EXPECT_EQ(state.slot_end - state.slot, std::chrono::hours(1));
      seen.insert(state.slot);
    }
    EXPECT_EQ(seen.size(), slots) << text;
  }
}

struct Weight {
  std::uint64_t bytes;
  std::uint64_t used;
  std::uint64_t budget;
  bool fits;
};

TEST(WindowsTest, AFileLargerThanTheBudgetTakesAnEmptySlot) {
  for (const auto& [bytes, used, budget, expected] :
       {Weight{10, 0, 0, true}, Weight{10, 99, 0, true}, Weight{100, 0, 100, true}, Weight{101, 0, 100, true},
        Weight{1, 100, 100, false}, Weight{40, 60, 100, true}, Weight{41, 60, 100, false},
        Weight{1, 500, 100, false}, Weight{~std::uint64_t{0}, 1, 100, false}})
    EXPECT_EQ(fits(bytes, used, budget), expected) << bytes << ' ' << used << ' ' << budget;
}

}  // namespace
}  // namespace demat::steering
