#include "gateway/pipeline/pack_policy.hpp"

#include <gtest/gtest.h>

namespace demat::pipeline {
namespace {

const std::string schemas = std::string(DEMAT_SOURCE_DIR) + "/schemas/pes/";

Instant noon(int year, unsigned month, unsigned day) {
  return Instant(
      std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day))
          .time_since_epoch() +
      std::chrono::hours(12));
}

TEST(PackPolicy, SaysWhichPackIsForWhomAndWhen) {
  const auto now = xml::SchemaPack::load(schemas + "5.30");
  const auto old = xml::SchemaPack::load(schemas + "5.17");
  ASSERT_TRUE(now && old);
  const std::string slow = "217500016";
  const std::string other = "213400017";
  const PackPolicy policy(*now, {{{"5.17", {slow}, "2026-02-01", "2026-03-31"}, *old},
                                 {{"5.30", {}, "", ""}, *now},
                                 {{"5.17", {}, "2027-01-01", ""}, *old}});
  struct Case {
    std::string authority;
    Instant at;
    std::string version;
  };
  for (const auto& c : {Case{slow, noon(2026, 1, 31), "5.30"}, Case{slow, noon(2026, 2, 1), "5.17"},
                        Case{slow, noon(2026, 3, 31), "5.17"}, Case{slow, noon(2026, 4, 1), "5.30"},
                        Case{other, noon(2026, 2, 1), "5.30"}, Case{other, noon(2027, 1, 1), "5.17"},
                        Case{"", noon(2026, 2, 1), "5.30"}})
    EXPECT_EQ(policy.at(AuthorityId{c.authority}, c.at)->info().version, c.version) << c.authority;
}

/// Midnight is that of Paris.
TEST(PackPolicy, ChangesAtMidnightInParis) {
  const auto now = xml::SchemaPack::load(schemas + "5.30");
  const auto old = xml::SchemaPack::load(schemas + "5.17");
  ASSERT_TRUE(now && old);
  const PackPolicy policy(*now, {{{"5.17", {}, "2026-07-01", ""}, *old}});
  const auto midnight = noon(2026, 6, 30) + std::chrono::hours(10);  // 22:00 UTC in summer
  EXPECT_EQ(policy.at({}, midnight - std::chrono::seconds(1))->info().version, "5.30");
  EXPECT_EQ(policy.at({}, midnight)->info().version, "5.17");
}

}  // namespace
}  // namespace demat::pipeline
