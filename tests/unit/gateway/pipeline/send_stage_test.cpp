#include "gateway/pipeline/send_stage.hpp"

#include "gateway/pipeline/verbs.hpp"
#include "send_rig.hpp"

namespace demat::pipeline {
namespace {

using flow::AttemptOutcome;
using flow::State;
using std::chrono::seconds;
using PutResult = tl::expected<void, transport::PutFailure>;

PutResult failed(const std::string& code, transport::Delivery delivery) {
  return tl::unexpected(transport::PutFailure{transport_error(code), delivery});
}

/// Made before the rig's other parts, which keep a reference to it.
struct ClockHolder {
  HandClock clock;
};

class SendStageTest : public ClockHolder, public SendRig {
 protected:
  SendStageTest() : SendRig(clock) {}

  /// The put outlasts its lease, and the keeper notices.
  void outlast_the_lease(Duration lease) {
    clock.advance(lease + seconds(1));
    EXPECT_EQ(store().expire_sends(clock.now()).value().size(), 1U);
  }
  store::Claim only_claim(SendStage& stage) { return claim(1, stage.lease()).at(0); }
};

TEST_F(SendStageTest, EverySendOfABatchHasAWholeLease) {
  ready_flow("A");
  ready_flow("B");
  auto sender = stage();
  script.put = [&](const auto&) {
    clock.advance(sender.lease() * 9 / 10);
    EXPECT_TRUE(store().expire_sends(clock.now()).value().empty());
    return PutResult{};
  };
  for (const auto& item : claim(2, sender.lease())) {
    sender.process(item);
    EXPECT_EQ(current(item.flow.id).state, State::sent);
  }
}

TEST_F(SendStageTest, NothingIsSentUnderAClaimThatRanOut) {
  const auto flow = ready_flow("A");
  auto sender = stage();
  const auto item = only_claim(sender);
  clock.advance(sender.lease() + seconds(1));
  sender.process(item);
  EXPECT_EQ(script.puts, 0);
  EXPECT_EQ(current(flow.id).state, State::ready);
}

TEST_F(SendStageTest, ALateSuccessSettlesTheUncertainFlow) {
  const auto flow = ready_flow("A");
  auto sender = stage();
  script.put = [&](const auto&) {
    outlast_the_lease(sender.lease());
    return PutResult{};
  };
  sender.process(only_claim(sender));
  EXPECT_EQ(current(flow.id).state, State::sent);
  EXPECT_TRUE(has_event(flow.id, "send.late_outcome"));
  const auto attempt = store().attempts(flow.id).value().at(0);
  EXPECT_EQ(attempt.outcome, AttemptOutcome::sent);
  EXPECT_NE(attempt.transcript.find("put "), std::string::npos);
}

TEST_F(SendStageTest, ALateCertainFailureIsTriedAgainAfterItsDelay) {
  const auto flow = ready_flow("A");
  auto sender = stage();
  script.put = [&](const auto&) {
    outlast_the_lease(sender.lease());
    return failed("transport.unreachable", transport::Delivery::not_delivered);
  };
  sender.process(only_claim(sender));
  EXPECT_EQ(current(flow.id).state, State::ready);
  EXPECT_EQ(current(flow.id).waiting_code, "transport.unreachable");
  EXPECT_EQ(store().attempts(flow.id).value().at(0).outcome, AttemptOutcome::failed);
}

TEST_F(SendStageTest, ALateUnclearFailureStaysUncertain) {
  const auto flow = ready_flow("A");
  auto sender = stage();
  script.put = [&](const auto&) {
    outlast_the_lease(sender.lease());
    return failed("transport.timeout", transport::Delivery::ambiguous);
  };
  sender.process(only_claim(sender));
  EXPECT_EQ(current(flow.id).state, State::uncertain);
  EXPECT_EQ(store().attempts(flow.id).value().at(0).error_code, "transport.timeout");
}

TEST_F(SendStageTest, ALateSuccessStopsASecondSendThatAPersonAskedFor) {
  const auto flow = ready_flow("A");
  auto sender = stage();
  Verbs verbs(store(), [] {});
  script.put = [&](const auto&) {
    outlast_the_lease(sender.lease());
    EXPECT_TRUE(verbs.resolve_not_sent(flow.id, {"anne", "not in the listing"}));
    return PutResult{};
  };
  sender.process(only_claim(sender));
  EXPECT_EQ(current(flow.id).state, State::held);
  EXPECT_EQ(current(flow.id).hold_reason, "send.late_outcome");
}

TEST_F(SendStageTest, AnAcquitThatBeatsTheOutcomeLeavesItsTranscript) {
  const auto flow = ready_flow("A");
  auto sender = stage();
  script.put = [&](const auto&) {
    auto writer = store().new_payload().value();
    EXPECT_TRUE(writer->append("<ack/>"));
    store::NewReturn file{.destination = DestinationName{"helios"}, .remote_name = "ACK"};
    store::Settlement answer{.item = store().import_return(file, writer->finish().value()).value()};
    answer.item.state = flow::ReturnState::matched;
    answer.item.flow = flow.id;
    answer.trigger = flow::Trigger::acknowledge;
    EXPECT_TRUE(store().settle_return(answer));
    return PutResult{};
  };
  sender.process(only_claim(sender));
  EXPECT_EQ(current(flow.id).state, State::acknowledged);
  EXPECT_TRUE(current(flow.id).sent_at.has_value());
  EXPECT_NE(store().attempts(flow.id).value().at(0).transcript, "");
}

TEST_F(SendStageTest, AListingNeverJudgesASendThatIsRunning) {
  const auto flow = ready_flow("A");
  auto sender = stage();
  auto other = stage();
  script.look = [](const auto&) { return Result<transport::Presence>(transport::Presence::partial_only); };
  script.put = [&](const auto&) {
    outlast_the_lease(sender.lease());
    other.reconcile();
    EXPECT_EQ(current(flow.id).state, State::uncertain);
    return PutResult{};
  };
  sender.process(only_claim(sender));
  EXPECT_EQ(current(flow.id).state, State::sent);
}

TEST_F(SendStageTest, AListingSettlesAnInterruptedSend) {
  const auto flow = ready_flow("A");
  auto sender = stage();
  script.put = [](const auto&) { return failed("transport.interrupted", transport::Delivery::ambiguous); };
  EXPECT_EQ(sender.process(only_claim(sender)), PeerHealth::in_trouble);
  ASSERT_EQ(current(flow.id).state, State::uncertain);
  script.look = [](const auto&) { return Result<transport::Presence>(transport::Presence::partial_only); };
  EXPECT_EQ(sender.reconcile(), PeerHealth::well);
  EXPECT_EQ(current(flow.id).state, State::ready);
}

/// Nothing comes that could end it later: not by a listing, not by a late success, not by a person.
TEST_F(SendStageTest, WhatNobodyAnswersIsDoneOnceItIsKnownToBeSent) {
  auto sender = stage();
  script.put = [](const auto&) { return failed("transport.interrupted", transport::Delivery::ambiguous); };
  const auto listed = ready_flow("A", "pes_acquit_retour");
  sender.process(only_claim(sender));
  script.look = [](const auto&) { return Result<transport::Presence>(transport::Presence::final_name); };
  sender.reconcile();
  EXPECT_EQ(current(listed.id).state, State::sent_final);

  const auto told = ready_flow("B", "pes_acquit_retour");
  sender.process(only_claim(sender));
  Verbs verbs(store(), [] {});
  ASSERT_TRUE(verbs.resolve_sent(told.id, {"operator", "the peer has it"}));
  EXPECT_EQ(current(told.id).state, State::sent_final);

  const auto late = ready_flow("C", "pes_acquit_retour");
  script.put = [&](const auto&) {
    outlast_the_lease(sender.lease());
    return PutResult{};
  };
  sender.process(only_claim(sender));
  EXPECT_EQ(current(late.id).state, State::sent_final);
}

TEST_F(SendStageTest, ReconciliationEndsBetweenTwoFlowsWhenAskedToStop) {
  auto sender = stage();
  script.put = [](const auto&) { return failed("transport.interrupted", transport::Delivery::ambiguous); };
  for (const char* key : {"A", "B", "C"}) {
    ready_flow(key);
    sender.process(only_claim(sender));
  }
  std::stop_source source;
  script.look = [&](const auto&) {
    source.request_stop();
    return Result<transport::Presence>(transport::Presence::final_name);
  };
  sender.reconcile(source.get_token());
  EXPECT_EQ(script.looks, 1);
}

TEST_F(SendStageTest, OnlyFaultsOfThePeerSlowTheOtherFlows) {
  const struct {
    const char* code;
    PeerHealth health;
  } cases[] = {
      {"transport.unreachable", PeerHealth::in_trouble}, {"transport.timeout", PeerHealth::in_trouble},
      {"transport.login", PeerHealth::in_trouble},       {"transport.identity", PeerHealth::in_trouble},
      {"transport.full", PeerHealth::in_trouble},        {"transport.interrupted", PeerHealth::in_trouble},
      {"transport.refused", PeerHealth::well},           {"transport.absent", PeerHealth::well},
      {"transport.bad_parameter", PeerHealth::well},
  };
  auto sender = stage();
  for (const auto& one : cases) {
    ready_flow(one.code);
    script.put = [&](const auto&) { return failed(one.code, transport::Delivery::not_delivered); };
    EXPECT_EQ(sender.process(only_claim(sender)), one.health) << one.code;
  }
}

TEST_F(SendStageTest, ARetryDuringASendIsRefusedAndTakesNothing) {
  const auto flow = ready_flow("A");
  auto sender = stage();
  Verbs verbs(store(), [] {});
  script.put = [&](const auto&) {
    EXPECT_EQ(verbs.retry(flow.id, {"anne", "now"}).error().code, "verb.not_now");
    return PutResult{};
  };
  sender.process(only_claim(sender));
  EXPECT_EQ(current(flow.id).state, State::sent);
  EXPECT_FALSE(has_event(flow.id, "send.late_outcome"));
}

}  // namespace
}  // namespace demat::pipeline
