#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>

#include "cases.hpp"
#include "protocols/xml/schema_pack.hpp"
#include "tests/support/marche_cases.hpp"
#include "tests/support/marche_flows.hpp"

namespace demat::preflight::test {
namespace {

std::string said(const Report& report) {
  std::string out;
  for (const auto& finding : report.findings)
    out += finding.code + " " + finding.place.path + ": " + finding.fr + "\n";
  return out;
}

TEST(PreflightMarche, FindsNothingInContractsThatAreRight) {
  for (const auto& flow : samples::right_marche_flows())
    EXPECT_EQ(said(judged(flow)), "");
}

/// The same without what came with 5.30.
std::string of_517(std::string flow) {
  static const std::regex leaves(
      R"(<(MontantHTActualise|MontantTVAActualise|MarcheInnovant|SousTraitanceDeclaree|AttributionAvance|TauxAvance|OrigineUE|OrigineFrance) V="[^"]*"/>\n?)");
  flow = std::regex_replace(flow, leaves, "");
  for (const std::string block : {"TechniquesAchat", "ConsiderationsSociales",
                                  "ConsiderationsEnvironnementales", "PeriodesReconduction", "Tranches"})
    for (auto from = flow.find("<" + block + ">"); from != std::string::npos;
         from = flow.find("<" + block + ">")) {
      const auto end = "</" + block + ">";
      flow.erase(from, flow.find(end, from) + end.size() - from);
    }
  const std::string none = R"(<MontantSubventionPublique V="0"/>)";
  if (const auto at = flow.find(none); at != std::string::npos)
    flow.replace(at, none.size(), R"(<MontantSubventionPublique V="1"/>)");
  return flow;
}

TEST(PreflightMarche, FindsNothingInContractsThatWereRightBefore) {
  const auto pack =
      xml::SchemaPack::load(std::filesystem::path(DEMAT_SOURCE_DIR) / "schemas" / "pes" / "5.17");
  ASSERT_TRUE(pack) << pack.error().en << " " << pack.error().detail;
  Options options;
  options.rules.version = "5.17";
  for (const auto& right : samples::right_marche_flows()) {
    const auto flow = of_517(right);
    Report report;
    ASSERT_TRUE((*pack)->check(flow, {}, report));
    EXPECT_EQ(said(report), "");
    EXPECT_EQ(said(judged(flow, options)), "");
  }
}

/// A rule earns its place where the schema has nothing to say.
TEST(PreflightMarche, EveryRuleHasACaseThatTheSchemaAccepts) {
  const auto pack =
      xml::SchemaPack::load(std::filesystem::path(DEMAT_SOURCE_DIR) / "schemas" / "pes" / "5.30");
  ASSERT_TRUE(pack) << pack.error().en << " " << pack.error().detail;
  const auto refusal = [&](const std::string& flow) {
    Report report;
    const auto status = (*pack)->check(flow, {}, report);
    EXPECT_TRUE(status) << status.error().en;
    return said(report);
  };
  for (const auto& flow : samples::right_marche_flows())
    EXPECT_EQ(refusal(flow), "");
  std::set<std::string> accepted;
  std::string refused;
  std::set<std::string> all;
  for (const auto& one : samples::broken_marche_flows()) {
    all.insert(one.code);
    if (const auto why = refusal(one.text); why.empty())
      accepted.insert(one.code);
    else
      refused += one.code + " " + one.what + "\n" + why;
  }
  EXPECT_EQ(accepted, all) << refused;
}

}  // namespace
}  // namespace demat::preflight::test
