#include "gateway/flow/access.hpp"

#include <gtest/gtest.h>

#include <array>

namespace demat::flow {
namespace {

const AuthorityId mine{"123456782"};
const AuthorityId other{"987654321"};

Identity holder(Role role, bool active = true) {
  Identity identity;
  identity.grants = {{mine, role}};
  identity.active = active;
  return identity;
}

TEST(Access, OnlyASignatoryHasFlowsSignedAndOnlyForItsAuthority) {
  using enum Role;
  for (const auto role : std::array{depositor, transmitter, reader, operator_, auditor, platform_operator})
    EXPECT_FALSE(may(holder(role), Action::sign, mine)) << to_string(role);
  EXPECT_TRUE(may(holder(signatory), Action::sign, mine));
  EXPECT_FALSE(may(holder(signatory), Action::sign, other));
  EXPECT_FALSE(may(holder(signatory, false), Action::sign, mine));
}

TEST(Access, ASignatoryMaySeeWhatHeSignsAndNothingElse) {
  const auto identity = holder(Role::signatory);
  EXPECT_TRUE(may(identity, Action::read, mine));
  EXPECT_TRUE(may(identity, Action::collect, mine));
  for (const auto action :
       {Action::deposit, Action::transmit, Action::operate, Action::audit, Action::administer})
    EXPECT_FALSE(may(identity, action, mine)) << to_string(action);
}

}  // namespace
}  // namespace demat::flow
