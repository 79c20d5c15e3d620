#include <algorithm>

#include "gateway/store/care.hpp"
#include "tests/unit/gateway/store/conformance/actes_suite.hpp"

// What the mails of the ministry do: verdicts, annulments, letters with their receipts, marks.

namespace demat::store::conformance {
namespace {

using flow::LetterState;
using flow::State;
using flow::Trigger;
using flow::Verdict;
using std::chrono::seconds;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

TEST_P(ActesSuite, AnArDecidesASentSendingOrUncertainFlow) {
  const std::vector<FlowId> flows{sent({"A1"}), sending({"A2"}), sending({"A3"})};
  step(flows[2], Trigger::lose_send);
  for (std::size_t i = 0; i < flows.size(); ++i) {
    const auto name = "m" + std::to_string(i);
    auto settlement = mail(name);
    settlement.item.flow = flows[i];
    settlement.effects.push_back(verdict(flows[i], Verdict::accepted));
    settlement.effects[0].id_acte = "confirmed-" + name;
    settlement.effects[0].documents.push_back(file("ar", "<1-2 " + name + "/>"));
    EXPECT_THAT(settle(std::move(settlement)).changed, ElementsAre(flows[i]));
    EXPECT_EQ(current(flows[i]).state, State::acknowledged);
    EXPECT_TRUE(current(flows[i]).sent_at);
    const auto acte = actes().of_flow(flows[i]).value().at(0);
    EXPECT_EQ(acte.verdict, Verdict::accepted);
    EXPECT_EQ(acte.id_acte, "confirmed-" + name);
    EXPECT_TRUE(acte.id_confirmed);
    EXPECT_EQ(acte.received_on, "2026-01-16");
    EXPECT_EQ(store().documents(flows[i]).value().back().role, "ar");
    EXPECT_THAT(codes_of(flows[i]), Contains("acte.ar"));
  }
  EXPECT_EQ(store().attempts(flows[1]).value().at(0).outcome, flow::AttemptOutcome::sent);
  EXPECT_TRUE(store().unsettled_returns(10).value().empty());
}

TEST_P(ActesSuite, TheFirstVerdictStays) {
  const auto id = sent({"A1"});
  answer("m1", id, Verdict::accepted);
  EXPECT_THAT(answer("m2", id, Verdict::accepted).repetitions, ElementsAre(id));
  EXPECT_EQ(codes_of(id).back(), "answer.duplicate");
  EXPECT_THAT(answer("m3", id, Verdict::rejected).contradictions, ElementsAre(id));
  EXPECT_EQ(codes_of(id).back(), "answer.contradiction");
  EXPECT_EQ(current(id).state, State::acknowledged);
  EXPECT_EQ(actes().of_flow(id).value().at(0).verdict, Verdict::accepted);
  EXPECT_THAT(store().anomalies(id).value(), IsEmpty());
}

TEST_P(ActesSuite, AnEnvelopeIsDecidedWhenAllItsActesAre) {
  struct Case {
    std::string number;
    Verdict first, second;
    State state;
  };
  for (const auto& c : {Case{"A", Verdict::accepted, Verdict::accepted, State::acknowledged},
                        Case{"B", Verdict::accepted, Verdict::rejected, State::partly_rejected},
                        Case{"C", Verdict::rejected, Verdict::rejected, State::rejected}}) {
    const auto id = sent({c.number + "1", c.number + "2"});
    EXPECT_THAT(answer(c.number + "m1", id, c.first, 1).changed, IsEmpty());
    EXPECT_EQ(current(id).state, State::sent);
    EXPECT_THAT(answer(c.number + "m2", id, c.second, 2).changed, ElementsAre(id));
    EXPECT_EQ(current(id).state, c.state);
  }
}

TEST_P(ActesSuite, WhatIsNeverAnsweredIsNotWaitedFor) {
  auto item = envelope({"A1"});
  item.actes.push_back(acte("A0", "2-2"));
  const auto id = accept(std::move(item), "{1}").id;
  send(id, "SLO-EACT--123456782--20260115-1.tar.gz");
  step(id, Trigger::finish_send);
  EXPECT_THAT(answer("m1", id, Verdict::accepted, 1).changed, ElementsAre(id));
  EXPECT_EQ(current(id).state, State::acknowledged);
}

TEST_P(ActesSuite, TheAnomaliesOfAllActesOfAnEnvelopeAreTold) {
  const auto together = sent({"A1", "A2"});
  auto settlement = mail("m1");
  settlement.effects.push_back(verdict(together, Verdict::rejected, 1));
  settlement.effects.push_back(verdict(together, Verdict::rejected, 2));
  settle(std::move(settlement));
  const auto apart = sent({"B1", "B2"});
  answer("m2", apart, Verdict::rejected, 1);
  answer("m3", apart, Verdict::rejected, 2);
  for (const auto& id : {together, apart}) {
    const auto told = store().anomalies(id).value();
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0].num_ano_ack, "ANO-1");
    EXPECT_EQ(told[1].num_ano_ack, "ANO-2");
  }
}

