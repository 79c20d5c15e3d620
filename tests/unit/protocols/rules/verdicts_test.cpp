#include "protocols/rules/verdicts.hpp"

#include <gtest/gtest.h>

namespace demat::rules {
namespace {

constexpr RuleInfo a_rule{.code = "pes.essai",
                          .name = "P99",
                          .severity = Severity::error,
                          .fr = "« {value} » au lieu de {expected} : {detail}",
                          .en = "\"{value}\" for {expected}: {detail}",
                          .remedy_fr = "corriger",
                          .remedy_en = "correct",
                          .since = "5.26",
                          .until = "5.30"};

TEST(Verdicts, FillTheMarksOfTheTextAndNoOthers) {
  Verdicts verdicts({.version = "5.30"});
  verdicts.add(a_rule,
               {.value = "{detail}", .expected = {"{value}", "{value}"}, .detail = {"{expected}", "d"}});
  const auto report = verdicts.take();
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].fr, "« {detail} » au lieu de {value} : {expected}");
  EXPECT_EQ(report.findings[0].en, "\"{detail}\" for {value}: d");
  EXPECT_EQ(report.findings[0].value, "{detail}");
  EXPECT_EQ(report.findings[0].remedy, (Words{"corriger", "correct"}));
}

TEST(Verdicts, CountWhatTheyDoNotList) {
  Verdicts verdicts({.version = "5.30"});
  for (std::size_t line = max_hits + 3; line > 0; --line)
    verdicts.add(a_rule, {.place = {line, "/a"}});
  verdicts.add_unlisted(a_rule, 2);
  const auto report = verdicts.take();
  ASSERT_EQ(report.findings.size(), max_hits + 1);
  EXPECT_EQ(report.findings.front().place.line, 4U) << "in the order of the document";
  EXPECT_EQ(report.findings.back().en, "... and 5 more of the same remark.");
  EXPECT_EQ(report.findings.back().severity, Severity::error);
}

TEST(Verdicts, FollowVersionAndConfiguration) {
  struct Case {
    Options options;
    std::size_t findings;
    bool refused;
  };
  for (const auto& [options, findings, refused] :
       {Case{{.version = "5.26"}, 1, true}, Case{{.version = "5.30-dgfip"}, 1, true},
        Case{{.version = "5.17"}, 0, false}, Case{{.version = "5.31"}, 0, false}, Case{{}, 0, false},
        Case{{.version = "5.30", .severities = {{"pes.essai", Severity::warning}}}, 1, false},
        Case{{.version = "5.30", .off = {"pes.essai"}}, 0, false}}) {
    Verdicts verdicts(options);
    verdicts.add(a_rule, {});
    verdicts.add_unlisted(a_rule, 0);
    const auto report = verdicts.take();
    EXPECT_EQ(report.findings.size(), findings) << options.version;
    EXPECT_EQ(report.refused(), refused) << options.version;
  }
}

TEST(Verdicts, ShowValuesShortAndOnOneLine) {
  EXPECT_EQ(shown("a\nb\tc"), "a b c");
  EXPECT_LT(shown(std::string(500, 'x')).size(), 70U);
}

}  // namespace
}  // namespace demat::rules
