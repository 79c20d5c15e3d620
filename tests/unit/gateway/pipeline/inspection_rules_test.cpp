#include <gtest/gtest.h>

#include <algorithm>

#include "gateway/pipeline/inspection.hpp"
#include "protocols/base/limits.hpp"
#include "tests/support/pes_samples.hpp"

namespace demat::pipeline {
namespace {

using config::RuleWeight;

const AuthorityId authority{"217500016"};

/// Both roads: in one piece, and chunk by chunk.
class InspectionRules : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    auto pack = xml::SchemaPack::load(std::string(DEMAT_SOURCE_DIR) + "/schemas/pes/5.30");
    ASSERT_TRUE(pack) << pack.error().detail;
    context_.pack = *pack;
    context_.encodings = {"ISO-8859-1"};
  }

  /// An unsigned recette whose bordereau 1 says 7 pieces where it has 3.
  [[nodiscard]] static std::string flow() {
    samples::FlowShape shape;
    shape.dematerialisee = false;
    auto bytes = samples::recette({}, shape, samples::sample_attachments(1, GetParam() ? 7'000'000 : 100, 1));
    EXPECT_EQ(bytes.size() > limits::max_dom_bytes, GetParam());
    return with(std::move(bytes), "<NbrPce V=\"3\"/>", "<NbrPce V=\"7\"/>");
  }
  static std::string with(std::string bytes, const std::string& old, const std::string& fresh) {
    const auto at = bytes.find(old);
    EXPECT_NE(at, std::string::npos) << old;
    return bytes.replace(at, old.size(), fresh);
  }
  [[nodiscard]] Inspection look(const std::string& bytes) const {
    auto done = inspect(MemorySource(bytes), context_, nullptr, SystemClock{}.now(), worker_patience,
                        KeyUse::sign, authority);
    EXPECT_TRUE(done) << done.error().code;
    return done ? std::move(*done) : Inspection{};
  }
  static const Finding* find(const Inspection& inspection, std::string_view code) {
    const auto& all = inspection.report.findings;
    const auto found = std::ranges::find(all, code, &Finding::code);
    return found == all.end() ? nullptr : &*found;
  }
  void set(RuleWeight weight, std::vector<std::string> authorities = {}) {
    context_.rules = RulePolicy::from({{"P26", weight, std::move(authorities), {}, {}}}).value();
  }

  InspectionContext context_;
};

TEST_P(InspectionRules, WeighAsTheTableSays) {
  const auto done = look(flow());
  const auto* count = find(done, "pes.p26");
  ASSERT_NE(count, nullptr);
  EXPECT_EQ(count->severity, Severity::warning);
  EXPECT_EQ(count->subject.bordereau, "1");
  EXPECT_FALSE(done.report.refused());
}

TEST_P(InspectionRules, WeighAsTheConfigurationSaysForTheAuthority) {
  set(RuleWeight::error);
  EXPECT_TRUE(look(flow()).report.refused());
  set(RuleWeight::error, {"213400328"});
  EXPECT_FALSE(look(flow()).report.refused());
  set(RuleWeight::off, {authority.str()});
  EXPECT_EQ(find(look(flow()), "pes.p26"), nullptr);
}

TEST_P(InspectionRules, FaultsOfTheSchemaAreToldWhereTheyAre) {
  const auto bytes = with(flow(), "<IdPce V=\"2\"/>", "<IdPce V=\"2\"/><Inconnu V=\"x\"/>");
  const auto done = look(bytes);
  const auto* fault = find(done, "xsd.invalid");
  ASSERT_NE(fault, nullptr);
  EXPECT_EQ(fault->subject.domaine, "recette");
  EXPECT_EQ(fault->subject.bordereau, "1");
  EXPECT_EQ(fault->subject.piece, "2");
}

INSTANTIATE_TEST_SUITE_P(Roads, InspectionRules, ::testing::Bool(),
                         [](const auto& road) { return road.param ? "Large" : "Small"; });

}  // namespace
}  // namespace demat::pipeline
