#include "gateway/store/signature_requests.hpp"
#include "tests/unit/gateway/store/conformance/suite.hpp"

// Requests for signatures by agents' own cards: one open per flow, done together with the flow's transition.

namespace demat::store::conformance {
namespace {

using flow::State;
using flow::Trigger;
using testing::ElementsAre;
using testing::HasSubstr;

SignatureRequest request_for(const FlowId& flow, const std::string& mark) {
  SignatureRequest out;
  out.id = SignatureRequestId{sha256(mark).str().substr(0, 32)};
  out.flow = flow;
  out.profile = "carte";
  out.requested_by = IdentityId{sha256("maire").str()};
  out.certificate_der = {0x30, 0x00, 0xff, 0x01};
  out.role = "Maire";
  out.city = "Valjoie";
  out.postal_code = "34000";
  out.country = "France";
  out.signing_time = Instant(std::chrono::seconds(1'772'000'000));
  out.expires_at = Instant(std::chrono::seconds(1'772'003'600));
  out.elements = {{"BORD1", sha256("one")}, {"BORD-é2", sha256("two")}};
  return out;
}

FlowId to_sign(Store& store, const FlowId& id) {
  Change change{.flow = id};
  change.steps = {{Trigger::pass_checks}, {Trigger::ask_signature}};
  const auto done = store.apply(std::move(change));
  EXPECT_TRUE(done);
  return id;
}

Change signed_with(const FlowId& flow, const SignatureRequestId& request) {
  Change change{.flow = flow};
  change.expected = State::to_sign;
  change.steps = {{Trigger::sign}, {Trigger::make_ready}};
  change.brought = BroughtSignature{request, sha256("values"), R"({"done":true})"};
  return change;
}

TEST_P(StoreSuite, ARequestForASignatureOutlivesTheStore) {
  const auto id = to_sign(store(), accept_new("F1", "one").id);
  const auto wanted = request_for(id, "a");
  ASSERT_TRUE(store().signature_requests().open(wanted, "maire", R"({"request":"a"})"));
  const auto kept = host->reopen().signature_requests().find(wanted.id).value();
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->flow, id);
  EXPECT_EQ(kept->profile, "carte");
  EXPECT_EQ(kept->requested_by, wanted.requested_by);
  EXPECT_EQ(kept->certificate_der, wanted.certificate_der);
  EXPECT_THAT((std::vector{kept->role, kept->city, kept->postal_code, kept->country}),
              ElementsAre("Maire", "Valjoie", "34000", "France"));
  EXPECT_EQ(kept->signing_time, wanted.signing_time);
  EXPECT_EQ(kept->expires_at, wanted.expires_at);
  ASSERT_EQ(kept->elements.size(), 2U);
  EXPECT_EQ(kept->elements[1].id, "BORD-é2");
  EXPECT_EQ(kept->elements[1].signed_info, sha256("two"));
  EXPECT_EQ(kept->state, RequestState::open);
  const auto events = store().events(id).value();
  EXPECT_EQ(events.back().code, "signature.requested");
  EXPECT_EQ(events.back().actor, "maire");
  EXPECT_FALSE(store().signature_requests().find(SignatureRequestId{"none"}).value());
}

TEST_P(StoreSuite, ANewRequestReplacesTheOneBefore) {
  const auto id = to_sign(store(), accept_new("F1", "one").id);
  const auto other = to_sign(store(), accept_new("F2", "two").id);
  auto& requests = store().signature_requests();
  ASSERT_TRUE(requests.open(request_for(other, "o"), "maire", "{}"));
  ASSERT_TRUE(requests.open(request_for(id, "a"), "maire", "{}"));
  ASSERT_TRUE(requests.open(request_for(id, "b"), "maire", "{}"));
  EXPECT_EQ(requests.find(request_for(id, "a").id).value()->state, RequestState::replaced);
  EXPECT_EQ(requests.find(request_for(other, "o").id).value()->state, RequestState::open);
  const auto late = store().apply(signed_with(id, request_for(id, "a").id));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, "signature.replaced");
  EXPECT_EQ(current(id).state, State::to_sign) << "nothing else of the change may stand";
}

TEST_P(StoreSuite, ASignatureAndItsTransitionAreOne) {
  const auto id = to_sign(store(), accept_new("F1", "one").id);
  const auto other = to_sign(store(), accept_new("F2", "two").id);
  const auto wanted = request_for(id, "a");
  auto& requests = store().signature_requests();
  ASSERT_TRUE(requests.open(wanted, "maire", "{}"));
  EXPECT_EQ(store().apply(signed_with(other, wanted.id)).error().code, "signature.replaced")
      << "another flow's";
  const auto done = store().apply(signed_with(id, wanted.id));
  ASSERT_TRUE(done);
  EXPECT_EQ(done->state, State::ready);
  const auto kept = requests.find(wanted.id).value().value();
  EXPECT_EQ(kept.state, RequestState::done);
  EXPECT_EQ(kept.values, sha256("values"));
  EXPECT_EQ(kept.answer, R"({"done":true})");
  EXPECT_EQ(store().apply(signed_with(id, wanted.id)).error().code, "store.illegal_transition") << "once";
}

TEST_P(StoreSuite, OnlyAFlowThatWaitsToBeSignedIsAskedFor) {
  const auto id = accept_new("F1", "one").id;
  auto& requests = store().signature_requests();
  const auto early = requests.open(request_for(id, "a"), "maire", "{}");
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, "store.illegal_transition");
  EXPECT_THAT(early.error().detail, HasSubstr("received"));
  EXPECT_FALSE(requests.find(request_for(id, "a").id).value());
  EXPECT_EQ(requests.open(request_for(FlowId{"none"}, "a"), "maire", "{}").error().code, "store.not_found");
}

}  // namespace
}  // namespace demat::store::conformance
