#include "protocols/report/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace demat::report {
namespace {

using testing::HasSubstr;
using testing::Not;

rules::RuleInfo rule(std::string_view code, rules::Level level = rules::Level::piece) {
  return {.code = code,
          .name = "P16",
          .level = level,
          .severity = Severity::warning,
          .source = "helios P16",
          .title_fr = "Le compte est un IBAN",
          .title_en = "The account is an IBAN",
          .fr = "« {value} » n'est pas un IBAN.",
          .en = "\"{value}\" is no IBAN.",
          .remedy_fr = "Corriger le tiers.",
          .remedy_en = "Mend the tiers.",
          .since = "5.26"};
}

TEST(ReportRules, KnowTheirDomainByCodeThenByLevel) {
  EXPECT_EQ(domain_of(rule("pes.depense.dgp")), "depense");
  EXPECT_EQ(domain_of(rule("pes.p9", rules::Level::pj)), "pj");
  EXPECT_EQ(domain_of(rule("pes.p16")), "commun");
  EXPECT_EQ(domain_of(rule("pes.nomfic.missing", rules::Level::flux)), "commun");
  EXPECT_EQ(domain_of(rule("odd")), "commun");
}

TEST(ReportRules, SayWhatTheyComeTo) {
  const auto usual = to_json(rule("pes.p16"), Severity::warning, false);
  EXPECT_EQ(usual.at("severity").as_string(), "warning");
  EXPECT_EQ(usual.at("level").as_string(), "piece");
  EXPECT_EQ(usual.at("since").as_string(), "5.26");
  EXPECT_FALSE(usual.contains("until"));
  const auto off = to_json(rule("pes.p16"), std::nullopt, true);
  EXPECT_EQ(off.at("severity").as_string(), "off");
  EXPECT_EQ(off.at("default_severity").as_string(), "warning");
}

TEST(ReportRules, AreExplainedInFull) {
  EXPECT_EQ(explain(to_json(rule("pes.p16"), Severity::error, true), {.language = Language::french}),
            "P16  pes.p16\n\n"
            "  Le compte est un IBAN\n\n"
            "  en défaut : la pièce : Hélios la rejette, le reste du bordereau peut passer\n"
            "  gravité : erreur : le flux est refusé (réglage ; sinon avertissement : le flux part)\n"
            "  message : « {value} » n'est pas un IBAN.\n"
            "  à faire : Corriger le tiers.\n"
            "  versions : depuis 5.26\n"
            "  source : helios P16\n");
  const auto both = explain(to_json(rule("pes.p16"), Severity::warning, false), {});
  EXPECT_THAT(both, HasSubstr("      en: Mend the tiers.\n"));
  EXPECT_THAT(both, HasSubstr("  gravité : avertissement : le flux part\n"));
  EXPECT_THAT(explain(to_json(rule("pes.p16"), Severity::warning, false), {.language = Language::english}),
              Not(HasSubstr("gravité")));
}

}  // namespace
}  // namespace demat::report
