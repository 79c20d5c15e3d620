#include "gateway/pipeline/inspection.hpp"

#include <gtest/gtest.h>

#include "protocols/base/limits.hpp"
#include "protocols/xades/sign.hpp"
#include "signing_kit.hpp"
#include "tests/support/pes_samples.hpp"

namespace demat::pipeline {
namespace {

using std::chrono::milliseconds;

/// A budget whose only large place is taken; every document of these tests is large for it.
class InspectionBudgetTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto pack = xml::SchemaPack::load(std::string(DEMAT_SOURCE_DIR) + "/schemas/pes/5.30");
    ASSERT_TRUE(pack) << pack.error().detail;
    context_.pack = *pack;
    context_.encodings = {"ISO-8859-1"};
    context_.budget = std::make_shared<WorkBudget>(1);
    taken_ = context_.budget->try_acquire(2);
    ASSERT_TRUE(taken_);
  }

  [[nodiscard]] Result<Inspection> look(const std::string& bytes, const signing::SigningProfile* signer,
                                        milliseconds patience = milliseconds(0)) const {
    return inspect(MemorySource(bytes), context_, signer, SystemClock{}.now(), patience);
  }

  InspectionContext context_;
  WorkBudget::Part taken_;
};

samples::FlowShape plain(bool dematerialisee) {
  samples::FlowShape shape;
  shape.dematerialisee = dematerialisee;
  return shape;
}

/// Larger than what is taken for a tree without need.
std::string large_recette(bool dematerialisee) {
  return samples::recette({}, plain(dematerialisee), samples::sample_attachments(1, 7'000'000, 1));
}

TEST_F(InspectionBudgetTest, ADocumentToBeSignedWaitsForRoom) {
  const auto bytes = samples::depense({}, plain(false));
  const signing::SigningProfile never_used;  // what is not to be dematerialised is refused before that
  for (const auto patience : {milliseconds(0), milliseconds(5)}) {
    const auto busy = look(bytes, &never_used, patience);
    ASSERT_FALSE(busy);
    EXPECT_EQ(busy.error().code, "busy.memory");
    EXPECT_EQ(busy.error().outlook, Outlook::waiting);
  }
  taken_ = {};
  const auto done = look(bytes, &never_used);
  ASSERT_TRUE(done) << done.error().code;
  EXPECT_TRUE(done->report.refused());
  EXPECT_TRUE(context_.budget->try_acquire(2));  // given back
}

TEST_F(InspectionBudgetTest, ADocumentWithoutSignatureNeedsNoTree) {
  const auto done = look(samples::depense({}, plain(false)), nullptr);
  ASSERT_TRUE(done) << done.error().code;
  EXPECT_FALSE(done->report.refused());
}

TEST_F(InspectionBudgetTest, ALargeOneToBeSignedCountsToo) {
  const auto bytes = large_recette(true);
  ASSERT_GT(bytes.size(), limits::max_dom_bytes);
  const signing::SigningProfile never_used;
  const auto busy = look(bytes, &never_used);
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().code, "busy.memory");
}

TEST_F(InspectionBudgetTest, ALargeOneWithoutSignatureNeedsNoRoom) {
  const auto done = look(large_recette(false), nullptr);
  ASSERT_TRUE(done) << done.error().code;
  EXPECT_FALSE(done->report.refused()) << done->report.findings.front().code;
}

TEST_F(InspectionBudgetTest, ALargeSignedOneWithoutLongTextsIsNotRefused) {
  // Nothing of it stays in the source, and its bytes are not in memory as a whole either.
  taken_ = {};
  context_.policies = {xades::helios_policy_1_7()};
  const auto clear = samples::depense({}, samples::shape_of_size(limits::max_dom_bytes + 500'000));
  const auto document = xml::parse(clear);
  ASSERT_TRUE(document);
  const auto bytes = xades::sign_pes(*document, clear, test::make_request(test::ordinary_identity()));
  ASSERT_TRUE(bytes) << bytes.error().code;
  ASSERT_GT(bytes->size(), limits::max_dom_bytes);
  const auto done = look(*bytes, nullptr);
  ASSERT_TRUE(done) << done.error().code;
  EXPECT_FALSE(done->report.refused()) << done->report.findings.front().code;
  ASSERT_TRUE(done->signatures);
  EXPECT_TRUE(done->signatures->passed());
}

TEST_F(InspectionBudgetTest, ASecondOpinionNeedsItsOwnTree) {
  taken_ = {};
  context_.policies = {xades::helios_policy_1_7()};
  const auto clear = samples::depense();
  const auto document = xml::parse(clear);
  ASSERT_TRUE(document);
  const auto bytes = xades::sign_pes(*document, clear, test::make_request(test::ordinary_identity()));
  ASSERT_TRUE(bytes) << bytes.error().code;
  context_.second_opinion = true;
  const auto both = look(*bytes, nullptr);
  ASSERT_TRUE(both) << both.error().code;
  EXPECT_FALSE(both->report.refused());
  ASSERT_TRUE(both->signatures);
  EXPECT_TRUE(both->signatures->passed());
  const std::size_t one_tree = tree_weight(bytes->size(), TreeUse::verifying);
  context_.budget = std::make_shared<WorkBudget>(one_tree);
  taken_ = context_.budget->try_acquire(one_tree + 1);
  ASSERT_TRUE(taken_) << "the place for what is larger than the budget";
  const auto busy = look(*bytes, nullptr);
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().code, "busy.memory");
  context_.second_opinion = false;
  EXPECT_TRUE(look(*bytes, nullptr));
}

TEST(TreeWeight, IsThatOfStructuredDocuments) {
  EXPECT_EQ(tree_weight(1'000, TreeUse::verifying), 9'000U);         // the tree and the bytes
  EXPECT_EQ(tree_weight(1'000, TreeUse::verifying_twice), 26'000U);  // and that of libxml2
  EXPECT_EQ(tree_weight(1'000, TreeUse::signing), 18'000U);  // the signed one is parsed beside the first
}

}  // namespace
}  // namespace demat::pipeline
