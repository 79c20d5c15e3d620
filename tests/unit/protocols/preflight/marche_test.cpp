#include <gtest/gtest.h>

#include <filesystem>
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
  for (const auto& flow :
       {samples::marche_flow(), samples::marche_modification_flow(), samples::concession_flow()})
    EXPECT_EQ(said(judged(flow)), "");
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
