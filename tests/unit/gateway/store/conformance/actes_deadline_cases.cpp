#include "tests/unit/gateway/store/conformance/actes_suite.hpp"

// What of ACTES is late: counted, listed, journalled once each; and what is under way.

namespace demat::store::conformance {
namespace {

using flow::Trigger;
using flow::Verdict;
using std::chrono::hours;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

TEST_P(ActesSuite, AReceiptIsLateOnceAndThenSilent) {
  const auto id = sent({"A1"});
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_THAT(late(), IsEmpty());
  clock.advance(hours(5));
  EXPECT_THAT(counts(), ElementsAre(1, 0, 0));
  EXPECT_EQ(actes().overdue(limits()).value()[0].kind, "acte_ar");
  EXPECT_EQ(actes().overdue(limits()).value()[0].sample, id);
  EXPECT_THAT(late(), ElementsAre("A1"));
  EXPECT_THAT(told(), ElementsAre("acte.ar_overdue"));
  EXPECT_THAT(told(), IsEmpty());
  clock.advance(hours(31 * 24));
  EXPECT_THAT(counts(), ElementsAre(1, 1, 0));
  EXPECT_THAT(told(), ElementsAre("acte.silent"));
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_EQ(current(id).state, flow::State::sent) << "told, and nothing else";
  EXPECT_THAT(codes_of(id), Contains("acte.ar_overdue"));
  EXPECT_EQ(codes_of(id).back(), "acte.silent");
  answer("m1", id, Verdict::accepted);
  EXPECT_THAT(counts(), ElementsAre(0, 0, 0));
  EXPECT_THAT(late(), IsEmpty());
}

TEST_P(ActesSuite, OnlyWhatWasSentAndIsNotAnsweredIsLate) {
  accept(envelope({"A1"}), "{}");
  sending({"A2"});
  const auto two = sent({"A3", "A4"});
  answer("m1", two, Verdict::accepted, 1);
  clock.advance(hours(5));
  EXPECT_THAT(late(), ElementsAre("A4"));
  EXPECT_THAT(told(), ElementsAre("acte.ar_overdue"));
}

TEST_P(ActesSuite, ManyAreToldInTurns) {
  for (const auto* number : {"A1", "A2", "A3"})
    sent({number});
  clock.advance(hours(5));
  EXPECT_EQ(told("", 2).size(), 2U);
  EXPECT_EQ(told("", 2).size(), 1U);
  EXPECT_THAT(told("", 2), IsEmpty());
}

TEST_P(ActesSuite, TheEndOfTheControlIsToldOnce) {
  const auto id = sent({"A1"});
  const auto annulled = sent({"A2"});
  answer("m1", id, Verdict::accepted);
  answer("m2", annulled, Verdict::accepted);
  auto settlement = mail("m3");
  settlement.item.flow = annulled;
  settlement.effects.push_back(
      {.flow = annulled, .annulled_on = "2026-01-20", .event_code = "acte.annulled"});
  settle(std::move(settlement));
  EXPECT_THAT(told("2026-01-15"), IsEmpty());
  EXPECT_THAT(told("2026-01-16"), ElementsAre("acte.control_over"));
  EXPECT_THAT(told("2026-01-31"), IsEmpty());
  EXPECT_EQ(codes_of(id).back(), "acte.control_over");
  EXPECT_THAT(codes_of(annulled), Not(Contains("acte.control_over")));
}

TEST_P(ActesSuite, ALetterAwaitsItsAnswerForItsTime) {
  const auto id = sent({"A1"});
  answer("m1", id, Verdict::accepted);
  const auto outcome = letter("m2", id);
  clock.advance(hours(29 * 24));
  EXPECT_THAT(counts(), ElementsAre(0, 0, 0));
  clock.advance(hours(2 * 24));
  EXPECT_THAT(counts(), ElementsAre(0, 0, 1));
  EXPECT_THAT(late(), ElementsAre("A1"));
  EXPECT_THAT(told(), ElementsAre("letter.overdue"));
  EXPECT_THAT(told(), IsEmpty());
  answer_letter(outcome.letters.at(0));
  EXPECT_THAT(counts(), ElementsAre(0, 0, 0));
}

TEST_P(ActesSuite, ALetterOfLongAgoIsNotAwaited) {
  const auto id = sent({"A1"});
  answer("m1", id, Verdict::accepted);
  letter("m2", id);
  clock.advance(hours(63 * 24));
  EXPECT_THAT(counts(), ElementsAre(0, 0, 0));
  EXPECT_THAT(late(), IsEmpty());
  EXPECT_THAT(told(), IsEmpty());
}

TEST_P(ActesSuite, WhatIsUnderWayIsCountedByMessageAndState) {
  accept(envelope({"A1"}), "{}");
  const auto id = sent({"A2"});
  sent({"A3"});
  answer("m1", id, Verdict::accepted);
  letter("m2", id);
  std::vector<std::string> seen;
  for (const auto& load : taken(actes().loads()))
    seen.push_back(load.what + " " + load.message + " " + load.state + " " + std::to_string(load.count));
  EXPECT_THAT(seen, ElementsAre("acte 1-1 received 1", "acte 1-1 sent 1", "acte 3-2 received 1",
                                "letter 3-1 unread 1"));
}

}  // namespace
}  // namespace demat::store::conformance
