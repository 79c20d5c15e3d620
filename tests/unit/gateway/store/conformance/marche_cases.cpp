#include <functional>
#include <thread>

#include "tests/unit/gateway/store/conformance/history_suite.hpp"

// Records of contracts: kept with their flow, decided by acquits, which wake and release what stands behind
// them in the same transaction (helios 9.3; decisions, Verbs).

namespace demat::store::conformance {
namespace {

using flow::AnsweredPart;
using flow::MarcheState;
using flow::NumberKind;
using flow::State;
using flow::Trigger;
using testing::ElementsAre;
using testing::IsEmpty;

flow::Numbers contract(const std::string& contrat, unsigned sequence) {
  flow::MarcheRecord record;
  record.contrat = contrat;
  record.sequence = sequence;
  record.ordre = sequence == 1 ? "00" : "01";
  record.nature = "01";
  return {.numbers = {{NumberKind::marche, flow::marche_key(contrat, sequence), {}}}, .marches = {record}};
}

flow::Numbers both(flow::Numbers one, const flow::Numbers& other) {
  one.numbers.insert(one.numbers.end(), other.numbers.begin(), other.numbers.end());
  one.marches.insert(one.marches.end(), other.marches.begin(), other.marches.end());
  return one;
}

AnsweredPart says(bool ok, const std::string& contrat, unsigned sequence) {
  return {NumberKind::marche, ok, "", "", contrat, sequence};
}

TEST_P(HistorySuite, ARecordIsKeptAsItWas) {
  auto wanted_record = contract("2026TRAVAUX", 2);
  wanted_record.marches.front().correctif = true;
  wanted_record.marches.front().concession = true;
  const auto id = recorded("F1", both(contract("2026ETUDES", 1), wanted_record)).id;
  const auto standing = host->reopen().marches().standing(id).value();
  ASSERT_EQ(standing.size(), 2U);
  EXPECT_EQ(standing[0].record, contract("2026ETUDES", 1).marches.front());
  EXPECT_EQ(standing[1].record, wanted_record.marches.front());
  EXPECT_THAT(standing[1].before, IsEmpty());
  EXPECT_FALSE(standing[1].out_of_order);
  EXPECT_THAT(store().marches().standing(accept_new("F2", "two").id).value(), IsEmpty());
}

/// A claim is answered before the commit of what it has seen.
TEST_P(HistorySuite, WhoClaimsAFlowSeesItsRecordsAndItsSignedForm) {
  for (int i = 0; i < 20; ++i) {
    const auto name = "F" + std::to_string(i);
    const auto flow = accept_new(name, name);
    Change checked{.flow = flow.id};
    checked.steps = {{.trigger = Trigger::pass_checks},
                     {.trigger = Trigger::ask_signature},
                     {.trigger = Trigger::sign},
                     {.trigger = Trigger::make_ready}};
    checked.documents.push_back({"signed", name, "application/xml", stage("<signed/>" + name)});
    checked.recorded = Recorded{contract("2026" + name, 1), {}};
    std::vector<Change> changes;
    changes.push_back(std::move(checked));
    std::thread checker(
        [&] { EXPECT_TRUE(store().apply_all(std::move(changes), Haste::in_company).front()); });
    std::vector<Claim> claims;
    while (claims.empty())
      claims = store()
                   .claim({{State::ready}, DestinationName{}, 1, "w", clock.now(), std::chrono::hours(1)})
                   .value();
    const auto& claimed = claims.front().flow;
    const auto standing = store().marches().standing(claimed.id);
    const auto leaves = store().open_payload(claimed.outgoing);
    checker.join();
    ASSERT_EQ(claimed.id, flow.id);
    ASSERT_TRUE(leaves) << leaves.error().code;
    EXPECT_EQ(content_of(**leaves), "<signed/>" + name);
    ASSERT_TRUE(standing);
    ASSERT_EQ(standing->size(), 1U) << "flow " << i;
  }
}

TEST_P(HistorySuite, TheRecordBeforeIsFoundWhereverItIs) {
  const auto first = recorded("F1", contract("2026A", 1)).id;
  const auto foreign = accept_of("987654321", "F2");
  ASSERT_TRUE(record(foreign, contract("2026A", 1)));
  recorded("F3", contract("2026B", 1));
  const auto second = recorded("F4", contract("2026A", 2)).id;
  const auto standing = store().marches().standing(second).value();
  ASSERT_EQ(standing.size(), 1U);
  ASSERT_EQ(standing[0].before.size(), 1U);
  const auto& row = standing[0].before[0];
  EXPECT_EQ(row.flow, first);
  EXPECT_EQ(row.record, contract("2026A", 1).marches.front());
  EXPECT_EQ(row.authority, AuthorityId{"123456782"});
  EXPECT_EQ(row.flow_state, State::ready);
  EXPECT_EQ(row.nom_fic.str(), "F1");
  EXPECT_THAT(before(first), IsEmpty()) << "nothing stands before the first one";
}

TEST_P(HistorySuite, OneFlowWithBothRecordsDoesNotWaitForItself) {
  EXPECT_THAT(before(recorded("F1", both(contract("2026A", 1), contract("2026A", 2))).id), IsEmpty());
}

struct Verdict {
  const char* name;
  Trigger trigger;
  std::vector<AnsweredPart> parts;
  MarcheState a, b;
};

TEST_P(HistorySuite, AnAcquitDecidesEachRecord) {
  using enum MarcheState;
  const std::vector<Verdict> cases{
      {"all taken", Trigger::acknowledge, {}, accepted, accepted},
      {"all turned down", Trigger::reject, {says(true, "2026A", 1)}, rejected, rejected},
      {"one of two",
       Trigger::acknowledge_partly,
       {says(true, "2026A", 1), says(false, "2026B", 1)},
       accepted,
       rejected},
      {"padded",
       Trigger::acknowledge_partly,
       {says(false, "20260000A", 1), says(true, "2026B", 1)},
       rejected,
       accepted},
      {"without a sequence", Trigger::acknowledge_partly, {says(false, "2026A", 0)}, rejected, unnamed},
      {"another sequence", Trigger::acknowledge_partly, {says(false, "2026A", 2)}, unnamed, unnamed},
      {"without a name", Trigger::acknowledge_partly, {says(false, "", 0)}, rejected, rejected},
      {"said twice",
       Trigger::acknowledge_partly,
       {says(true, "2026A", 1), says(false, "2026A", 1), says(true, "2026A", 1)},
       rejected,
       unnamed},
      {"of other domains",
       Trigger::acknowledge_partly,
       {{NumberKind::pj, false, "", "", "PJ1", 0}},
       unnamed,
       unnamed}};
  for (const auto& one : cases) {
    SCOPED_TRACE(one.name);
    const auto sent = recorded(one.name, both(contract("2026A", 1), contract("2026B", 1)));
    send(sent.id);
    answer(sent, one.trigger, one.parts);
    EXPECT_EQ(state_of(sent.id, 0), one.a);
    EXPECT_EQ(state_of(sent.id, 1), one.b);
    Change none{.flow = sent.id};
    none.recorded = Recorded{};
    ASSERT_TRUE(store().apply(std::move(none)));
  }
}

TEST_P(HistorySuite, WhatWaitsForAnAnswerIsDueWithIt) {
  const auto first = recorded("F1", contract("2026A", 1));
  send(first.id);
  const auto second = recorded("F2", contract("2026A", 2));
  wait_for(second.id, first.id);
  auto waiting = current(second.id);
  EXPECT_EQ(waiting.waits_for, first.id);
  EXPECT_EQ(waiting.waiting_code, flow::awaits_predecessor);
  EXPECT_FALSE(is_due(second.id));
  EXPECT_EQ(store().events(second.id).value().back().code, "waiting");
  host->reopen();
  answer(first, Trigger::acknowledge, {});
  EXPECT_TRUE(is_due(second.id));
  EXPECT_EQ(claim_one({State::ready}).flow.id, second.id);
}

TEST_P(HistorySuite, WhatIsCancelledIsWaitedForNoLonger) {
  const auto first = recorded("F1", contract("2026A", 1));
  step(first.id, Trigger::hold);
  const auto second = recorded("F2", contract("2026A", 2));
  wait_for(second.id, first.id);
  step(first.id, Trigger::cancel);
  EXPECT_TRUE(is_due(second.id));
}

TEST_P(HistorySuite, AnAnswerThatCameJustBeforeTheWaitIsNotMissed) {
  const auto first = recorded("F1", contract("2026A", 1));
  send(first.id);
  const auto second = recorded("F2", contract("2026A", 2));
  answer(first, Trigger::acknowledge, {});
  wait_for(second.id, first.id);
  EXPECT_TRUE(is_due(second.id));
}

/// A transmission without an answer that was sent again: either of the two may be answered.
TEST_P(HistorySuite, AnAnswerToEitherOfTwoFlowsWithTheRecordBeforeIsNotMissed) {
  const auto first = recorded("F1", contract("2026A", 1));
  send(first.id);
  const auto again = accept_new("F2", "two");
  ASSERT_TRUE(
      record(again.id, contract("2026A", 1), store().history().taken(again, contract("2026A", 1)).value()));
  send(again.id);
  const auto second = recorded("F3", contract("2026A", 2));
  wait_for(second.id, again.id);
  EXPECT_FALSE(is_due(second.id));
  answer(first, Trigger::acknowledge, {});
  EXPECT_TRUE(is_due(second.id));
}

/// What was read before the answer came is no reason to wait or to be held after it.
TEST_P(HistorySuite, WhoIsJudgedWhenTheRecordBeforeIsAcceptedIsJudgedAnew) {
  const auto first = recorded("F1", contract("2026A", 1));
  send(first.id);
  const auto second = recorded("F2", contract("2026A", 2));
  clock.advance(std::chrono::seconds(1));  // claims go by age
  const auto other = recorded("F3", contract("2026A", 3));
  const auto claim = claim_one({State::ready});
  ASSERT_EQ(claim.flow.id, second.id);
  const auto apart = claim_one({State::ready});
  ASSERT_EQ(apart.flow.id, other.id);
  answer(first, Trigger::acknowledge, {});
  Change hold{.flow = second.id, .lease = claim.lease};
  hold.steps = {{Trigger::hold, "{}", "gateway", std::string(flow::predecessor_failed)}};
  const auto held = store().apply(std::move(hold));
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().code, "store.stale_lease");
  EXPECT_EQ(claim_one({State::ready}).flow.id, second.id) << "at once";
  Change wait{.flow = other.id, .lease = apart.lease};
  wait.wait = Change::Wait{clock.now(), "later"};
  EXPECT_TRUE(store().apply(std::move(wait))) << "it does not follow that record";
}

TEST_P(HistorySuite, AnotherWaitInBetweenForgetsNobody) {
  const auto first = recorded("F1", contract("2026A", 1));
  step(first.id, Trigger::hold);
  const auto second = recorded("F2", contract("2026A", 2));
  wait_for(second.id, first.id);
  Change wait{.flow = second.id};
  wait.wait = Change::Wait{clock.now() + std::chrono::hours(1), "store.io"};
  ASSERT_TRUE(store().apply(std::move(wait)));
  EXPECT_EQ(current(second.id).waiting_code, "store.io");
  EXPECT_EQ(current(second.id).waits_for, first.id);
  step(first.id, Trigger::cancel);
  EXPECT_TRUE(is_due(second.id));
}

TEST_P(HistorySuite, WhatWasHeldIsReleasedWhenTheRecordBeforeIsTakenAtLast) {
  const auto first = recorded("F1", contract("2026A", 1));
  send(first.id);
  const auto second = recorded("F2", contract("2026A", 2));
  answer(first, Trigger::reject, {});
  Change hold{.flow = second.id};
  hold.steps = {{Trigger::hold, "{}", "gateway", std::string(flow::predecessor_failed)}};
  hold.waits_for = first.id;
  ASSERT_TRUE(store().apply(std::move(hold)));
  EXPECT_EQ(current(second.id).waits_for, first.id);
  const auto by_hand = accept_new("F3", "three");
  const auto seen = store().history().taken(by_hand, contract("2026A", 2)).value();
  ASSERT_TRUE(record(by_hand.id, contract("2026A", 2), seen));
  step(by_hand.id, Trigger::hold);
  const auto again = recorded("F4", contract("2026A", 1));
  EXPECT_EQ(current(second.id).state, State::held);
  send(again.id);
  answer(again, Trigger::acknowledge, {});
  const auto released = current(second.id);
  EXPECT_EQ(released.state, State::ready);
  EXPECT_TRUE(released.hold_reason.empty());
  EXPECT_TRUE(released.waits_for.empty());
  const auto event = store().events(second.id).value().back();
  EXPECT_EQ(event.code, "release");
  EXPECT_EQ(event.reason, "marche.predecessor_accepted");
  EXPECT_EQ(current(by_hand.id).state, State::held) << "a person's hold is a person's";
}

TEST_P(HistorySuite, WhatWasHeldIsReleasedHoweverTheRecordBeforeEndsWell) {
  const std::vector<std::function<void(const flow::Flow&)>> endings{
      [&](const flow::Flow& flow) { step(flow.id, Trigger::finish_send_final); },
      [&](const flow::Flow& flow) {
        step(flow.id, Trigger::lose_send);
        step(flow.id, Trigger::finish_send_final);
      },
      [&](const flow::Flow& flow) {
        step(flow.id, Trigger::finish_send);
        answer(flow, Trigger::acknowledge_partly, {says(false, "2026Z", 1)});
      }};
  for (std::size_t i = 0; i < endings.size(); ++i) {
    SCOPED_TRACE(i);
    const auto contrat = "2026A" + std::to_string(i);
    const auto first = recorded("F" + std::to_string(i), contract(contrat, 1));
    step(first.id, Trigger::begin_send);
    const auto second = recorded("G" + std::to_string(i), contract(contrat, 2));
    Change hold{.flow = second.id};
    hold.steps = {{Trigger::hold, "{}", "gateway", std::string(flow::predecessor_failed)}};
    ASSERT_TRUE(store().apply(std::move(hold)));
    endings[i](first);
    EXPECT_EQ(current(second.id).state, State::ready);
  }
}

TEST_P(HistorySuite, WhatAPersonLetsGoStaysLetGo) {
  const auto id = recorded("F1", contract("2026A", 2)).id;
  Change change{.flow = id};
  change.out_of_order = true;
  change.note = Note{"verb.release", "operator", "known to the State"};
  ASSERT_TRUE(store().apply(std::move(change)));
  EXPECT_TRUE(store().marches().standing(id).value().at(0).out_of_order);
  Change again{.flow = id};
  again.recorded = Recorded{contract("2026A", 2), {}};
  ASSERT_TRUE(store().apply(std::move(again)));
  EXPECT_TRUE(store().marches().standing(id).value().at(0).out_of_order);
}

TEST_P(HistorySuite, FlowsThatNobodyHasReadYetAreFound) {
  const auto waiting = accept_new("F1", "one").id;
  const auto held = accept_new("F2", "two").id;
  step(held, Trigger::hold);
  const auto checked = recorded("F3", {}).id;
  step(checked, Trigger::hold);
  accept_of("987654321", "F4");
  clock.advance(std::chrono::seconds(1));
  const auto here = accept_new("F5", "five");
  clock.advance(std::chrono::seconds(1));
  accept_new("F6", "six");
  std::vector<FlowId> found;
  const auto unread = store().marches().unread_before(here, 10).value();
  for (const auto& one : unread)
    found.push_back(one.id);
  EXPECT_THAT(found, testing::UnorderedElementsAre(waiting, held));
  EXPECT_EQ(store().marches().unread_before(here, 1).value().size(), 1U);
}

TEST_P(HistorySuite, ContractsAreListedWithTheirRecords) {
  const auto first = recorded("F1", both(contract("2026A", 1), contract("2026C", 1)));
  send(first.id);
  answer(first, Trigger::acknowledge, {});
  const auto second = recorded("F2", contract("2026A", 2)).id;
  const auto foreign = accept_of("987654321", "F3");
  ASSERT_TRUE(record(foreign, contract("2026B", 1)));
  auto& marches = store().marches();
  MarcheFilter mine{.authority = AuthorityId{"123456782"}, .contrat = {}};
  const auto page = marches.list(mine, "", 1).value();
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(page.items[0].contrat, "2026A");
  ASSERT_EQ(page.items[0].records.size(), 2U);
  EXPECT_EQ(page.items[0].records[0].record.state, MarcheState::accepted);
  EXPECT_EQ(page.items[0].records[0].flow_state, State::acknowledged);
  EXPECT_EQ(page.items[0].records[1].flow, second);
  ASSERT_FALSE(page.next.empty());
  const auto last = marches.list(mine, page.next, 1).value();
  ASSERT_EQ(last.items.size(), 1U);
  EXPECT_EQ(last.items[0].contrat, "2026C");
  EXPECT_TRUE(last.next.empty());
  mine.contrat = "2026B";
  EXPECT_THAT(marches.list(mine, "", 10).value().items, IsEmpty()) << "another authority's";
  const auto all = marches.list({}, "", 10).value();
  ASSERT_EQ(all.items.size(), 3U);
  EXPECT_EQ(all.items[2].authority, AuthorityId{"987654321"});
  EXPECT_EQ(marches.list({.authority = {}, .contrat = "2026B"}, "", 10).value().items.size(), 1U);
  recorded("F4", contract("2026B", 1));
  const MarcheFilter named{.authority = {}, .contrat = "2026B"};
  const auto one = marches.list(named, "", 1).value();
  ASSERT_EQ(one.items.size(), 1U);
  EXPECT_EQ(one.items[0].authority, AuthorityId{"123456782"});
  const auto other = marches.list(named, one.next, 1).value();
  ASSERT_EQ(other.items.size(), 1U);
  EXPECT_EQ(other.items[0].authority, AuthorityId{"987654321"});
  EXPECT_TRUE(other.next.empty());
}

TEST_P(HistorySuite, ATornTransactionKeepsNothingOfTheRecords) {
  const auto id = accept_new("F1", "one").id;
  Change change{.flow = id};
  change.recorded = Recorded{contract("2026A", 1), {}};
  change.brought = BroughtSignature{SignatureRequestId{"none"}, {}, {}};
  ASSERT_FALSE(store().apply(std::move(change)));
  EXPECT_THAT(store().marches().standing(id).value(), IsEmpty());
  EXPECT_THAT(store().marches().list({}, "", 10).value().items, IsEmpty());
}

}  // namespace
}  // namespace demat::store::conformance
