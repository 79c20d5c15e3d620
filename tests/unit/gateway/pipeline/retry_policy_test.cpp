#include "gateway/pipeline/retry_policy.hpp"

#include <gtest/gtest.h>

namespace demat::pipeline {
namespace {

config::Retry settings() {
  config::Retry retry;
  retry.first = std::chrono::milliseconds(1'000);
  retry.max = std::chrono::milliseconds(60'000);
  retry.factor = 2.0;
  retry.jitter = 0.2;
  return retry;
}

struct Case {
  std::uint32_t failures;
  double fraction;
  int expected_millis;
};

TEST(RetryDelay, GrowsIsCappedAndSpread) {
  const Case cases[] = {
      {1, 0.5, 1'000}, {2, 0.5, 2'000}, {3, 0.5, 4'000},    {7, 0.5, 60'000},
      {1, 0.0, 800},   {2, 0.0, 1'600}, {500, 0.5, 60'000}, {0, 0.5, 1'000},
  };
  for (const auto& c : cases)
    EXPECT_EQ(retry_delay(settings(), c.failures, c.fraction), std::chrono::milliseconds(c.expected_millis))
        << c.failures << " failures, dice " << c.fraction;
}

TEST(RetryDelayAfter, GrowsWithTheTimeAlreadyWaited) {
  const std::pair<int, int> cases[] = {{0, 1'000}, {1'500, 1'000}, {10'000, 5'000}, {3'600'000, 60'000}};
  for (const auto& [waited, expected] : cases)
    EXPECT_EQ(retry_delay_after(settings(), std::chrono::milliseconds(waited), 0.5),
              std::chrono::milliseconds(expected))
        << waited;
}

TEST(RetryDelay, NeverExceedsTheCap) {
  EXPECT_LE(retry_delay(settings(), 20, 0.999), std::chrono::milliseconds(60'000));
}

}  // namespace
}  // namespace demat::pipeline
