#include <gtest/gtest.h>

#include <array>

#include "gateway/flow/answers.hpp"
#include "gateway/flow/authority.hpp"
#include "gateway/flow/flow.hpp"

// The words that stand in rows and in JSON read back as what they were.

namespace demat::flow {
namespace {

TEST(Words, OutcomesReadBack) {
  using enum AttemptOutcome;
  for (const auto outcome : std::array{open, sent, failed, ambiguous, lost})
    EXPECT_EQ(outcome_from(to_string(outcome)), outcome);
  EXPECT_EQ(outcome_from(""), std::nullopt);
}

TEST(Words, ReturnStatesReadBack) {
  using enum ReturnState;
  for (const auto state : std::array{imported, matched, available, orphan, ignored})
    EXPECT_EQ(return_state_from(to_string(state)), state);
  EXPECT_EQ(return_state_from("Imported"), std::nullopt);
}

TEST(Words, RolesReadBack) {
  using enum Role;
  for (const auto role :
       std::array{depositor, transmitter, signatory, reader, operator_, auditor, platform_operator})
    EXPECT_EQ(role_from(to_string(role)), role);
  EXPECT_EQ(role_from("root"), std::nullopt);
}

}  // namespace
}  // namespace demat::flow
