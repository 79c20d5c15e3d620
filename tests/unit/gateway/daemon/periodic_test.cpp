#include "gateway/periodic.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <stdexcept>
#include <thread>

namespace demat {
namespace {

using namespace std::chrono_literals;

class PeriodicTest : public testing::Test {
 protected:
  static bool until(const std::function<bool()>& condition) {
    for (int i = 0; i < 500; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(10ms);
    }
    return false;
  }

  SystemClock clock;
  std::filesystem::path log_file = std::filesystem::temp_directory_path() / "demat_periodic_test.log";
  std::unique_ptr<observe::Logger> logger = observe::Logger::create(observe::Level::info, log_file);
  observe::Metrics metrics;
  pipeline::Recorder recorder{*logger, metrics};
};

TEST_F(PeriodicTest, TurnsComeBackAndSuccessIsDated) {
  std::atomic<int> turns = 0;
  Periodic periodic(clock, recorder);
  periodic.add({"counter", 5ms, [&](const std::stop_token&) {
                  ++turns;
                  return Status();
                }});
  EXPECT_TRUE(until([&] { return turns > 3; }));
  const auto states = periodic.states();
  ASSERT_EQ(states.size(), 1U);
  EXPECT_TRUE(states[0].last_success.has_value());
  EXPECT_EQ(states[0].last_error, "");
}

TEST_F(PeriodicTest, AFailureKeepsItsCodeAndTheNextTurnComes) {
  std::atomic<int> turns = 0;
  Periodic periodic(clock, recorder);
  periodic.add({"weak", 5ms, [&](const std::stop_token&) -> Status {
                  if (++turns == 2) throw std::runtime_error("broken");
                  return failure(waiting_error("store.busy", "occupé", "busy"));
                }});
  EXPECT_TRUE(until([&] { return turns > 3 && periodic.states()[0].last_error == "store.busy"; }));
  EXPECT_FALSE(periodic.states()[0].last_success.has_value());
  EXPECT_NE(metrics.expose().find("demat_alarms_total{code=\"task.broken\"} 1"), std::string::npos);
}

TEST_F(PeriodicTest, ASlowTaskHoldsUpNobodyAndIsKnownAsLate) {
  std::atomic<int> turns = 0;
  Periodic periodic(clock, recorder);
  periodic.add({"stuck", 1h,
                [](const std::stop_token& stop) {
                  while (!stop.stop_requested())
                    std::this_thread::sleep_for(1ms);
                  return Status();
                },
                0ms, 1ms});
  periodic.add({"quick", 5ms, [&](const std::stop_token&) {
                  ++turns;
                  return Status();
                }});
  EXPECT_TRUE(until([&] { return turns > 3 && periodic.states()[0].late; }));
  EXPECT_FALSE(periodic.states()[1].late);
  periodic.stop();
  EXPECT_FALSE(periodic.states()[0].late);
}

TEST_F(PeriodicTest, HurryBringsTheNextTurnNow) {
  std::atomic<int> turns = 0;
  Periodic periodic(clock, recorder);
  periodic.add({"slow", 1h,
                [&](const std::stop_token&) {
                  ++turns;
                  return Status();
                },
                1h});
  std::this_thread::sleep_for(20ms);
  EXPECT_EQ(turns, 0);
  periodic.hurry("unknown");
  periodic.hurry("slow");
  EXPECT_TRUE(until([&] { return turns == 1; }));
}

}  // namespace
}  // namespace demat
