#include "gateway/pipeline/history_check.hpp"

#include <gmock/gmock.h>

#include "gateway/pipeline/answer_summary.hpp"
#include "protocols/preflight/history.hpp"
#include "protocols/preflight/preflight.hpp"
#include "protocols/rules/verdicts.hpp"
#include "send_rig.hpp"

namespace demat::pipeline {
namespace {

using flow::NumberKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct HistoryRigBase {
  HandClock clock;
};

class HistoryCheckTest : protected HistoryRigBase, public SendRig {
 protected:
  HistoryCheckTest() : SendRig(clock) {}
  flow::Flow recorded(const std::string& key, flow::Numbers numbers) {
    clock.advance(std::chrono::seconds(1));
    auto flow = ready_flow(key);
    store::Change change{.flow = flow.id};
    change.recorded = store::Recorded{std::move(numbers), {}};
    EXPECT_TRUE(store().apply(std::move(change)));
    return flow;
  }
  Report report_on(const flow::Flow& flow, flow::Numbers numbers) {
    auto verdict = look_up(store(), flow, std::move(numbers));
    EXPECT_TRUE(verdict);
    return verdict ? std::move(verdict->report) : Report{};
  }
  static flow::Numbers every_kind(const flow::Flow& flow) {
    return {.numbers = {{NumberKind::pj, "PJ-1", {12, "/PES_Aller/PES_PJ/PJ"}},
                        {NumberKind::bordereau,
                         flow::bordereau_key({"depense", "2026", "01", "7"}, flow),
                         {5, "/PES_Aller/PES_DepenseAller/Bordereau"}},
                        {NumberKind::signed_, "c2lnbmVk", {9, {}}},
                        {NumberKind::marche, flow::marche_key("2026A", 1), {20, {}}}},
            .marches = {}};
  }
};

TEST_F(HistoryCheckTest, EveryNumberSentBeforeIsWarnedOfWithItsFlow) {
  const auto first = recorded("FIRST", every_kind(ready_flow("X")));
  clock.advance(std::chrono::hours(24));
  const auto next = ready_flow("NEXT");
  const auto report = report_on(next, every_kind(next));
  std::vector<std::string> codes;
  for (const auto& finding : report.findings) {
    codes.push_back(finding.code);
    EXPECT_EQ(finding.severity, Severity::warning);
    EXPECT_THAT(finding.fr, HasSubstr(first.id.str()));
    EXPECT_THAT(finding.fr, HasSubstr("« FIRST »"));
    EXPECT_THAT(finding.en, HasSubstr(first.id.str()));
    EXPECT_FALSE(finding.remedy.fr.empty());
    EXPECT_GT(finding.place.line, 0U);
  }
  EXPECT_THAT(codes, ElementsAre("pes.p24.history", "pes.signature.history", "pes.p11.history",
                                 "pes.marche.sequence_sent"))
      << "in the order of the document";
  EXPECT_EQ(report.findings[2].subject.pj, "PJ-1");
  EXPECT_EQ(report.findings[0].subject.bordereau, "7");
  EXPECT_EQ(report.findings[0].subject.exercice, "2026");
  EXPECT_EQ(report.findings[0].subject.domaine, "depense");
  EXPECT_EQ(report.findings[3].subject.marche, "2026A");
  EXPECT_EQ(report.findings[3].value, "2026A-001");
}

TEST_F(HistoryCheckTest, WhatWasNeverSentSaysNothing) {
  recorded("FIRST", {.numbers = {{NumberKind::pj, "PJ-1", {}}}, .marches = {}});
  const auto next = ready_flow("NEXT");
  EXPECT_THAT(report_on(next, {.numbers = {{NumberKind::pj, "PJ-2", {}}}, .marches = {}}).findings,
              IsEmpty());
  EXPECT_THAT(report_on(next, {}).findings, IsEmpty());
}

TEST_F(HistoryCheckTest, TheSameNameOnItsWayIsWarnedOf) {
  const auto first = ready_flow("SAME");
  clock.advance(std::chrono::seconds(1));
  store::NewFlow item;
  item.flow = first;
  item.flow.business_key = "another budget";
  auto writer = store().new_payload().value();
  ASSERT_TRUE(writer->append("<other/>"));
  const auto outcome = store().accept(std::move(item), writer->finish().value()).value();
  const auto& second = std::get<store::DurableReceipt>(outcome).flow();
  const auto report = report_on(second, {});
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].code, "pes.nom_fic.live");
  EXPECT_THAT(report.findings[0].fr, HasSubstr(first.id.str()));
  EXPECT_THAT(report_on(first, {}).findings, IsEmpty());
}

