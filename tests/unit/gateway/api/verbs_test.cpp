#include "tests/unit/gateway/api/rig/api_fixture.hpp"

namespace demat::api {
namespace {

using flow::State;
using flow::Trigger;

const std::string why = R"({"reason":"demande du comptable"})";

TEST_F(ApiTest, HoldsReleasesAndCancels) {
  const auto id = deposited();
  const std::string path = "/v1/flows/" + id.str();
  const auto held = call("operator", "POST", path + "/hold", why);
  ASSERT_EQ(held.status, 200) << held.body;
  expect_shape(json(held), "Flow");
  EXPECT_EQ(text(held, "state"), "held");
  EXPECT_EQ(text(held, "held_from"), "received");
  EXPECT_EQ(text(call("operator", "POST", path + "/release", why), "state"), "received");
  EXPECT_EQ(text(call("platform", "POST", path + "/cancel", why), "state"), "cancelled");
  const auto late = call("operator", "POST", path + "/hold", why);
  expect_problem(late, 409, "verb.not_now");
  EXPECT_EQ(text(late, "flow"), id.str());
  const auto events = store_->events(id);
  EXPECT_EQ(events->back().actor, "platform");
  EXPECT_EQ(events->back().reason, "demande du comptable");
}

TEST_F(ApiTest, EveryVerbWantsAReason) {
  const auto id = deposited();
  for (const auto* verb : {"hold", "release", "cancel", "retry", "replay"})
    expect_problem(call("operator", "POST", "/v1/flows/" + id.str() + "/" + verb, R"({"reason":""})"), 422,
                   "verb.reason");
  expect_problem(
      call("operator", "POST", "/v1/flows/" + id.str() + "/resolve", R"({"reason":"","outcome":"sent"})"),
      422, "verb.reason");
  EXPECT_EQ((*store_->find(id))->state, State::received);
}

TEST_F(ApiTest, VerbsTakeOnlyTheJsonTheyKnow) {
  const auto id = deposited();
  const std::string path = "/v1/flows/" + id.str() + "/hold";
  expect_problem(call("operator", "POST", path, "{"), 400, "api.json");
  expect_problem(call("operator", "POST", path, "[]"), 400, "api.json");
  expect_problem(call("operator", "POST", path, R"({"raison":"x"})"), 422, "api.field");
  expect_problem(call("operator", "POST", path, R"({"reason":1})"), 422, "api.field");
  expect_problem(as("operator").post(path, why, "text/plain"), 415, "api.media_type");
}

TEST_F(ApiTest, VerbsBelongToOperators) {
  const auto id = deposited();
  for (const auto* who : {"reader", "depositor", "transmitter", "auditor"}) {
    for (const auto* verb : {"hold", "release", "cancel", "retry", "resolve", "replay"})
      expect_problem(call(who, "POST", "/v1/flows/" + id.str() + "/" + verb, why), 403, "access.denied");
  }
}

TEST_F(ApiTest, ATransmitterConfirmsWhatADepositorPosted) {
  const auto posted = deposit("depositor", sample("CONFIRM"));
  ASSERT_EQ(posted.status, 202) << posted.body;
  EXPECT_EQ(text(posted, "state"), "held");
  EXPECT_EQ(text(posted, "hold_reason"), "confirmation");
  const auto path = posted.headers.at("location") + "/release";
  expect_problem(call("depositor", "POST", path, why), 403, "access.denied");
  const auto released = call("transmitter", "POST", path, why);
  ASSERT_EQ(released.status, 200) << released.body;
  EXPECT_EQ(text(released, "state"), "received");
}

TEST_F(ApiTest, OnlyASignatoryReleasesWhatWaitsForOne) {
  const auto id = deposited();
  apply(id, {Trigger::pass_checks, Trigger::ask_signature});
  store::Change change;
  change.flow = id;
  change.steps.push_back({Trigger::hold, "{}", "gateway", std::string(flow::awaits_signatory)});
  change.hold_reason = std::string(flow::awaits_signatory);
  ASSERT_TRUE(store_->apply(std::move(change)));
  const auto path = "/v1/flows/" + id.str();
  for (const auto* who : {"operator", "transmitter", "depositor"})
    expect_problem(call(who, "POST", path + "/release", why), 403, "access.denied");
  const auto released = call("signatory", "POST", path + "/release", why);
  ASSERT_EQ(released.status, 200) << released.body;
  EXPECT_EQ(text(released, "state"), "to_sign");
  EXPECT_EQ(text(released, "hold_reason"), "");
  // A signatory releases that and no other hold.
  ASSERT_EQ(call("operator", "POST", path + "/hold", why).status, 200);
  expect_problem(call("signatory", "POST", path + "/release", why), 403, "access.denied");
  expect_problem(call("operator", "POST", path + "/hold", R"({"reason":"signature"})"), 422,
                 "verb.reserved_reason");
}

TEST_F(ApiTest, NobodyTypesTheMarkOfAConfirmation) {
  const auto id = deposited();
  const auto path = "/v1/flows/" + id.str();
  expect_problem(call("operator", "POST", path + "/hold", R"({"reason":"confirmation"})"), 422,
                 "verb.reserved_reason");
  EXPECT_EQ((*store_->find(id))->state, State::received);
  ASSERT_EQ(call("operator", "POST", path + "/hold", R"({"reason":"confirmation du comptable"})").status,
            200);
  expect_problem(call("transmitter", "POST", path + "/release", why), 403, "access.denied");
}

TEST_F(ApiTest, ResolvesTheUncertain) {
  const struct {
    const char* outcome;
    const char* state;
  } cases[] = {{"sent", "sent"}, {"not-sent", "ready"}};
  for (const auto& one : cases) {
    const auto id = deposited(std::string("UNSURE-") + one.outcome);
    apply(id, {Trigger::pass_checks, Trigger::make_ready, Trigger::begin_send, Trigger::lose_send});
    const std::string path = "/v1/flows/" + id.str() + "/resolve";
    expect_problem(call("operator", "POST", path, R"({"reason":"vu","outcome":"maybe"})"), 422, "api.field");
    expect_problem(call("operator", "POST", path, why), 422, "api.field");
    const auto done =
        call("operator", "POST", path, std::string(R"({"reason":"vu","outcome":")") + one.outcome + "\"}");
    ASSERT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(text(done, "state"), one.state);
    EXPECT_EQ(json(done).at("possible_reemission").as_bool(), std::string(one.outcome) == "not-sent");
  }
}

TEST_F(ApiTest, RetriesWhatWaits) {
  const auto id = deposited();
  const std::string path = "/v1/flows/" + id.str() + "/retry";
  expect_problem(call("operator", "POST", path, why), 409, "verb.not_now");
  store::Change change;
  change.flow = id;
  change.wait = store::Change::Wait{clock_.now() + std::chrono::hours(1), "antivirus.down", "{}"};
  ASSERT_TRUE(store_->apply(std::move(change)));
  EXPECT_EQ(text(call("reader", "GET", "/v1/flows/" + id.str()), "waiting_code"), "antivirus.down");
  const auto done = call("operator", "POST", path, why);
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(text(done, "next_attempt_at"), "");
}

TEST_F(ApiTest, ReplaysAsANewLinkedFlow) {
  const auto id = deposited();
  const std::string path = "/v1/flows/" + id.str() + "/replay";
  expect_problem(call("operator", "POST", path, why), 409, "verb.not_now");
  apply(id, {Trigger::refuse});
  const auto fresh = call("operator", "POST", path, why);
  ASSERT_EQ(fresh.status, 201) << fresh.body;
  EXPECT_EQ(text(fresh, "replay_of"), id.str());
  EXPECT_NE(text(fresh, "id"), id.str());
  EXPECT_EQ(fresh.headers.at("location"), "/v1/flows/" + text(fresh, "id"));
  const auto twice = call("operator", "POST", path, why);
  expect_problem(twice, 409, "store.duplicate");
  EXPECT_EQ(text(twice, "flow"), text(fresh, "id"));
}

TEST_F(ApiTest, ReplaysASentFlowOnlyWhenADuplicateIsAccepted) {
  const auto id = deposited();
  apply(id, {Trigger::pass_checks, Trigger::make_ready, Trigger::begin_send, Trigger::finish_send});
  const std::string path = "/v1/flows/" + id.str() + "/replay";
  expect_problem(call("operator", "POST", path, why), 409, "verb.not_now");
  const auto fresh = call("operator", "POST", path, R"({"reason":"perdu","accept_duplicate":true})");
  EXPECT_EQ(fresh.status, 201) << fresh.body;
}

}  // namespace
}  // namespace demat::api
