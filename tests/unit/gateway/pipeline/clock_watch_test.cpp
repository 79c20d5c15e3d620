#include "gateway/pipeline/clock_watch.hpp"

#include <gtest/gtest.h>

namespace demat::pipeline {
namespace {

using namespace std::chrono_literals;

class ClockWatchTest : public testing::Test {
 protected:
  void pass(Duration time) {
    wall_ += time;
    steady_ += time;
  }
  Instant wall_ = from_iso8601("2026-06-15T10:00:00Z").value();
  Duration steady_ = 5s;
  ClockWatch watch_{[this] { return wall_; }, [this] { return steady_; }};
};

TEST_F(ClockWatchTest, SaysNothingWhileTimePasses) {
  for (int i = 0; i < 10; ++i) {
    pass(1h);
    EXPECT_EQ(watch_.step(), 0s);
  }
}

TEST_F(ClockWatchTest, TellsAStepOnce) {
  wall_ += 1h;
  pass(3s);
  EXPECT_EQ(watch_.step(), 1h);
  EXPECT_EQ(watch_.step(), 0s);
  wall_ -= 25h;
  EXPECT_EQ(watch_.step(), -25h);
  EXPECT_EQ(watch_.step(), 0s);
}

TEST_F(ClockWatchTest, AddsSlewingUp) {
  wall_ += 1500ms;
  EXPECT_EQ(watch_.step(), 0s);
  wall_ += 1500ms;
  EXPECT_EQ(watch_.step(), 3s);
}

}  // namespace
}  // namespace demat::pipeline
