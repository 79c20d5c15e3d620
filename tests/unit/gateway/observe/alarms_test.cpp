#include "gateway/observe/alarms.hpp"

#include <gtest/gtest.h>

namespace demat::observe {
namespace {

using namespace std::chrono_literals;

constexpr Instant start{1'000'000s};

TEST(Alarms, IsToldOnceThenAgainAfterItsCoolDown) {
  Alarms alarms;
  const auto first = alarms.raise("link.down", "helios", "no route", start);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->since, start);
  EXPECT_FALSE(alarms.raise("link.down", "helios", "no route", start + 59min));
  const auto again = alarms.raise("link.down", "helios", "refused", start + 60min);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->count, 3U);
  EXPECT_EQ(again->since, start);
  EXPECT_EQ(again->detail, "refused");
}

TEST(Alarms, SubjectsAreApart) {
  Alarms alarms;
  EXPECT_TRUE(alarms.raise("send.uncertain", "a", "", start));
  EXPECT_TRUE(alarms.raise("send.uncertain", "b", "", start));
  EXPECT_EQ(alarms.counts().at("send.uncertain"), 2U);
  EXPECT_TRUE(alarms.resolve("send.uncertain", "a"));
  EXPECT_FALSE(alarms.resolve("send.uncertain", "a"));
  EXPECT_EQ(alarms.counts().at("send.uncertain"), 1U);
  EXPECT_TRUE(alarms.raise("send.uncertain", "a", "", start + 1s)) << "after its end it is new";
}

TEST(Alarms, AStepUpIsToldAtOnceAStepDownIsNot) {
  Alarms alarms;
  EXPECT_TRUE(alarms.raise("certificate.expires", "server", "90", start, 1));
  EXPECT_TRUE(alarms.raise("certificate.expires", "server", "30", start + 1s, 2));
  EXPECT_FALSE(alarms.raise("certificate.expires", "server", "90", start + 2s, 1));
}

TEST(Alarms, AWatcherEndsWhatIsSoNoMore) {
  Alarms alarms;
  for (const auto* subject : {"a", "b", "c"})
    alarms.raise("x.y", subject, "", start);
  alarms.raise("x.z", "a", "", start);
  const auto ended = alarms.resolve_others("x.y", {"b"});
  ASSERT_EQ(ended.size(), 2U);
  EXPECT_EQ(ended[0].subject, "a");
  EXPECT_EQ(ended[1].subject, "c");
  EXPECT_EQ(alarms.standing().size(), 2U);
}

TEST(Alarms, SilenceEndsAnEvent) {
  Alarms alarms;
  alarms.raise("old.event", "a", "", start);
  alarms.raise("new.event", "a", "", start + 71h);
  EXPECT_EQ(alarms.forget(start + 71h).size(), 0U);
  const auto ended = alarms.forget(start + 72h);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].code, "old.event");
}

TEST(Alarms, AFloodCountsUnderOneSubject) {
  Alarms alarms({.most = 3});
  for (int i = 0; i < 10; ++i)
    alarms.raise("flood", std::to_string(i), "", start);
  const auto standing = alarms.standing();
  ASSERT_EQ(standing.size(), 4U);
  EXPECT_EQ(standing[0].subject, "*");
  EXPECT_EQ(standing[0].count, 7U);
}

TEST(Alarms, AClockThatStepsBackHushesNobodyForLong) {
  Alarms alarms;
  alarms.raise("a.b", "", "", start);
  EXPECT_TRUE(alarms.raise("a.b", "", "", start - 24h));
}

}  // namespace
}  // namespace demat::observe
