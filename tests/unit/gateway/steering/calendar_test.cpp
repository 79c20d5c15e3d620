#include "gateway/steering/calendar.hpp"

#include <gtest/gtest.h>

#include "moments.hpp"

namespace demat::steering {
namespace {

TEST(EasterTest, FallsWhereTheTablesSay) {
  for (const auto* text :
       {"1961-04-02", "2000-04-23", "2008-03-23", "2011-04-24", "2019-04-21", "2024-03-31", "2025-04-20",
        "2026-04-05", "2027-03-28", "2028-04-16", "2038-04-25", "2049-04-18"}) {
    const auto easter = day(text);
    EXPECT_EQ(easter_sunday(std::chrono::year_month_day(easter).year()), easter) << text;
  }
}

struct Case {
  const char* day;
  bool working;
  const char* why;
};

TEST(CalendarTest, KnowsTheLegalHolidays) {
  const Calendar calendar({});
  for (const auto& [text, working, why] : {
           Case{"2026-01-01", false, "jour de l'an"},
           Case{"2026-01-02", true, "a Friday"},
           Case{"2026-01-03", false, "a Saturday"},
           Case{"2026-04-03", true, "Good Friday is no holiday outside Alsace-Moselle"},
           Case{"2026-04-05", false, "a Sunday"},
           Case{"2026-04-06", false, "lundi de Pâques"},
           Case{"2026-05-01", false, "fête du travail"},
           Case{"2026-05-08", false, "victoire"},
           Case{"2026-05-14", false, "Ascension"},
           Case{"2026-05-15", true, "the bridge is not legal"},
           Case{"2026-05-25", false, "lundi de Pentecôte"},
           Case{"2026-07-14", false, "fête nationale"},
           Case{"2025-08-15", false, "Assomption"},
           Case{"2027-11-01", false, "Toussaint"},
           Case{"2026-11-11", false, "armistice"},
           Case{"2026-12-25", false, "Noël"},
           Case{"2025-12-26", true, "Saint Stephen is no holiday outside Alsace-Moselle"},
           Case{"2025-04-21", false, "lundi de Pâques"},
           Case{"2025-05-29", false, "Ascension"},
           Case{"2025-06-09", false, "lundi de Pentecôte"},
           Case{"2024-05-09", false, "Ascension"},
           Case{"2024-05-20", false, "lundi de Pentecôte"},
           Case{"2008-05-01", false, "Ascension and fête du travail at once"},
       })
    EXPECT_EQ(calendar.is_working_day(day(text)), working) << text << ' ' << why;
}

TEST(CalendarTest, TakesFurtherDays) {
  config::Deadlines deadlines;
  deadlines.alsace_moselle = true;
  deadlines.holidays = {"2026-05-15"};
  const Calendar calendar(deadlines);
  for (const auto* text : {"2026-04-03", "2025-12-26", "2026-05-15"})
    EXPECT_FALSE(calendar.is_working_day(day(text))) << text;
  EXPECT_TRUE(calendar.is_working_day(day("2027-05-14")));
}

struct Sum {
  const char* from;
  std::size_t count;
  const char* to;
};

TEST(CalendarTest, AddsWorkingDays) {
  const Calendar calendar({});
  for (const auto& [from, count, to] : {
           Sum{"2026-03-02", 0, "2026-03-02"}, Sum{"2026-03-02", 1, "2026-03-03"},
           Sum{"2026-03-06", 1, "2026-03-09"},  // over a weekend
           Sum{"2026-03-07", 1, "2026-03-09"},  // from a Saturday
           Sum{"2026-04-02", 2, "2026-04-07"},  // over Easter Monday
           Sum{"2026-05-13", 3, "2026-05-19"},  // over Ascension
           Sum{"2025-12-24", 3, "2025-12-30"},  // over Christmas
           Sum{"2025-12-31", 1, "2026-01-02"},  // over the new year
           Sum{"2026-04-30", 5, "2026-05-11"},  // over two holidays of May
           Sum{"2024-02-28", 2, "2024-03-01"},  // over the 29th of February
       })
    EXPECT_EQ(calendar.add_working_days(day(from), count), day(to)) << from << " + " << count;
}

}  // namespace
}  // namespace demat::steering