TEST_P(ActesSuite, AVerdictOnWhatWasNotSentIsAContradictionUntilItIs) {
  const auto id = sending({"A1"});
  step(id, Trigger::fail_send);
  EXPECT_THAT(answer("m1", id, Verdict::accepted).contradictions, ElementsAre(id));
  EXPECT_EQ(current(id).state, State::ready);
  step(id, Trigger::begin_send);
  step(id, Trigger::finish_send);
  answer("m2", id, Verdict::accepted);
  EXPECT_EQ(current(id).state, State::acknowledged);
}

TEST_P(ActesSuite, AnAnnulmentIsNotedOnce) {
  const auto id = sent({"A1"});
  answer("m1", id, Verdict::accepted);
  for (const std::string day : {"2026-02-02", "2026-03-03"}) {
    auto settlement = mail(day);
    ActeEffect effect;
    effect.flow = id;
    effect.annulled_on = day;
    effect.event_code = "acte.annulled";
    settlement.effects.push_back(std::move(effect));
    settle(std::move(settlement));
  }
  EXPECT_EQ(actes().of_flow(id).value().at(0).annulled_on, "2026-02-02");
  EXPECT_EQ(actes().list({.authority = town, .annulled = true}, "", 10).value().items.size(), 1U);
  const auto codes = codes_of(id);
  EXPECT_EQ(std::count(codes.begin(), codes.end(), "acte.annulled"), 1);
  EXPECT_EQ(current(id).state, State::acknowledged);
}

TEST_P(ActesSuite, ALetterComesWithItsFilesAndOneReceipt) {
  const auto id = sent({"A1"});
  answer("m0", id, Verdict::accepted);
  const auto done = letter("m1", id);
  ASSERT_EQ(done.letters.size(), 1U);
  ASSERT_EQ(done.receipts.size(), 1U);
  host->reopen();
  const auto read = letter_now(done.letters[0]);
  EXPECT_EQ(read.state, LetterState::unread);
  EXPECT_EQ(read.acte, id);
  EXPECT_EQ(read.message, "3-1");
  EXPECT_EQ(read.date, "2026-02-01");
  EXPECT_EQ(read.text, "plan");
  EXPECT_EQ(read.acknowledged_by, done.receipts[0]);
  EXPECT_EQ(read.received_at, clock.now());
  const auto documents = store().documents(id).value();
  ASSERT_EQ(read.documents.size(), 2U);
  EXPECT_EQ(documents.at(read.documents[1] - 1).role, "lettre");
  const auto receipt = actes().of_flow(done.receipts[0]).value().at(0);
  EXPECT_EQ(receipt.message, "3-2");
  EXPECT_EQ(receipt.letter, read.id);
  EXPECT_EQ(current(done.receipts[0]).state, State::received);
  EXPECT_EQ(codes_of(id).back(), "acte.letter");
}

TEST_P(ActesSuite, TheSameLetterInAnotherMailIsNoSecondLetter) {
  const auto id = sent({"A1"});
  const auto first = letter("m1", id);
  const auto files = store().documents(id).value().size();
  const auto again = letter("m2", id);
  EXPECT_THAT(again.letters, IsEmpty());
  EXPECT_THAT(again.receipts, IsEmpty());
  EXPECT_THAT(again.repetitions, ElementsAre(id));
  EXPECT_EQ(store().documents(id).value().size(), files);
  EXPECT_EQ(codes_of(id).back(), "acte.letter_again");
  EXPECT_EQ(actes().letters({.authority = town}, "", 10).value().items.size(), 1U);
  // Another one of the same day has other files.
  const auto other = letter("m3", id, "délibération");
  ASSERT_EQ(other.letters.size(), 1U);
  EXPECT_NE(other.letters[0], first.letters[0]);
}

TEST_P(ActesSuite, FilesAlikeWithinALetterDoNotHideItsRepetition) {
  const auto id = sent({"A1"});
  for (const std::string name : {"m1", "m2"}) {
    auto settlement = mail(name);
    settlement.letters.push_back(pieces_request(id));
    settlement.letters.back().documents.push_back(file("lettre", "%PDF plan"));
    EXPECT_EQ(settle(std::move(settlement)).letters.size(), name == "m1" ? 1U : 0U);
  }
}

