#include "gateway/pipeline/marche_guard.hpp"

#include "gateway/pipeline/history_check.hpp"
#include "gateway/pipeline/settle_stage.hpp"
#include "gateway/pipeline/verbs.hpp"
#include "protocols/base/limits.hpp"
#include "send_rig.hpp"

// The order of contracts where it matters: at the door, and when answers come (helios 9.3; decisions, Verbs).

namespace demat::pipeline {
namespace {

using flow::State;

struct MarcheRigBase {
  HandClock clock;
};

class MarcheGuardTest : protected MarcheRigBase, public SendRig {
 protected:
  MarcheGuardTest() : SendRig(clock) {}

  static std::string text_of(const std::string& name, const std::string& contrat, unsigned sequence) {
    return "<PES_Aller><Enveloppe n=\"" + name +
           "\"/><PES_Marche><Marches><Marche><IdentifiantMarche><IdContrat V=\"" + contrat +
           "\"/><NumeroOrdreModification V=\"00\"/><SequenceEnvoi V=\"" + std::to_string(sequence) +
           "\"/><CaractereCorrectifEnregistrement "
           "V=\"0\"/></IdentifiantMarche></Marche></Marches></PES_Marche>"
           "</PES_Aller>";
  }
  static flow::Numbers numbers_in(const std::string& contrat, unsigned sequence, bool concession = false) {
    flow::MarcheRecord record;
    record.contrat = contrat;
    record.sequence = sequence;
    record.concession = concession;
    return {.numbers = {{flow::NumberKind::marche, flow::marche_key(contrat, sequence), {}}},
            .marches = {record}};
  }
  /// Posted, and not looked at.
  flow::Flow posted(const std::string& name, const std::string& contrat, unsigned sequence) {
    return posted(name, text_of(name, contrat, sequence));
  }
  flow::Flow posted(const std::string& name, const std::string& text) {
    clock.advance(std::chrono::seconds(1));
    store::NewFlow item;
    item.flow.authority = AuthorityId{"123456782"};
    item.flow.business_key = name;
    item.flow.nom_fic = NomFic{name};
    item.flow.typ_fic = "PESALR2";
    item.flow.cod_col = "123";
    item.flow.id_post = "034000";
    item.flow.cod_bud = "00";
    auto writer = store().new_payload().value();
    EXPECT_TRUE(writer->append(text));
    auto outcome = store().accept(std::move(item), writer->finish().value()).value();
    return std::get<store::DurableReceipt>(outcome).flow();
  }
  void lose_bytes_of(const flow::Flow& flow) {
    const auto name = flow.original.str();
    EXPECT_TRUE(std::filesystem::remove(data_folder() / "blobs" / name.substr(0, 2) / name.substr(2)));
  }
  Report accepted(const FlowId& id, const std::string& contrat, unsigned sequence) {
    return accepted(id, numbers_in(contrat, sequence));
  }
  Report accepted(const FlowId& id, flow::Numbers numbers) {
    auto verdict = look_up(store(), current(id), std::move(numbers)).value();
    store::Change change{.flow = id};
    change.steps = {{flow::Trigger::pass_checks}, {flow::Trigger::make_ready}};
    change.destination = DestinationName{"helios"};
    change.recorded = std::move(verdict.recorded);
    EXPECT_TRUE(store().apply(std::move(change)));
    return std::move(verdict.report);
  }
  flow::Flow ready(const std::string& name, const std::string& contrat, unsigned sequence) {
    const auto flow = posted(name, contrat, sequence);
    static_cast<void>(accepted(flow.id, contrat, sequence));
    return current(flow.id);
  }
  /// Every flow that may go now, goes.
  void send_all() {
    auto sender = stage();
    for (;;) {
      const auto claims = claim(1, sender.lease());
      if (claims.empty()) return;
      sender.process(claims.front());
    }
  }
  void answer(const flow::Flow& flow, flow::Trigger trigger, std::vector<flow::AnsweredPart> parts = {}) {
    auto writer = store().new_payload().value();
    ASSERT_TRUE(writer->append("<ack of=\"" + flow.id.str() + "\"/>"));
    store::NewReturn item{.destination = DestinationName{"helios"},
                          .remote_name = "ACK_" + flow.id.str(),
                          .remote_time = {},
                          .kind = "acquit_v2"};
    store::Settlement settlement{.item = store().import_return(item, writer->finish().value()).value()};
    settlement.item.state = flow::ReturnState::matched;
    settlement.item.flow = flow.id;
    settlement.trigger = trigger;
    settlement.parts = std::move(parts);
    ASSERT_TRUE(store().settle_return(std::move(settlement)));
  }
  Verbs verbs() {
    return Verbs(store(), [] {});
  }
  static std::vector<std::string> codes(const Report& report) {
    std::vector<std::string> out;
    for (const auto& finding : report.findings)
      out.push_back(finding.code);
    return out;
  }
};

TEST_F(MarcheGuardTest, AModificationWaitsForTheAcquitOfTheContract) {
  const auto contract = ready("C", "2026A", 1);
  const auto modification = ready("M", "2026A", 2);
  const auto next = ready("N", "2026A", 3);
  const auto other = ready("O", "2026B", 1);
  send_all();
  EXPECT_EQ(current(contract.id).state, State::sent);
  EXPECT_EQ(current(other.id).state, State::sent);
  const auto waiting = current(modification.id);
  EXPECT_EQ(waiting.state, State::ready);
  EXPECT_EQ(waiting.waiting_code, "marche.waits_for");
  EXPECT_EQ(waiting.waits_for, contract.id);
  EXPECT_EQ(waiting.attempts, 0U);
  EXPECT_EQ(current(next.id).waits_for, modification.id);
  answer(current(contract.id), flow::Trigger::acknowledge);
  send_all();
  EXPECT_EQ(current(modification.id).state, State::sent);
  EXPECT_TRUE(current(modification.id).waits_for.empty());
  EXPECT_EQ(current(next.id).waits_for, modification.id);
  answer(current(modification.id), flow::Trigger::acknowledge);
  send_all();
  EXPECT_EQ(current(next.id).state, State::sent);
}

TEST_F(MarcheGuardTest, WithoutOrderingEverythingLeaves) {
  settings.marche.ordering = false;
  ready("C", "2026A", 1);
  const auto modification = ready("M", "2026A", 2);
  send_all();
  EXPECT_EQ(current(modification.id).state, State::sent);
}

TEST_F(MarcheGuardTest, WhatFollowsARejectedContractIsHeldUntilItIsAcceptedAtLast) {
  const auto contract = ready("C", "2026A", 1);
  const auto modification = ready("M", "2026A", 2);
  send_all();
  answer(current(contract.id), flow::Trigger::reject);
  send_all();
  const auto held = current(modification.id);
  EXPECT_EQ(held.state, State::held);
  EXPECT_EQ(held.held_from, State::ready);
  EXPECT_EQ(held.hold_reason, "marche.predecessor_rejected");
  EXPECT_EQ(held.waits_for, contract.id);
  const auto again = ready("C2", "2026A", 1);
  send_all();
  EXPECT_EQ(current(modification.id).state, State::held);
  answer(current(again.id), flow::Trigger::acknowledge);
  send_all();
  EXPECT_EQ(current(modification.id).state, State::sent);
}

TEST_F(MarcheGuardTest, OnlyTheContractThatWasTurnedDownHoldsItsOwn) {
  const auto both = posted("C", "2026A", 1);
  auto numbers = numbers_in("2026A", 1);
  numbers.marches.push_back(numbers_in("2026B", 1).marches.front());
  store::Change change{.flow = both.id};
  change.steps = {{flow::Trigger::pass_checks}, {flow::Trigger::make_ready}};
  change.destination = DestinationName{"helios"};
  change.recorded = store::Recorded{numbers, {}};
  ASSERT_TRUE(store().apply(std::move(change)));
  const auto a = ready("A2", "2026A", 2);
  const auto b = ready("B2", "2026B", 2);
  send_all();
  answer(current(both.id), flow::Trigger::acknowledge_partly,
         {{flow::NumberKind::marche, true, "", "", "2026A", 1},
          {flow::NumberKind::marche, false, "", "", "2026B", 1}});
  send_all();
  EXPECT_EQ(current(a.id).state, State::sent);
  EXPECT_EQ(current(b.id).state, State::held);
}

TEST_F(MarcheGuardTest, AConcessionOfTheSameNumberIsAnotherContract) {
  const auto contract = ready("C", "2026A", 1);
  const auto concession = posted("K", "2026A", 1);
  accepted(concession.id, numbers_in("2026A", 1, true));
  const auto modification = ready("M", "2026A", 2);
  const auto extension = posted("E", "2026A", 2);
  accepted(extension.id, numbers_in("2026A", 2, true));
  send_all();
  EXPECT_EQ(current(modification.id).waits_for, contract.id);
  EXPECT_EQ(current(extension.id).waits_for, concession.id);
  answer(current(concession.id), flow::Trigger::reject);
  answer(current(contract.id), flow::Trigger::acknowledge);
  send_all();
  EXPECT_EQ(current(modification.id).state, State::sent);
  EXPECT_EQ(current(extension.id).state, State::held);
}

TEST_F(MarcheGuardTest, AnUnknownPredecessorIsWarnedOfAndPasses) {
  const auto modification = posted("M", "2026A", 2);
  EXPECT_EQ(codes(accepted(modification.id, "2026A", 2)),
            std::vector<std::string>{"pes.marche.predecessor_unknown"});
  send_all();
  EXPECT_EQ(current(modification.id).state, State::sent);
  EXPECT_TRUE(has_event(modification.id, "marche.predecessor_unknown"));
}

TEST_F(MarcheGuardTest, TheNoteOnAnUnknownPredecessorIsWrittenOnceWithTheAttempt) {
  const auto modification = ready("M", "2026A", 2);
  lose_bytes_of(modification);
  for (int i = 0; i < 3; ++i) {
    send_all();
    clock.advance(std::chrono::hours(1));
  }
  EXPECT_EQ(current(modification.id).state, State::ready);
  EXPECT_FALSE(has_event(modification.id, "marche.predecessor_unknown")) << "it has not left";
}

TEST_F(MarcheGuardTest, AFlowWhoseBytesAreGoneIsWaitedForUntilItHasEnded) {
  const auto other = posted("C", "2026B", 1);
  const auto modification = ready("M", "2026A", 2);
  const auto read = ready("N", "2026B", 2);
  lose_bytes_of(other);
  send_all();
  EXPECT_EQ(current(modification.id).state, State::ready);
  EXPECT_EQ(current(modification.id).waits_for, other.id);
  EXPECT_EQ(current(read.id).waits_for, other.id);
  store::Change refusal{.flow = other.id};
  refusal.steps = {{flow::Trigger::refuse}};
  ASSERT_TRUE(store().apply(std::move(refusal)));
  send_all();
  EXPECT_EQ(current(modification.id).state, State::sent) << "nobody knows that it carried anything";
}

TEST_F(MarcheGuardTest, AContractThatNobodyHasReadYetIsKnownAllTheSame) {
  const auto contract = posted("C", "2026A", 1);
  const auto modification = posted("M", "2026A", 2);
  EXPECT_TRUE(accepted(modification.id, "2026A", 2).findings.empty());
  send_all();
  EXPECT_EQ(current(modification.id).waits_for, contract.id);
  static_cast<void>(accepted(contract.id, "2026A", 1));
  send_all();
  answer(current(contract.id), flow::Trigger::acknowledge);
  send_all();
  EXPECT_EQ(current(modification.id).state, State::sent);
}

TEST_F(MarcheGuardTest, ChecksThatEndDuringTheLookAreNotMissed) {
  for (const int end_after : {1, 2}) {
    const auto contrat = "2026E" + std::to_string(end_after);
    const auto contract = posted("C" + contrat, contrat, 1);
    const auto modification = posted("M" + contrat, contrat, 2);
    int looks = 0;
    const auto order = order_of(store(), modification, [&] {
      auto standing = store().marches().standing(modification, numbers_in(contrat, 2).marches);
      if (++looks == end_after) static_cast<void>(accepted(contract.id, contrat, 1));
      return standing;
    });
    ASSERT_TRUE(order);
    ASSERT_GE(looks, end_after);
    EXPECT_EQ(order->verdict, MarcheOrder::Verdict::wait) << "they ended after look " << end_after;
    EXPECT_EQ(order->because, contract.id);
    EXPECT_TRUE(order->unknown.empty());
  }
}

TEST_F(MarcheGuardTest, OnlySoManyUnreadFlowsAreOpenedForOneLook) {
  std::vector<flow::Flow> others;
  for (int i = 0; i < 50; ++i)
    others.push_back(posted("OTHER-" + std::to_string(i), "2026Z", 1));
  const auto judged = [&](const flow::Flow& flow) {
    return order_of(store(), flow,
                    [&] { return store().marches().standing(flow, numbers_in("2026A", 2).marches); })
        .value();
  };
  const auto early = posted("EARLY", "2026A", 2);
  const auto all_read = judged(early);
  EXPECT_EQ(all_read.verdict, MarcheOrder::Verdict::go) << "none of the fifty carries it";
  EXPECT_EQ(all_read.unknown.size(), 1U);
  ASSERT_TRUE(verbs().cancel(early.id, {"operator", "posted twice"}));
  // The fifty-first stays closed: nobody can tell that it carries nothing of that contract.
  const auto closed = posted("CLOSED", "2026Z", 2);
  const auto last = posted("LAST", "2026A", 2);
  const auto one_closed = judged(last);
  EXPECT_EQ(one_closed.verdict, MarcheOrder::Verdict::wait);
  EXPECT_EQ(one_closed.because, closed.id);
  EXPECT_TRUE(one_closed.guessed);
  static_cast<void>(accepted(others.front().id, "2026Z", 1));
  EXPECT_EQ(judged(last).verdict, MarcheOrder::Verdict::go) << "now it is the fiftieth";
}

TEST_F(MarcheGuardTest, TheLastFlowThatIsOpenedCounts) {
  for (int i = 0; i < 49; ++i)
    posted("OTHER-" + std::to_string(i), "2026Z", 1);
  const auto contract = posted("C", "2026A", 1);
  const auto modification = ready("M", "2026A", 2);
  send_all();
  EXPECT_EQ(current(modification.id).waits_for, contract.id);
  static_cast<void>(accepted(contract.id, "2026A", 1));
  send_all();
  EXPECT_EQ(current(modification.id).waits_for, contract.id) << "sent, and not answered";
}

TEST_F(MarcheGuardTest, AFlowTooLargeToLookIntoIsWaitedForUntilItsChecks) {
  const auto padded = [](std::string text) {
    text.insert(text.rfind("</"), "<!--" + std::string(limits::max_dom_bytes, 'x') + "-->");
    return text;
  };
  const auto large = posted("LARGE", padded(text_of("LARGE", "2026Z", 1)));
  ASSERT_GT(large.original_size, limits::max_dom_bytes);
  const auto modification = ready("M", "2026A", 2);
  const auto order = order_of(store(), current(modification.id),
                              [&] { return store().marches().standing(modification.id); });
  ASSERT_TRUE(order);
  EXPECT_EQ(order->verdict, MarcheOrder::Verdict::wait);
  EXPECT_TRUE(order->guessed);
  EXPECT_EQ(order->because, large.id);
  send_all();
  EXPECT_EQ(current(modification.id).waits_for, large.id);
  static_cast<void>(accepted(large.id, "2026Z", 1));
  clock.advance(std::chrono::minutes(2));
  send_all();
  EXPECT_EQ(current(modification.id).state, State::sent) << "it carried nothing of that contract";
}

TEST_F(MarcheGuardTest, AContractRefusedByItsChecksHoldsWhatWaitedForIt) {
  const auto contract = posted("C", "2026A", 1);
  const auto modification = ready("M", "2026A", 2);
  send_all();
  ASSERT_EQ(current(modification.id).waits_for, contract.id);
  store::Change refusal{.flow = contract.id};
  refusal.steps = {{flow::Trigger::refuse}};
  ASSERT_TRUE(store().apply(std::move(refusal)));
  send_all();
  EXPECT_EQ(current(modification.id).state, State::held);
}

TEST_F(MarcheGuardTest, AnOperatorLetsAWaitingRecordGo) {
  ready("C", "2026A", 1);
  const auto modification = ready("M", "2026A", 2);
  send_all();
  EXPECT_EQ(verbs().release(modification.id, {"operator", ""}).error().code, "verb.reason");
  ASSERT_TRUE(verbs().release(modification.id, {"operator", "sent by hand"}));
  EXPECT_TRUE(has_event(modification.id, "verb.release"));
  EXPECT_TRUE(current(modification.id).waits_for.empty());
  send_all();
  EXPECT_EQ(current(modification.id).state, State::sent);
  EXPECT_EQ(verbs().release(modification.id, {"operator", "again"}).error().code, "verb.not_now");
}

TEST_F(MarcheGuardTest, AnOperatorLetsAHeldRecordGo) {
  const auto contract = ready("C", "2026A", 1);
  const auto modification = ready("M", "2026A", 2);
  send_all();
  answer(current(contract.id), flow::Trigger::reject);
  send_all();
  ASSERT_EQ(current(modification.id).state, State::held);
  ASSERT_TRUE(verbs().release(modification.id, {"operator", "sent by hand"}));
  send_all();
  EXPECT_EQ(current(modification.id).state, State::sent);
}

TEST_F(MarcheGuardTest, APersonsHoldStaysAndItsReleaseKeepsTheOrder) {
  const auto contract = ready("C", "2026A", 1);
  const auto modification = ready("M", "2026A", 2);
  send_all();
  ASSERT_TRUE(verbs().hold(modification.id, {"operator", "wait for the mayor"}));
  answer(current(contract.id), flow::Trigger::reject);
  send_all();
  EXPECT_EQ(current(modification.id).hold_reason, "wait for the mayor");
  ASSERT_TRUE(verbs().release(modification.id, {"operator", "the mayor agrees"}));
  send_all();
  EXPECT_EQ(current(modification.id).hold_reason, "marche.predecessor_rejected");
}

TEST_F(MarcheGuardTest, ARetryDoesNotJumpTheQueue) {
  const auto contract = ready("C", "2026A", 1);
  const auto modification = ready("M", "2026A", 2);
  send_all();
  ASSERT_TRUE(verbs().retry(modification.id, {"operator", "now"}));
  send_all();
  EXPECT_EQ(current(modification.id).waits_for, contract.id);
  EXPECT_EQ(current(modification.id).state, State::ready);
}

}  // namespace
}  // namespace demat::pipeline
