// Clients at the door: verdicts are kept, but for no longer than what they rest on.

#include "gateway/trust/client_gate.hpp"

#include <gtest/gtest.h>

#include "pki_kit.hpp"

using namespace demat;
using trust::ClientFault;
using trust_desk::ClientGate;
using namespace std::chrono_literals;

namespace {

const trust::Instant noon = test::at("2026-01-15T12:00:00Z");

test::HolderWish client_wish() {
  test::HolderWish wish;
  wish.key_usage = "critical,digitalSignature";
  wish.extended_key_usage = "clientAuth";
  wish.policies = "1.2.250.1.999.1.2.1";
  return wish;
}

trust_desk::Visitor visitor_of(const test::Holder& holder) {
  const Bytes der = holder.der();
  return {sha256(std::string_view(reinterpret_cast<const char*>(der.data()), der.size())).str(), der, {}};
}

trust::TrustProfile profile_revoking(const test::Holder* holder, long number) {
  auto contents = test::contents_of(test::ordinary_pki());
  test::ListWish wish{.number = number};
  if (holder != nullptr) wish.revoked = {{holder}};
  contents.crls.back() = {"sub.crl", test::make_list(wish, test::ordinary_pki().sub)};
  return test::profile_of(std::move(contents));
}

TEST(ClientGateTest, ANewListHoldsAtOnce) {
  const auto client = test::issue(client_wish(), &test::ordinary_pki().sub);
  ClientGate gate;
  EXPECT_EQ(gate.judge(profile_revoking(nullptr, 2), visitor_of(client), noon).fault, ClientFault::none);
  EXPECT_EQ(gate.judge(profile_revoking(&client, 3), visitor_of(client), noon).fault, ClientFault::revoked);
  EXPECT_EQ(gate.judge(profile_revoking(nullptr, 4), visitor_of(client), noon).fault, ClientFault::none);
}

TEST(ClientGateTest, AVerdictEndsWithWhatItRestsOn) {
  auto wish = client_wish();
  wish.not_after = "20260115120010Z";
  const auto client = test::issue(wish, &test::ordinary_pki().sub);
  const auto profile = profile_revoking(nullptr, 2);
  ClientGate gate;
  EXPECT_EQ(gate.judge(profile, visitor_of(client), noon).fault, ClientFault::none);
  EXPECT_EQ(gate.judge(profile, visitor_of(client), noon + 29s).fault, ClientFault::none);
  EXPECT_EQ(gate.judge(profile, visitor_of(client), noon + 30s).fault, ClientFault::expired);
  // A clock that was set back asks anew.
  EXPECT_EQ(gate.judge(profile, visitor_of(client), noon).fault, ClientFault::none);
}

TEST(ClientGateTest, AResumedSessionIsJudgedByTheChainOfItsHandshake) {
  const auto inner = test::issue({.name = "Intermédiaire", .authority = true}, &test::ordinary_pki().sub);
  const auto client = test::issue(client_wish(), &inner);
  auto contents = test::contents_of(test::ordinary_pki());
  contents.rules.revocation = trust::Revocation::off;
  const auto profile = test::profile_of(std::move(contents));
  ClientGate gate;
  auto visitor = visitor_of(client);
  EXPECT_EQ(gate.judge(profile, visitor, noon).fault, ClientFault::untrusted);
  visitor.offered = {inner.der()};
  EXPECT_EQ(gate.judge(profile, visitor, noon).fault, ClientFault::none);
  visitor.offered = {};
  EXPECT_EQ(gate.judge(profile, visitor, noon + 1min).fault, ClientFault::none);
  // What somebody else sends with it does not spoil it.
  const auto forger = test::issue({.name = "Intermédiaire", .authority = true}, nullptr);
  visitor.offered = {forger.der()};
  EXPECT_EQ(gate.judge(profile, visitor, noon + 2min).fault, ClientFault::none);
}

TEST(ClientGateTest, ARefusalIsToldOnceAnHourAndWithoutNames) {
  const auto client = test::issue(client_wish(), &test::ordinary_pki().sub);
  const auto profile = profile_revoking(&client, 2);
  ClientGate gate;
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(gate.judge(profile, visitor_of(client), noon + i * 10s).fault, ClientFault::revoked);
  auto told = gate.take_untold();
  ASSERT_EQ(told.refused.size(), 1U);
  EXPECT_EQ(told.refused[0].check, "trust.revocation.revoked");
  EXPECT_FALSE(told.refused[0].serial.empty());
  EXPECT_NE(told.refused[0].issuer.find("CN="), std::string::npos);
  EXPECT_EQ(told.refused[0].issuer.find("Jeanne"), std::string::npos);
  EXPECT_TRUE(gate.take_untold().refused.empty());
  EXPECT_EQ(gate.judge(profile, visitor_of(client), noon + 1h).fault, ClientFault::revoked);
  EXPECT_EQ(gate.take_untold().refused.size(), 1U);
}

TEST(ClientGateTest, AFloodOfRefusalsIsBoundedAndCounted) {
  const auto profile = profile_revoking(nullptr, 2);
  ClientGate gate;
  const std::size_t all = ClientGate::most_untold + 25;
  for (std::size_t i = 0; i < all; ++i) {
    trust_desk::Visitor visitor;
    visitor.sha256 = std::to_string(i);
    visitor.der = {1, 2, 3};
    EXPECT_EQ(gate.judge(profile, visitor, noon).fault, ClientFault::untrusted);
  }
  const auto told = gate.take_untold();
  EXPECT_EQ(told.refused.size(), ClientGate::most_untold);
  EXPECT_EQ(told.lost, 25U);
}

TEST(ClientGateTest, EveryFaultHasItsSentence) {
  for (int fault = 1; fault <= static_cast<int>(ClientFault::unknown); ++fault) {
    trust::ClientVerdict verdict;
    verdict.fault = static_cast<ClientFault>(fault);
    const auto error = trust_desk::refusal_of(verdict);
    EXPECT_TRUE(error.code.starts_with("access.certificate_")) << error.code;
    EXPECT_EQ(error.outlook == Outlook::waiting, verdict.fault == ClientFault::unknown);
  }
  trust::ClientVerdict signing{ClientFault::usage, "trust.usage.signature_only", "", ""};
  EXPECT_NE(trust_desk::refusal_of(signing).fr.find("fait pour signer"), std::string::npos);
  EXPECT_THROW(static_cast<void>(trust_desk::refusal_of({})), std::logic_error);
}

}  // namespace
