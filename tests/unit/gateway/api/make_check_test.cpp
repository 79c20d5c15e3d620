#include "gateway/api/make_check.hpp"

#include <gtest/gtest.h>

#include "gateway/store/sqlite_store.hpp"
#include "tests/support/invented.hpp"
#include "tests/support/pes_samples.hpp"
#include "tests/unit/gateway/http/rig/process.hpp"

namespace demat::api {
namespace {

class MakeCheckTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const store::SqliteOptions options{folder_.file("store"), "test", limits::inline_payload};
    ASSERT_TRUE(store::create_sqlite_store(options));
    auto opened = store::open_sqlite_store(options, clock_);
    ASSERT_TRUE(opened);
    store_ = std::move(*opened);
    auto pack = xml::SchemaPack::load(std::string(DEMAT_SOURCE_DIR) + "/schemas/pes/5.30");
    ASSERT_TRUE(pack) << pack.error().detail;
    auto context = std::make_shared<pipeline::InspectionContext>();
    context->pack = *pack;
    context->encodings = {"ISO-8859-1"};
    context->budget = budget_;
    check_ = make_check(
        *store_, clock_, [context] { return context; },
        [](const std::string&) { return std::shared_ptr<const signing::SigningProfile>(); });
  }

  Result<CheckVerdict> check(const std::string& bytes) { return check_(MemorySource(bytes), authority_); }

  test::TemporaryFolder folder_;
  std::shared_ptr<pipeline::WorkBudget> budget_ = std::make_shared<pipeline::WorkBudget>(1);
  SystemClock clock_;
  std::unique_ptr<store::Store> store_;
  std::function<Result<CheckVerdict>(const ByteSource&, const AuthorityId&)> check_;
  AuthorityId authority_{samples::sample_siret(0).substr(0, 9)};
};

TEST_F(MakeCheckTest, SaysWhatThePipelineWouldSay) {
  samples::FlowShape unsigned_shape;
  unsigned_shape.dematerialisee = false;
  const auto good = check(samples::depense({}, unsigned_shape));
  ASSERT_TRUE(good) << good.error().code;
  EXPECT_FALSE(good->report.refused());
  EXPECT_EQ(good->nom_fic.str(), "EXEMPLE-0001");
  EXPECT_FALSE(good->would_sign);

  auto broken = samples::depense({}, unsigned_shape);
  const auto at = broken.find("<IdPost V=\"034000\"");
  ASSERT_NE(at, std::string::npos);
  broken.replace(at, 18, "<IdPost V=\"ABCDEF\"");
  const auto bad = check(broken);
  ASSERT_TRUE(bad);
  EXPECT_TRUE(bad->report.refused());
  EXPECT_GT(bad->report.findings.at(0).place.line, 0U);

  const auto nonsense = check("hello");
  ASSERT_TRUE(nonsense);
  EXPECT_TRUE(nonsense->report.refused());
  EXPECT_TRUE(nonsense->nom_fic.empty());
}

constexpr std::string_view a_signature =
    R"(<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>)"
    R"(<ds:CanonicalizationMethod Algorithm="urn:c"/><ds:SignatureMethod Algorithm="urn:s"/>)"
    R"(<ds:Reference URI="#x"><ds:DigestMethod Algorithm="urn:d"/><ds:DigestValue>AA==</ds:DigestValue>)"
    R"(</ds:Reference></ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>)";

TEST_F(MakeCheckTest, SaysAtOnceThatMemoryIsTaken) {
  samples::FlowShape shape;
  shape.dematerialisee = false;
  const auto plain = samples::depense({}, shape);
  auto bearing = samples::depense({}, samples::FlowShape{});  // a signature is judged on a tree
  bearing.insert(bearing.rfind("</"), std::string(a_signature));
  auto taken = budget_->try_acquire(2);
  const auto busy = check(bearing);
  ASSERT_FALSE(busy) << (busy->report.findings.empty() ? "" : busy->report.findings.front().en);
  EXPECT_EQ(busy.error().code, "busy.memory");
  EXPECT_TRUE(check(plain)) << "no tree is needed";
  taken = {};
  EXPECT_TRUE(check(bearing));
}

}  // namespace
}  // namespace demat::api
