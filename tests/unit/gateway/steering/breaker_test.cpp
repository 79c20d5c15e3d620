#include "gateway/steering/breaker.hpp"

#include <gtest/gtest.h>

#include "moments.hpp"

namespace demat::steering {
namespace {

using namespace std::chrono_literals;
using enum LinkOutcome;

class BreakerTest : public testing::Test {
 protected:
  bool one_try(LinkOutcome outcome) {
    EXPECT_TRUE(breaker.lets_through(now));
    const bool probe = breaker.began(now);
    return breaker.ended(outcome, probe, now);
  }

  config::Breaker settings{3, 10s, 35s};
  Breaker breaker{settings};
  Instant now = utc("2026-03-02T10:00:00Z");
};

TEST_F(BreakerTest, OpensAfterFailuresInARowOnly) {
  for (const auto outcome : {trouble, trouble, well, trouble, trouble, unknown})
    one_try(outcome);
  EXPECT_EQ(breaker.state(now), BreakerState::closed);
  one_try(trouble);
  EXPECT_EQ(breaker.state(now), BreakerState::open);
  EXPECT_FALSE(breaker.lets_through(now));
  EXPECT_EQ(breaker.until(), now + 10s);
}

TEST_F(BreakerTest, RestsLongerEachTimeUpToTheBound) {
  for (int i = 0; i < 3; ++i)
    one_try(trouble);
  for (const auto rest : {10s, 20s, 35s, 35s}) {
    EXPECT_EQ(breaker.until(), now + rest);
    now += rest;
    EXPECT_EQ(breaker.state(now), BreakerState::half_open);
    one_try(trouble);
    one_try(trouble);
    EXPECT_EQ(breaker.state(now), BreakerState::open);
  }
}

TEST_F(BreakerTest, LetsOneFlowThroughAtATimeWhenHalfOpen) {
  for (int i = 0; i < 3; ++i)
    one_try(trouble);
  now += 10s;
  ASSERT_TRUE(breaker.lets_through(now));
  const bool probe = breaker.began(now);
  EXPECT_TRUE(probe);
  EXPECT_FALSE(breaker.lets_through(now));
  // An old send that ends now is not the probe.
  EXPECT_FALSE(breaker.ended(trouble, false, now));
  EXPECT_FALSE(breaker.lets_through(now));
  EXPECT_TRUE(breaker.ended(well, probe, now));
  EXPECT_EQ(breaker.state(now), BreakerState::closed);
  for (int i = 0; i < 2; ++i)
    one_try(trouble);
  EXPECT_EQ(breaker.state(now), BreakerState::closed);
}

/// The oldest flow is tried first; if it is the one that breaks the connection, the next one shows it.
TEST_F(BreakerTest, OneBadFileDoesNotKeepItOpen) {
  for (int i = 0; i < 3; ++i)
    one_try(trouble);
  now += 10s;
  one_try(trouble);
  EXPECT_EQ(breaker.state(now), BreakerState::half_open);
  EXPECT_TRUE(one_try(well));
  EXPECT_EQ(breaker.state(now), BreakerState::closed);
}

TEST_F(BreakerTest, ATryThatWasNoneLeavesItHalfOpen) {
  for (int i = 0; i < 3; ++i)
    one_try(trouble);
  now += 10s;
  EXPECT_FALSE(one_try(unknown));
  EXPECT_EQ(breaker.state(now), BreakerState::half_open);
  EXPECT_TRUE(breaker.lets_through(now));
}

TEST_F(BreakerTest, APersonMayCloseIt) {
  for (int i = 0; i < 3; ++i)
    one_try(trouble);
  breaker.reset();
  EXPECT_EQ(breaker.state(now), BreakerState::closed);
}

TEST(BreakerOffTest, NeverOpens) {
  Breaker breaker(config::Breaker{0, 10s, 35s});
  const Instant now = utc("2026-03-02T10:00:00Z");
  for (int i = 0; i < 100; ++i)
    EXPECT_FALSE(breaker.ended(trouble, breaker.began(now), now));
  EXPECT_TRUE(breaker.lets_through(now));
}

}  // namespace
}  // namespace demat::steering
