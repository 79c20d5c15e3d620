#include "gateway/pipeline/rule_policy.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "gateway/base/paris.hpp"

namespace demat::pipeline {
namespace {

using config::RuleSetting;
using config::RuleWeight;

const AuthorityId one{"217500016"};
const AuthorityId other{"213400328"};

Instant on(std::string_view day) {
  return start_of(*paris_day_from(day)) + std::chrono::hours(12);
}

/// "error", "off" or what the table says: "-".
std::string weight_of(const std::vector<RuleSetting>& rows, const AuthorityId& authority,
                      std::string_view day = "2027-06-15") {
  const auto policy = RulePolicy::from(rows);
  EXPECT_TRUE(policy) << policy.error().detail;
  const auto weights = (*policy)->weights(authority, on(day));
  if (weights.off.contains("pes.p1")) return "off";
  const auto said = weights.severities.find("pes.p1");
  return said == weights.severities.end() ? "-" : to_string(said->second);
}

TEST(RulePolicy, TheTableSpeaksWhereNoRowDoes) {
  EXPECT_EQ(weight_of({}, one), "-");
  EXPECT_EQ(weight_of({{"P2", RuleWeight::off, {}, {}, {}}}, one), "-");
}

TEST(RulePolicy, RowsThatNameAuthoritiesPrevailThenTheLastOne) {
  const RuleSetting all{"P1", RuleWeight::info, {}, {}, {}};
  const RuleSetting own{"pes.p1", RuleWeight::error, {one.str()}, {}, {}};
  const RuleSetting none{"p1", RuleWeight::off, {}, {}, {}};
  EXPECT_EQ(weight_of({own, all}, one), "error");
  EXPECT_EQ(weight_of({own, all}, other), "info");
  EXPECT_EQ(weight_of({own, all}, {}), "info");
  EXPECT_EQ(weight_of({all, none}, other), "off");
  EXPECT_EQ(weight_of({none, all}, other), "info");
  EXPECT_EQ(weight_of({none, own}, one), "error");
}

TEST(RulePolicy, DaysAreThoseOfParisAndTheLastIsIncluded) {
  const std::vector<RuleSetting> rows{{"P1", RuleWeight::error, {}, "2027-03-01", "2027-03-31"}};
  EXPECT_EQ(weight_of(rows, one, "2027-02-28"), "-");
  EXPECT_EQ(weight_of(rows, one, "2027-03-01"), "error");
  EXPECT_EQ(weight_of(rows, one, "2027-03-31"), "error");
  EXPECT_EQ(weight_of(rows, one, "2027-04-01"), "-");
}

TEST(RulePolicy, NamesARuleThatThereIsNot) {
  const auto policy =
      RulePolicy::from({{"P1", RuleWeight::off, {}, {}, {}}, {"P99", RuleWeight::off, {}, {}, {}}});
  ASSERT_FALSE(policy);
  EXPECT_EQ(policy.error().code, "rules.unknown");
  EXPECT_EQ(policy.error().detail, "P99");
}

TEST(RulePolicy, GivesFindingsTheirWeightAndDropsThoseOfRulesThatAreOff) {
  const auto policy =
      RulePolicy::from({{"P1", RuleWeight::error, {}, {}, {}}, {"P2", RuleWeight::off, {}, {}, {}}}).value();
  Report report{{{"pes.p1", Severity::warning, {}, "a", "a"},
                 {"pes.p2", Severity::error, {}, "b", "b"},
                 {"xsd.invalid", Severity::error, {}, "c", "c"}}};
  policy->weights(one, on("2027-01-01")).apply(report);
  ASSERT_EQ(report.findings.size(), 2U);
  EXPECT_EQ(report.findings[0].severity, Severity::error);
  EXPECT_EQ(report.findings[1].code, "xsd.invalid");
}

TEST(RulePolicy, ListsEveryRuleAsItIs) {
  const auto policy = RulePolicy::from({{"P1", RuleWeight::off, {one.str()}, {}, {}}}).value();
  const auto find = [&](const AuthorityId& authority) {
    const auto all = policy->in_force(authority, on("2027-01-01"), "5.30");
    return *std::ranges::find_if(all, [](const auto& rule) { return rule.rule->code == "pes.p1"; });
  };
  EXPECT_FALSE(find(one).severity);
  EXPECT_TRUE(find(one).configured);
  EXPECT_EQ(find(other).severity, find(other).rule->severity);
  EXPECT_FALSE(find(other).configured);
}

}  // namespace
}  // namespace demat::pipeline
