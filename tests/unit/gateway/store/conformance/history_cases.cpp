#include "tests/unit/gateway/store/conformance/history_suite.hpp"

// Numbers that flows carry: kept when a flow is accepted by its checks, given back when it fails or when an
// acquit turns its part down (helios P11, P24, B28; signature T50).

namespace demat::store::conformance {
namespace {

using flow::AnsweredPart;
using flow::NumberKind;
using flow::Trigger;
using testing::ElementsAre;
using testing::IsEmpty;

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(HistorySuite);

TEST_P(HistorySuite, ANumberIsTakenOnceItsFlowIsAccepted) {
  const auto first = recorded("F1", some());
  const auto next = accept_new("F2", "two");
  const auto taken = host->reopen().history().taken(next, some());
  ASSERT_TRUE(taken);
  ASSERT_EQ(taken->size(), 4U);
  for (std::size_t i = 0; i < taken->size(); ++i) {
    EXPECT_EQ((*taken)[i].index, i);
    EXPECT_EQ((*taken)[i].flow, first.id);
    EXPECT_EQ((*taken)[i].nom_fic.str(), "F1");
    EXPECT_EQ((*taken)[i].state, flow::State::ready);
    EXPECT_EQ((*taken)[i].created_at, first.created_at);
  }
  EXPECT_THAT(earlier(next, pj("PJ2")), IsEmpty());
  EXPECT_THAT(earlier(next, {.numbers = {{NumberKind::bordereau, "PJ1", {}}}, .marches = {}}), IsEmpty())
      << "another kind";
}

TEST_P(HistorySuite, NumbersAreThoseOfOneAuthority) {
  recorded("F1", some());
  auto other = accept_new("F2", "two");
  other.authority = AuthorityId{"987654321"};
  EXPECT_THAT(earlier(other, some()), IsEmpty());
}

TEST_P(HistorySuite, AFlowIsNeverWarnedAboutItselfNorAboutWhatItReplays) {
  const auto first = recorded("F1", pj("PJ1"));
  EXPECT_THAT(earlier(first, pj("PJ1")), IsEmpty());
  send(first.id);
  clock.advance(std::chrono::seconds(1));
  NewFlow again = wanted("F1");
  again.flow.replay_of = first.id;
  const auto replayed = store().replay(std::move(again), first.original, true).value();
  EXPECT_THAT(earlier(replayed, pj("PJ1")), IsEmpty());
  ASSERT_TRUE(record(replayed.id, pj("PJ1")));
  const auto third = accept_new("F3", "three");
  EXPECT_THAT(earlier(third, pj("PJ1")), ElementsAre(replayed.id)) << "the latest of them";
}

TEST_P(HistorySuite, WhatIsCancelledOrRefusedCountsNoMore) {
  const auto cancelled = recorded("F1", pj("PJ1"));
  const auto to_sign = accept_new("F2", "two").id;
  Change change{.flow = to_sign};
  change.steps = {{.trigger = Trigger::pass_checks}, {.trigger = Trigger::ask_signature}};
  change.recorded = Recorded{pj("PJ2"), {}};
  ASSERT_TRUE(store().apply(std::move(change)));
  const auto next = accept_new("F3", "three");
  EXPECT_THAT(earlier(next, pj("PJ1")), ElementsAre(cancelled.id));
  EXPECT_THAT(earlier(next, pj("PJ2")), ElementsAre(to_sign));
  step(cancelled.id, Trigger::cancel);
  step(to_sign, Trigger::refuse);
  EXPECT_THAT(earlier(next, pj("PJ1")), IsEmpty());
  EXPECT_THAT(earlier(next, pj("PJ2")), IsEmpty());
}

TEST_P(HistorySuite, ARejectedFlowGivesEverythingBack) {
  const auto first = recorded("F1", some());
  send(first.id);
  answer(first, Trigger::reject, {});
  EXPECT_THAT(earlier(accept_new("F2", "two"), some()), IsEmpty());
}

TEST_P(HistorySuite, APartTurnedDownGivesItsNumberBack) {
  const auto first = recorded("F1", some());
  send(first.id);
  answer(first, Trigger::acknowledge_partly,
         {{NumberKind::bordereau, false, "depense", "2026", "0007", 0},
          {NumberKind::bordereau, true, "recette", "2026", "7", 0},
          {NumberKind::pj, true, "", "", "PJ1", 0}});
  const auto next = accept_new("F2", "two");
  const auto taken = store().history().taken(next, some()).value();
  ASSERT_EQ(taken.size(), 3U);
  EXPECT_EQ(taken[0].index, 0U);
  EXPECT_EQ(taken[1].index, 2U) << "the recette's, of the same number";
  EXPECT_EQ(taken[2].index, 3U);
}

TEST_P(HistorySuite, AContractTurnedDownGivesItsSequenceBack) {
  flow::Numbers contracts;
  for (const auto* name : {"2026A", "2026B"}) {
    contracts.numbers.push_back({NumberKind::marche, flow::marche_key(name, 1), {}});
    contracts.marches.emplace_back();
    contracts.marches.back().contrat = name;
    contracts.marches.back().sequence = 1;
  }
  const auto first = recorded("F1", contracts);
  send(first.id);
  answer(first, Trigger::acknowledge_partly,
         {{NumberKind::marche, false, "", "", "2026A", 1}, {NumberKind::marche, true, "", "", "2026B", 1}});
  const auto taken = store().history().taken(accept_new("F2", "two"), contracts).value();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].index, 1U);
}

