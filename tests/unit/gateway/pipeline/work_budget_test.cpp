#include "gateway/pipeline/work_budget.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace demat::pipeline {
namespace {

using std::chrono::milliseconds;

TEST(WorkBudget, SmallOnesShareIt) {
  WorkBudget budget(100);
  auto first = budget.try_acquire(60);
  EXPECT_TRUE(first);
  EXPECT_FALSE(budget.try_acquire(41));
  const auto second = budget.try_acquire(40);
  EXPECT_TRUE(second);
  first = {};
  EXPECT_TRUE(budget.try_acquire(60));
}

TEST(WorkBudget, OneLargeAtATimeWhateverItsSize) {
  WorkBudget budget(100);
  {
    const auto large = budget.try_acquire(1'000'000);
    EXPECT_TRUE(large);
    EXPECT_FALSE(budget.try_acquire(101));
    EXPECT_TRUE(budget.try_acquire(100));  // small ones do not wait for it
  }
  EXPECT_TRUE(budget.try_acquire(101));
}

TEST(WorkBudget, WaitsForRoomButNotForEver) {
  WorkBudget budget(100);
  auto large = budget.try_acquire(101);
  EXPECT_FALSE(budget.acquire(101, milliseconds(1)));
  bool came = false;
  std::jthread waiter([&] { came = static_cast<bool>(budget.acquire(200, milliseconds(60'000))); });
  large = {};
  waiter.join();
  EXPECT_TRUE(came);
}

TEST(WorkBudget, WhoWaitsComesFirst) {
  WorkBudget budget(100);
  auto large = budget.try_acquire(101);
  auto small = budget.try_acquire(60);
  std::jthread waiter([&] { EXPECT_TRUE(budget.acquire(50, milliseconds(60'000))); });
  // A share that would fit is refused once somebody waits for room among the small ones.
  while (budget.try_acquire(10))
    std::this_thread::yield();
  EXPECT_FALSE(budget.try_acquire(102));
  small = {};
  waiter.join();
  EXPECT_TRUE(budget.try_acquire(100));
}

TEST(WorkBudget, APartMovesAndGivesBackOnce) {
  WorkBudget budget(100);
  {
    auto part = budget.try_acquire(100);
    const WorkBudget::Part moved = std::move(part);
    EXPECT_FALSE(budget.try_acquire(1));
  }
  EXPECT_TRUE(budget.try_acquire(100));
}

}  // namespace
}  // namespace demat::pipeline
