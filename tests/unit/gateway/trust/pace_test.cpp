// When a place is asked again.

#include "gateway/trust/pace.hpp"

#include <gtest/gtest.h>

using namespace demat::trust_desk;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::sys_seconds now{1'700'000'000s};

std::chrono::seconds pause(const Pace& pace, double chance = 0.5) {
  return next_look(pace, now, chance) - now;
}

TEST(Pace, IsHalfOfTheTimeThatIsLeftWithinBounds) {
  EXPECT_EQ(pause({1h, 0, {}}), 1h);
  EXPECT_EQ(pause({1h, 0, now + 30min}), 15min);
  EXPECT_EQ(pause({1h, 0, now + 24h}), 1h);
  EXPECT_EQ(pause({1h, 0, now + 10s}), 1min);
  EXPECT_EQ(pause({1h, 0, now - 1h}), 1min) << "over already";
  EXPECT_EQ(pause({2s, 0, now - 1h}), 2s);
}

TEST(Pace, SlowsDownWithFailures) {
  EXPECT_EQ(pause({1h, 1, now + 24h}), 1min);
  EXPECT_EQ(pause({1h, 3, {}}), 4min);
  EXPECT_EQ(pause({1h, 1'000, {}}), 1h);
  EXPECT_EQ(pause({744h, 1'000, {}}), 744h);
}

TEST(Pace, VariesByATenth) {
  EXPECT_EQ(pause({1h, 0, {}}, 0.0), 54min);
  EXPECT_LT(pause({1h, 0, {}}, 0.999), 66min);
  EXPECT_EQ(pause({1s, 0, {}}, 0.0), 1s) << "never at once";
}

}  // namespace