struct Turned {
  const char* name;
  AnsweredPart part;
  bool freed;
};

TEST_P(HistorySuite, WhatTheAcquitLeavesOpenFreesWhateverItFits) {
  const std::vector<Turned> cases{
      {"no domain", {NumberKind::bordereau, false, "", "2026", "7", 0}, true},
      {"no year", {NumberKind::bordereau, false, "depense", "", "7", 0}, true},
      {"another year", {NumberKind::bordereau, false, "depense", "2025", "7", 0}, false},
      {"another number", {NumberKind::bordereau, false, "depense", "2026", "8", 0}, false},
      {"no number", {NumberKind::bordereau, false, "depense", "2026", "", 0}, false},
      {"taken", {NumberKind::bordereau, true, "depense", "2026", "7", 0}, false},
      {"a PJ of that number", {NumberKind::pj, false, "", "", "7", 0}, false}};
  const flow::Numbers seven{.numbers = {{NumberKind::bordereau, bordereau("7"), {}}}, .marches = {}};
  for (const auto& one : cases) {
    SCOPED_TRACE(one.name);
    const auto sent = recorded(std::string("F ") + one.name, seven);
    send(sent.id);
    answer(sent, Trigger::acknowledge_partly, {one.part});
    const auto next = accept_new(std::string("N ") + one.name, one.name);
    EXPECT_EQ(earlier(next, seven).empty(), one.freed);
    // The next case starts afresh.
    Change none{.flow = sent.id};
    none.recorded = Recorded{};
    ASSERT_TRUE(store().apply(std::move(none)));
  }
}

TEST_P(HistorySuite, TwoFlowsCheckedAtOnceDoNotBothMissTheOther) {
  const auto first = accept_new("F1", "one").id;
  const auto second = accept_new("F2", "two").id;
  const auto seen = store().history().taken(current(second), pj("PJ1")).value();
  ASSERT_TRUE(record(first, pj("PJ1")));
  const auto refused = record(second, pj("PJ1"), seen);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "store.history_moved");
  EXPECT_EQ(current(second).state, flow::State::received) << "nothing of the change may stand";
  const auto now = store().history().taken(current(second), pj("PJ1")).value();
  ASSERT_EQ(now.size(), 1U);
  EXPECT_TRUE(record(second, pj("PJ1"), now));
}

TEST_P(HistorySuite, WhatWasGivenBackMeanwhileIsNoReasonToLookAgain) {
  const auto first = recorded("F1", pj("PJ1"));
  const auto second = accept_new("F2", "two");
  const auto seen = store().history().taken(second, pj("PJ1")).value();
  step(first.id, Trigger::cancel);
  EXPECT_TRUE(record(second.id, pj("PJ1"), seen));
}

TEST_P(HistorySuite, ANewCheckReplacesWhatWasKept) {
  const auto first = recorded("F1", some());
  Change change{.flow = first.id};
  change.recorded = Recorded{pj("PJ9"), {}};
  ASSERT_TRUE(store().apply(std::move(change)));
  const auto next = accept_new("F2", "two");
  EXPECT_THAT(earlier(next, some()), IsEmpty());
  EXPECT_THAT(earlier(next, pj("PJ9")), ElementsAre(first.id));
}

TEST_P(HistorySuite, ANameIsTakenWhileItsFlowIsOnItsWay) {
  auto budget = wanted("K1");
  budget.flow.nom_fic = NomFic{"SAME"};
  const auto first = std::get<DurableReceipt>(store().accept(std::move(budget), stage("one")).value()).flow();
  clock.advance(std::chrono::seconds(1));
  auto other = wanted("K2");
  other.flow.nom_fic = NomFic{"SAME"};
  const auto second = std::get<DurableReceipt>(store().accept(std::move(other), stage("two")).value()).flow();
  auto foreign = wanted("K3", "987654321");
  foreign.flow.nom_fic = NomFic{"SAME"};
  const auto third =
      std::get<DurableReceipt>(store().accept(std::move(foreign), stage("three")).value()).flow();
  auto& history = store().history();
  ASSERT_EQ(history.same_name(second).value().size(), 1U);
  EXPECT_EQ(history.same_name(second).value().front().id, first.id);
  EXPECT_THAT(history.same_name(first).value(), IsEmpty()) << "the earlier one is not warned";
  EXPECT_THAT(history.same_name(third).value(), IsEmpty()) << "another authority";
  step(first.id, Trigger::cancel);
  EXPECT_THAT(history.same_name(second).value(), IsEmpty());
}

TEST_P(HistorySuite, NumbersGoWithTheRowOfTheirFlow) {
  constexpr auto year = std::chrono::hours(24 * 366);
  const auto first = recorded("F1", pj("PJ1"));
  send(first.id);
  answer(first, Trigger::acknowledge, {});
  clock.advance(year);
  PurgePlan plan;
  plan.reason = "old";
  plan.succeeded_before = clock.now() - std::chrono::hours(1);
  EXPECT_EQ(purge_all(plan), 1U);
  EXPECT_THAT(earlier(accept_new("F2", "two"), pj("PJ1")), ElementsAre(first.id))
      << "a number outlives the bytes of its flow";
  clock.advance(9 * year);
  plan.traces_before = clock.now() - year;
  EXPECT_GT(purge_all(plan), 0U);
  EXPECT_FALSE(store().find(first.id).value());
  EXPECT_THAT(earlier(accept_new("F3", "three"), pj("PJ1")), IsEmpty());
}

}  // namespace
}  // namespace demat::store::conformance