TEST_P(ActesSuite, AMailLookedAtAgainDoublesNothing) {
  const auto id = sent({"A1"});
  auto first = mail("m1");
  first.item.state = flow::ReturnState::orphan;
  first.item.flow = id;
  first.letters.push_back(pieces_request(id));
  const auto item = first.item;
  settle(std::move(first));
  MailSettlement again;
  again.item = item;
  again.item.state = flow::ReturnState::matched;
  again.expected = flow::ReturnState::orphan;
  again.message_id = "m1@interieur.example";
  again.letters.push_back(pieces_request(id));
  const auto done = settle(std::move(again));
  EXPECT_THAT(done.letters, IsEmpty());
  EXPECT_THAT(done.receipts, IsEmpty());
  EXPECT_EQ(store().find_return(item.id).value()->state, flow::ReturnState::matched);
}

TEST_P(ActesSuite, AMailIsKnownByItsMessageId) {
  const auto id = sent({"A1"});
  EXPECT_FALSE(actes().seen("m1@interieur.example").value());
  auto settlement = mail("m1");
  const auto item = settlement.item.id;
  settlement.effects.push_back(verdict(id, Verdict::accepted));
  settle(std::move(settlement));
  const auto seen = actes().seen("m1@interieur.example").value();
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->item, item);
  EXPECT_EQ(seen->content_mark, "m1");
}

TEST_P(ActesSuite, AMailIsSettledAsExpectedOrNotAtAll) {
  const auto id = sent({"A1"});
  auto settlement = mail("m1");
  settlement.effects.push_back(verdict(id, Verdict::accepted));
  settlement.expected = flow::ReturnState::orphan;
  EXPECT_EQ(actes().settle(std::move(settlement)).error().code, "store.return_moved");
  EXPECT_EQ(current(id).state, State::sent);
  EXPECT_FALSE(actes().seen("m1@interieur.example").value());
}

TEST_P(ActesSuite, AMailWithOneImpossibleEffectHasNone) {
  const auto id = sent({"A1"});
  const auto before = codes_of(id).size();
  auto settlement = mail("m1");
  const auto item = settlement.item.id;
  settlement.effects.push_back(verdict(id, Verdict::accepted));
  settlement.effects[0].documents.push_back(file("ar", "<1-2/>"));
  settlement.effects.push_back(verdict(FlowId{"unknown"}, Verdict::accepted));
  settlement.letters.push_back(pieces_request(id));
  settlement.classifications.push_back({town, "2026-01-01", "<xml/>", {}});
  EXPECT_EQ(actes().settle(std::move(settlement)).error().code, "store.not_found");
  host->reopen();
  EXPECT_EQ(current(id).state, State::sent);
  EXPECT_EQ(codes_of(id).size(), before);
  EXPECT_EQ(store().documents(id).value().size(), 2U);
  EXPECT_THAT(actes().letters({}, "", 10).value().items, IsEmpty());
  EXPECT_FALSE(actes().classification(town).value());
  EXPECT_FALSE(actes().seen("m1@interieur.example").value());
  EXPECT_EQ(store().find_return(item).value()->state, flow::ReturnState::imported);
  EXPECT_TRUE(store().verify_journal().value().intact);
}

TEST_P(ActesSuite, AnAnswerAnswersItsLetterUnlessItFails) {
  const auto id = sent({"A1"});
  const auto which = letter("m1", id).letters.at(0);
  const auto reply = answer_letter(which);
  EXPECT_EQ(letter_now(which).state, LetterState::answered);
  EXPECT_EQ(letter_now(which).answered_by, reply);
  step(reply, Trigger::refuse);
  EXPECT_EQ(letter_now(which).state, LetterState::read);
  EXPECT_TRUE(letter_now(which).answered_by.empty());
  const auto better = answer_letter(which);
  EXPECT_EQ(letter_now(which).answered_by, better);
}

TEST_P(ActesSuite, ALetterIsMarkedByAPerson) {
  const auto id = sent({"A1"});
  const auto which = letter("m1", id).letters.at(0);
  ASSERT_TRUE(actes().mark_letter(which, true, "anne"));
  ASSERT_TRUE(actes().mark_letter(which, true, "anne"));
  EXPECT_EQ(letter_now(which).state, LetterState::read);
  ASSERT_TRUE(actes().mark_letter(which, false, "anne"));
  EXPECT_EQ(letter_now(which).state, LetterState::unread);
  const auto events = codes_of(FlowId{});
  EXPECT_EQ(std::count(events.begin(), events.end(), "letter.read"), 1);
  EXPECT_EQ(std::count(events.begin(), events.end(), "letter.unread"), 1);
  answer_letter(which);
  ASSERT_TRUE(actes().mark_letter(which, false, "anne"));
  EXPECT_EQ(letter_now(which).state, LetterState::answered);
  EXPECT_EQ(actes().mark_letter(LetterId{"nope"}, true, "anne").error().code, "store.not_found");
  EXPECT_FALSE(actes().letter(LetterId{"nope"}).value());
}