TEST_F(HistoryCheckTest, NumbersLeftOutAreSaid) {
  const auto report = report_on(ready_flow("A"), {.numbers = {}, .marches = {}, .left_out = 7});
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].code, "pes.history.partial");
  EXPECT_EQ(report.findings[0].severity, Severity::info);
  EXPECT_THAT(report.findings[0].en, HasSubstr("7"));
}

TEST_F(HistoryCheckTest, AFlowFullOfOldNumbersIsToldShortly) {
  flow::Numbers many;
  for (int i = 0; i < 100; ++i)
    many.numbers.push_back({NumberKind::pj, "PJ-" + std::to_string(i), {}});
  recorded("FIRST", many);
  const auto next = ready_flow("NEXT");
  auto verdict = look_up(store(), next, many).value();
  EXPECT_EQ(verdict.report.findings.size(), rules::max_hits + 1);
  EXPECT_EQ(verdict.recorded.known.size(), 100U) << "all of them are known all the same";
  store::Change change{.flow = next.id};
  change.recorded = std::move(verdict.recorded);
  EXPECT_TRUE(store().apply(std::move(change)));
}

/// Beside the tests of preflight, which have no store to ask.
TEST(HistoryRules, AreListedWithTheOthers) {
  for (const auto* rule : preflight::history_rules()) {
    EXPECT_EQ(preflight::find_rule(rule->code), rule);
    EXPECT_EQ(preflight::find_rule(rule->name), rule);
  }
}

TEST(PartsOfAnAcquit, AreWhatItTurnsDownAndEveryContract) {
  pes::Acquit acquit;
  const auto add = [&](const char* domaine, bool ok) -> pes::AcquitElement& {
    auto& element = acquit.elements.emplace_back();
    element.domaine_ack = domaine;
    element.ok = ok;
    return element;
  };
  add("5", true).num_bord = "1";
  auto& turned_down = add("6", false);
  turned_down.num_bord = "2";
  turned_down.exercice_bord = "2026";
  add("4", false).id_unique = "PJ-1";
  add("11", true).id_marche = "2026TRAVX01-002";
  add("11", false);
  add("3", false).num_bord = "4";
  add("0", false);
  const auto parts = parts_of(acquit);
  ASSERT_EQ(parts.size(), 5U);
  EXPECT_EQ(parts[0].domaine, "recette");
  EXPECT_EQ(parts[0].exercice, "2026");
  EXPECT_EQ(parts[0].numero, "2");
  EXPECT_EQ(parts[1].kind, NumberKind::pj);
  EXPECT_EQ(parts[1].numero, "PJ-1");
  EXPECT_EQ(parts[2].kind, NumberKind::marche);
  EXPECT_TRUE(parts[2].ok);
  EXPECT_EQ(parts[2].numero, "2026TRAVX01");
  EXPECT_EQ(parts[2].sequence, 2U);
  EXPECT_EQ(parts[3].kind, NumberKind::marche);
  EXPECT_TRUE(parts[3].numero.empty());
  EXPECT_EQ(parts[4].numero, "4");
  EXPECT_TRUE(parts[4].domaine.empty()) << "a signature of a bordereau does not say of which";
}

}  // namespace
}  // namespace demat::pipeline
