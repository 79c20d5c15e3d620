#include "gateway/pipeline/marche_order.hpp"

#include <gtest/gtest.h>

namespace demat::pipeline {
namespace {

using flow::MarcheState;
using flow::State;
using Verdict = MarcheOrder::Verdict;

store::MarcheRow row(const std::string& flow, State state, MarcheState record = MarcheState::pending) {
  store::MarcheRow out;
  out.flow = FlowId{flow};
  out.flow_state = state;
  out.record.state = record;
  return out;
}

store::MarcheStanding standing(unsigned sequence, std::vector<store::MarcheRow> before,
                               const std::string& contrat = "2026A") {
  store::MarcheStanding out;
  out.record.contrat = contrat;
  out.record.sequence = sequence;
  out.before = std::move(before);
  return out;
}

struct Case {
  const char* name;
  std::vector<store::MarcheRow> before;
  Verdict verdict;
  const char* because;
};
class MarcheOrderTest : public testing::TestWithParam<Case> {};

TEST_P(MarcheOrderTest, IsJudgedByTheRecordBefore) {
  const auto order = judge_order({standing(2, GetParam().before)});
  EXPECT_EQ(order.verdict, GetParam().verdict);
  EXPECT_EQ(order.because.str(), GetParam().because);
  EXPECT_EQ(order.unknown.empty(), !GetParam().before.empty());
  if (order.verdict == Verdict::go) return;
  EXPECT_EQ(order.contrat, "2026A");
  EXPECT_EQ(order.sequence, 2U);
}

INSTANTIATE_TEST_SUITE_P(
    All, MarcheOrderTest,
    testing::Values(
        Case{"Unknown", {}, Verdict::go, ""}, Case{"Ready", {row("a", State::ready)}, Verdict::wait, "a"},
        Case{"Held", {row("a", State::held)}, Verdict::wait, "a"},
        Case{"Sent", {row("a", State::sent)}, Verdict::wait, "a"},
        Case{"Uncertain", {row("a", State::uncertain)}, Verdict::wait, "a"},
        Case{"Accepted", {row("a", State::acknowledged, MarcheState::accepted)}, Verdict::go, ""},
        Case{"AcceptedInPart", {row("a", State::partly_rejected, MarcheState::accepted)}, Verdict::go, ""},
        Case{"Unnamed", {row("a", State::partly_rejected, MarcheState::unnamed)}, Verdict::go, ""},
        Case{"RejectedInPart", {row("a", State::partly_rejected, MarcheState::rejected)}, Verdict::hold, "a"},
        Case{"Rejected", {row("a", State::rejected, MarcheState::rejected)}, Verdict::hold, "a"},
        Case{"Refused", {row("a", State::refused)}, Verdict::hold, "a"},
        Case{"Cancelled", {row("a", State::cancelled)}, Verdict::hold, "a"},
        Case{"SentAgain",
             {row("a", State::rejected, MarcheState::rejected), row("b", State::sent)},
             Verdict::wait,
             "b"},
        Case{"AcceptedAtLast",
             {row("a", State::rejected, MarcheState::rejected),
              row("b", State::acknowledged, MarcheState::accepted)},
             Verdict::go,
             ""},
        Case{"AcceptedBefore",
             {row("a", State::acknowledged, MarcheState::accepted), row("b", State::sent)},
             Verdict::go,
             ""},
        Case{"TwoOnTheirWay", {row("a", State::sent), row("b", State::ready)}, Verdict::wait, "b"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(MarcheOrder, TheFirstRecordNeedsNothingBefore) {
  const auto order = judge_order({standing(1, {})});
  EXPECT_EQ(order.verdict, Verdict::go);
  EXPECT_TRUE(order.unknown.empty());
}

TEST(MarcheOrder, ARecordBesideItInTheSameFlowIsKnown) {
  EXPECT_TRUE(judge_order({standing(1, {}), standing(2, {})}).unknown.empty());
  EXPECT_EQ(judge_order({standing(1, {}, "2026B"), standing(2, {})}).unknown.size(), 1U)
      << "another contract";
}

TEST(MarcheOrder, AFlowThatIsSentAgainWithBothRecordsGoes) {
  const auto rejected = row("a", State::rejected, MarcheState::rejected);
  EXPECT_EQ(judge_order({standing(1, {rejected}), standing(2, {rejected})}).verdict, Verdict::go);
  EXPECT_EQ(judge_order({standing(1, {}), standing(2, {row("a", State::sent)})}).verdict, Verdict::go);
  EXPECT_EQ(judge_order({standing(2, {rejected}), standing(3, {rejected})}).verdict, Verdict::hold)
      << "the first of them still has its own predecessor";
}

TEST(MarcheOrder, OfSeveralContractsTheWorstDecides) {
  const auto accepted = standing(2, {row("a", State::acknowledged, MarcheState::accepted)}, "2026A");
  const auto waiting = standing(2, {row("b", State::sent)}, "2026B");
  const auto failed = standing(2, {row("c", State::rejected, MarcheState::rejected)}, "2026C");
  EXPECT_EQ(judge_order({accepted, waiting}).verdict, Verdict::wait);
  const auto order = judge_order({waiting, failed, accepted});
  EXPECT_EQ(order.verdict, Verdict::hold);
  EXPECT_EQ(order.because.str(), "c");
  EXPECT_EQ(order.contrat, "2026C");
}

TEST(MarcheOrder, WhatAPersonLetGoWaitsForNothing) {
  auto waiting = standing(2, {row("b", State::sent)});
  waiting.out_of_order = true;
  auto unknown = standing(3, {}, "2026B");
  unknown.out_of_order = true;
  const auto order = judge_order({waiting, unknown});
  EXPECT_EQ(order.verdict, Verdict::go);
  EXPECT_TRUE(order.unknown.empty());
}

}  // namespace
}  // namespace demat::pipeline
