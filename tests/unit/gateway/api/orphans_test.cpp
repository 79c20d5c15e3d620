#include "tests/unit/gateway/api/rig/api_fixture.hpp"

namespace demat::api {
namespace {

using flow::ReturnState;
using flow::Trigger;
using ::testing::HasSubstr;

class OrphanTest : public ApiTest {
 protected:
  ReturnId orphan(const std::string& name, const std::string& bytes) {
    auto writer = store_->new_payload();
    EXPECT_TRUE((*writer)->append(bytes));
    auto payload = (*writer)->finish();
    store::NewReturn fresh{DestinationName{"simu"}, name, std::nullopt, "unknown", clock_.now()};
    auto imported = store_->import_return(std::move(fresh), std::move(*payload));
    EXPECT_TRUE(imported);
    store::Settlement settlement;
    settlement.item = *imported;
    settlement.item.state = ReturnState::orphan;
    EXPECT_TRUE(store_->settle_return(std::move(settlement)));
    return imported->id;
  }
  FlowId sent(const std::string& name) {
    const auto id = deposited(name);
    apply(id, {Trigger::pass_checks, Trigger::make_ready, Trigger::begin_send, Trigger::finish_send});
    return id;
  }
  test::Reply act(const ReturnId& id, const std::string& verb, const std::string& body,
                  const std::string& who = "platform") {
    return call(who, "POST", "/v1/orphans/" + id.str() + "/" + verb, body);
  }
  /// The acquit of the sample flow of that name.
  static std::string acquit_of(const std::string& nom_fic) {
    const auto flow = sample(nom_fic);
    return samples::acquit(*samples::outline_of(MemorySource(flow)), samples::Verdict::positive);
  }
  std::string last_event(const FlowId& id) { return store_->events(id)->back().code; }
};

TEST_F(OrphanTest, AnAttachedAcquitDecidesItsFlow) {
  const auto flow = sent("ORPHAN-1");
  const auto id = orphan("ACK_1", acquit_of("AUTRE-NOM"));
  const auto reply = act(id, "attach", R"({"flow":")" + flow.str() + R"(","reason":"vu avec le comptable"})");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(text(reply, "state"), "matched");
  EXPECT_EQ(text(reply, "match_rule"), "person");
  EXPECT_EQ(text(reply, "flow"), flow.str());
  EXPECT_EQ(store_->find(flow).value()->state, flow::State::acknowledged);
  const auto event = store_->events(flow)->back();
  EXPECT_EQ(event.actor, "platform");
  EXPECT_EQ(event.reason, "vu avec le comptable");
  EXPECT_THAT(call("transmitter", "GET", "/v1/flows/" + flow.str() + "/documents").body, HasSubstr("acquit"));
  expect_problem(act(id, "ignore", R"({"reason":"x"})"), 404, "return.unknown");
}

TEST_F(OrphanTest, WhatCannotBeReadIsAttachedAndDecidesNothing) {
  const auto flow = sent("ORPHAN-2");
  const auto id = orphan("BROKEN", "not XML at all");
  ASSERT_EQ(act(id, "attach", R"({"flow":")" + flow.str() + R"(","reason":"r"})").status, 200);
  EXPECT_EQ(store_->find(flow).value()->state, flow::State::sent);
  EXPECT_EQ(last_event(flow), "answer.attached");
}

TEST_F(OrphanTest, GoesToAnAuthorityOrAside) {
  const auto first = orphan("R1", "<x/>");
  const auto given = act(first, "attach", R"({"authority":")" + siren_a_ + R"(","reason":"r"})");
  ASSERT_EQ(given.status, 200) << given.body;
  EXPECT_EQ(text(given, "state"), "available");
  EXPECT_THAT(call("reader", "GET", "/v1/returns").body, HasSubstr(first.str()));
  EXPECT_EQ(call("other", "GET", "/v1/returns/" + first.str()).status, 404);
  const auto second = orphan("R2", "<y/>");
  EXPECT_EQ(text(act(second, "ignore", R"({"reason":"écho"})"), "state"), "ignored");
  EXPECT_EQ(call("platform", "GET", "/v1/orphans").body.find(second.str()), std::string::npos);
  EXPECT_TRUE(store_->verify_journal()->intact);
}

TEST_F(OrphanTest, LooksAgainAtOneAndAtAll) {
  const auto flow = sent("ORPHAN-3");
  const auto id = orphan("ACK_3", acquit_of("ORPHAN-3"));
  const auto stays = orphan("STAYS", "<z/>");
  EXPECT_EQ(text(act(stays, "reanalyse", R"({"reason":"r"})"), "state"), "orphan");
  const auto all = call("platform", "POST", "/v1/orphans/reanalyse", R"({"reason":"SIRET enregistré"})");
  ASSERT_EQ(all.status, 200) << all.body;
  expect_shape(json(all), "Reanalysed");
  EXPECT_EQ(json(all).at("looked_at").as_int64(), 2);
  EXPECT_EQ(json(all).at("settled").as_int64(), 1);
  EXPECT_EQ(store_->find(flow).value()->state, flow::State::acknowledged);
  EXPECT_EQ(store_->find_return(id).value()->match_rule, "full_key");
}

TEST_F(OrphanTest, WantsRightReasonAndOneTarget) {
  const auto id = orphan("R", "<x/>");
  const auto flow = deposited("ORPHAN-4");
  for (const auto* who : {"operator", "transmitter", "auditor"}) {
    expect_problem(act(id, "ignore", R"({"reason":"r"})", who), 403, "access.denied");
    expect_problem(call(who, "POST", "/v1/orphans/reanalyse", R"({"reason":"r"})"), 403, "access.denied");
  }
  expect_problem(act(id, "ignore", "{}"), 422, "verb.reason");
  expect_problem(act(id, "attach", R"({"reason":"r"})"), 422, "api.field");
  expect_problem(act(id, "attach", R"({"flow":"a","authority":"b","reason":"r"})"), 422, "api.field");
  expect_problem(act(id, "attach", R"({"flow":"unknown","reason":"r"})"), 404, "flow.unknown");
  expect_problem(act(id, "attach", R"({"authority":"000000000","reason":"r"})"), 422, "authority.unknown");
  const auto acquit = orphan("ACK", acquit_of("X"));
  expect_problem(act(acquit, "attach", R"({"flow":")" + flow.str() + R"(","reason":"r"})"), 409,
                 "store.illegal_transition");
}

}  // namespace
}  // namespace demat::api
