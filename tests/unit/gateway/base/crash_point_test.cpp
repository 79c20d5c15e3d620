#include "gateway/base/crash_point.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

namespace demat {
namespace {

TEST(CrashPoint, IsPassedWhenNothingIsAskedFor) {
  ::unsetenv("DEMAT_CRASH_AT");
  for (int i = 0; i < 3; ++i)
    crash_point("here");
  SUCCEED();
}

void pass(const char* wanted, int times) {
  ::setenv("DEMAT_CRASH_AT", wanted, 1);
  for (int i = 0; i < times; ++i) {
    crash_point("elsewhere");
    crash_point("here");
  }
  std::_Exit(7);
}

TEST(CrashPointDeath, KillsAtTheNamedPassageOnly) {
  if (!crash_points_compiled_in) GTEST_SKIP() << "built without DEMAT_CRASH_POINTS";
  EXPECT_EXIT(pass("here", 1), testing::KilledBySignal(SIGKILL), "");
  EXPECT_EXIT(pass("here:3", 3), testing::KilledBySignal(SIGKILL), "");
  EXPECT_EXIT(pass("here:3", 2), testing::ExitedWithCode(7), "");
  EXPECT_EXIT(pass("nowhere", 3), testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace demat
