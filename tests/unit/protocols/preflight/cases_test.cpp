#include "cases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "flows.hpp"
#include "protocols/preflight/history.hpp"
#include "protocols/xml/schema_pack.hpp"

namespace demat::preflight::test {
namespace {

std::string said(const Report& report) {
  std::string out;
  for (const auto& f : report.findings)
    out += f.code + " " + f.place.path + " [" + f.value + "] " + f.fr + "\n";
  return out;
}

TEST(Flows, OfTheseTestsAreGood) {
  for (const auto& flow : {depense_flow(), recette_flow(), ormc_flow(), pj_flow()})
    EXPECT_EQ(said(judged(flow)), "");
}

/// What a rule says counts only where the schema has nothing to say.
TEST(Flows, OfTheseTestsAreValid) {
  for (const auto* version : {"5.17", "5.30"}) {
    const auto pack =
        xml::SchemaPack::load(std::filesystem::path(DEMAT_SOURCE_DIR) / "schemas" / "pes" / version);
    ASSERT_TRUE(pack) << pack.error().en << " " << pack.error().detail;
    for (const auto& flow : {depense_flow(), recette_flow(), ormc_flow(), pj_flow()}) {
      Report report;
      const auto status = (*pack)->check(flow, {}, report);
      ASSERT_TRUE(status) << status.error().en;
      EXPECT_EQ(said(report), "") << version;
    }
  }
}

TEST(Findings, SayWhatTheyAreAbout) {
  const auto flow =
      change(depense_flow(), R"(<InfoDematerialisee V="0"/>)", R"(<InfoDematerialisee V="1"/>)");
  const auto unsigned_one = judged(flow).findings;
  ASSERT_EQ(unsigned_one.size(), 1U);
  EXPECT_EQ(unsigned_one[0].code, "pes.p2");
  EXPECT_EQ(unsigned_one[0].subject, (Subject{.domaine = "depense", .exercice = "2026", .bordereau = "7"}));

  const auto doubled = judged(change(depense_flow(), R"(<IdLigne V="2"/>)", R"(<IdLigne V="1"/>)")).findings;
  ASSERT_EQ(doubled.size(), 1U);
  EXPECT_EQ(
      doubled[0].subject,
      (Subject{.domaine = "depense", .exercice = "2026", .bordereau = "7", .piece = "41", .ligne = "1"}));
  EXPECT_TRUE(doubled[0].place.path.ends_with("/LigneDePiece[2]/BlocLignePiece/InfoLignePce/IdLigne"))
      << doubled[0].place.path;
}

class Cases : public testing::TestWithParam<RuleCase> {};

TEST_P(Cases, AreJudgedAsTheyShould) {
  const auto& wanted = GetParam();
  const auto report = judged(wanted.text, wanted.options);
  const Finding* first = nullptr;
  std::size_t times = 0;
  for (const auto& finding : report.findings) {
    if (finding.code != wanted.code) continue;
    if (first == nullptr) first = &finding;
    ++times;
  }
  EXPECT_EQ(times, wanted.times) << said(report);
  if (first == nullptr) return;
  if (!wanted.value.empty()) {
    EXPECT_EQ(first->value, wanted.value);
  }
  EXPECT_GT(first->place.line, 0U);
  EXPECT_FALSE(first->remedy.fr.empty());
  for (const auto& text : {first->fr, first->en})
    EXPECT_EQ(text.find('{'), std::string::npos) << text;
}

std::string name_of(const testing::TestParamInfo<RuleCase>& row) {
  std::string out;
  for (const char c : row.param.code + "_" + row.param.name)
    out.push_back(std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_');
  return out;
}

INSTANTIATE_TEST_SUITE_P(Rules, Cases, testing::ValuesIn(all_cases()), name_of);

TEST(AllCases, BreakEveryRuleAndKeepEveryRule) {
  std::set<std::string> broken;
  std::set<std::string> kept;
  for (const auto& one : all_cases())
    (one.times > 0 ? broken : kept).insert(one.code);
  const auto elsewhere = history_rules();  // judged by the gateway (tests/unit/gateway/pipeline)
  for (const auto* const rule : all_rules()) {
    if (std::find(elsewhere.begin(), elsewhere.end(), rule) != elsewhere.end()) continue;
    EXPECT_TRUE(broken.contains(std::string(rule->code))) << rule->code << ": no case breaks it";
    EXPECT_TRUE(kept.contains(std::string(rule->code))) << rule->code << ": no case keeps it";
  }
  for (const auto& codes : {broken, kept})
    for (const auto& code : codes)
      EXPECT_NE(find_rule(code), nullptr) << code << ": a case of no rule";
}

}  // namespace
}  // namespace demat::preflight::test