TEST_P(ActesSuite, LettersAreListedByPageAndFilter) {
  const auto id = sent({"A1"});
  std::vector<LetterId> made;
  for (int i = 0; i < 5; ++i) {
    made.push_back(letter("m" + std::to_string(i), id, "n" + std::to_string(i)).letters.at(0));
    clock.advance(seconds(1));
  }
  ASSERT_TRUE(actes().mark_letter(made[1], true, "anne"));
  const auto first = actes().letters({.authority = town}, "", 3).value();
  ASSERT_EQ(first.items.size(), 3U);
  EXPECT_EQ(first.items[0].id, made[4]);
  const auto second = actes().letters({.authority = town}, first.next, 3).value();
  ASSERT_EQ(second.items.size(), 2U);
  EXPECT_EQ(second.items[1].id, made[0]);
  EXPECT_EQ(second.next, "");
  EXPECT_EQ(actes().letters({.authority = town, .state = LetterState::read}, "", 9).value().items.size(), 1U);
  EXPECT_EQ(actes().letters({.acte = id}, "", 9).value().items.size(), 5U);
  EXPECT_THAT(actes().letters({.authority = AuthorityId{"987654324"}}, "", 9).value().items, IsEmpty());
}

TEST_P(ActesSuite, AnActeIsPurgedOnlyWhenItsLettersAreDone) {
  const auto id = sent({"A1"});
  auto ar = mail("m0");
  ar.item.flow = id;
  ar.effects.push_back(verdict(id, Verdict::accepted));
  const auto raw = ar.item.sha256;
  settle(std::move(ar));
  const auto which = letter("m1", id).letters.at(0);
  PurgePlan plan;
  plan.actor = "tester";
  const auto purged = [&] {
    clock.advance(std::chrono::hours(48));
    plan.succeeded_before = clock.now() - std::chrono::hours(24);
    for (const auto& line : taken(store().care().purge(plan, clock.now(), 100)).counts)
      if (line.what == "acknowledged") return true;
    return false;
  };
  EXPECT_FALSE(purged());
  ASSERT_TRUE(actes().mark_letter(which, true, "anne"));
  EXPECT_FALSE(purged()) << "a request for documents waits for its answer";
  answer_letter(which);
  EXPECT_TRUE(purged());
  EXPECT_FALSE(store().open_payload(raw)) << "the mail goes with its flow";
  EXPECT_FALSE(store().open_payload(store().documents(id).value().front().sha256));
  // What comes later still is kept, and has its own time.
  const auto late = letter("m2", id, "tard").letters.at(0);
  EXPECT_TRUE(
      store().open_payload(store().documents(id).value().at(letter_now(late).documents[0] - 1).sha256));
  answer_letter(late);
  EXPECT_TRUE(purged());
  EXPECT_TRUE(store().verify_journal().value().intact);
}

TEST_P(ActesSuite, RowsOfOldActesAreForgottenWithWhatNamesThem) {
  const auto one = sent({"A1"});
  const auto two = sent({"A2"});
  auto settlement = mail("m1");
  settlement.item.flow = one;
  settlement.effects.push_back(verdict(one, Verdict::accepted));
  settlement.effects.push_back(verdict(two, Verdict::rejected));
  settle(std::move(settlement));
  auto letters = mail("m2");
  letters.item.flow = one;
  letters.letters.push_back(pieces_request(one));
  letters.letters.push_back(pieces_request(two, "autre"));
  const auto receipts = settle(std::move(letters)).receipts;
  ASSERT_EQ(receipts.size(), 2U);
  for (const auto& receipt : receipts)
    step(receipt, Trigger::refuse);
  for (const auto& item : taken(actes().letters({}, "", 10)).items)
    step(answer_letter(item.id), Trigger::pass_checks);
  clock.advance(std::chrono::hours(24) * 366 * 30);
  PurgePlan plan;
  plan.actor = "tester";
  plan.succeeded_before = plan.failed_before = plan.traces_before = clock.now() - std::chrono::hours(1);
  for (int i = 0; i < 20; ++i) {
    const auto report = store().care().purge(plan, clock.now(), 1);
    ASSERT_TRUE(report) << report.error().detail;
    if (!report->more) break;
  }
  EXPECT_FALSE(store().find(one).value());
  EXPECT_FALSE(store().find(two).value());
  EXPECT_THAT(actes().letters({}, "", 10).value().items, IsEmpty());
  EXPECT_FALSE(actes().seen("m1@interieur.example").value());
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ActesSuite);

}  // namespace
}  // namespace demat::store::conformance
