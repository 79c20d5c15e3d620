#include "gateway/config/window_times.hpp"

#include <gtest/gtest.h>

namespace demat::config {
namespace {

Window window(std::vector<std::string> days, std::string from, std::string to, std::string first = {},
              std::string last = {}) {
  Window out;
  if (!days.empty()) out.days = std::move(days);
  out.from = std::move(from);
  out.to = std::move(to);
  out.first_day = std::move(first);
  out.last_day = std::move(last);
  return out;
}

struct Wrong {
  Window window;
  const char* key;
};

TEST(WindowTimesTest, NamesTheKeyAtFault) {
  for (const auto& [one, key] :
       {Wrong{window({"lundi"}, "08:00", "09:00"), "days"}, Wrong{window({}, "8:00", "09:00"), "from"},
        Wrong{window({}, "24:00", "09:00"), "from"}, Wrong{window({}, "08:60", "09:00"), "from"},
        Wrong{window({}, "-1:00", "09:00"), "from"}, Wrong{window({}, "08:00", "24:01"), "to"},
        Wrong{window({}, "08:00", "08:00"), "to"},
        Wrong{window({}, "08:00", "09:00", "2026-02-30"), "first_day"},
        Wrong{window({}, "08:00", "09:00", "2026-03-02T00:00:00Z"), "first_day"},
        Wrong{window({}, "08:00", "09:00", "2026-03-02", "2026-03-01"), "last_day"}}) {
    const auto read = times_of(one);
    ASSERT_FALSE(read) << key;
    EXPECT_EQ(read.error().detail, key);
  }
}

struct Pair {
  Window a;
  Window b;
  bool overlap;
};

TEST(WindowTimesTest, TellsWhetherTwoOverlap) {
  for (const auto& [a, b, expected] : {
           Pair{window({}, "08:00", "12:00"), window({}, "12:00", "18:00"), false},
           Pair{window({}, "08:00", "12:01"), window({}, "12:00", "18:00"), true},
           Pair{window({"mon"}, "08:00", "12:00"), window({"tue"}, "08:00", "12:00"), false},
           Pair{window({"sun"}, "22:00", "02:00"), window({"mon"}, "01:00", "03:00"),
                true},  // over the week's end
           Pair{window({"sun"}, "22:00", "02:00"), window({"mon"}, "02:00", "03:00"), false},
           Pair{window({}, "22:00", "06:00"), window({}, "05:00", "21:00"), true},
           Pair{window({}, "00:00", "24:00"), window({"wed"}, "10:00", "11:00"), true},
           Pair{window({}, "08:00", "12:00", "2026-01-01", "2026-01-31"),
                window({}, "08:00", "12:00", "2026-02-01"), false},
           Pair{window({}, "08:00", "12:00", "2026-01-01", "2026-02-01"),
                window({}, "08:00", "12:00", "2026-02-01"), true},
           // The first one opens for the last time on 31 January and ends on 1 February.
           Pair{window({}, "22:00", "06:00", "", "2026-01-31"), window({}, "05:00", "07:00", "2026-02-01"),
                true},
           // A Monday and Tuesday that the dates never let meet: 2026-02-02 is a Monday.
           Pair{window({"mon"}, "08:00", "12:00", "", "2026-02-01"),
                window({"mon"}, "08:00", "12:00", "2026-02-02"), false},
       })
    EXPECT_EQ(overlap(times_of(a).value(), times_of(b).value()), expected)
        << a.from << '-' << a.to << ' ' << b.from << '-' << b.to << ' ' << b.first_day;
}

}  // namespace
}  // namespace demat::config
