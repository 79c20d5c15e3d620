#include "gateway/api/make_check.hpp"

#include <gmock/gmock.h>

#include "gateway/pipeline/history_check.hpp"
#include "gateway/store/sqlite_store.hpp"
#include "tests/support/invented.hpp"
#include "tests/support/marche_flows.hpp"
#include "tests/support/pes_samples.hpp"
#include "tests/unit/gateway/http/rig/process.hpp"

namespace demat::api {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

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
    context_->pack = *pack;
    context_->encodings = {"ISO-8859-1"};
    context_->budget = budget_;
    check_ = make_check(
        *store_, clock_, [this] { return context_; },
        [](const std::string&) { return std::shared_ptr<const signing::SigningProfile>(); });
  }

  Result<CheckVerdict> check(const std::string& bytes) { return check_(MemorySource(bytes), authority_); }

  /// A flow of the authority that its checks have accepted.
  FlowId sent(const std::string& bytes, const AuthorityId& authority) {
    auto seen = pipeline::inspect(MemorySource(bytes), *context_, nullptr, clock_.now());
    EXPECT_TRUE(seen && !seen->report.refused());
    store::NewFlow item;
    item.flow.authority = authority;
    item.flow.business_key = pes::business_key(seen->header);
    item.flow.nom_fic = seen->header.nom_fic;
    item.flow.id_post = seen->header.id_post;
    item.flow.cod_col = seen->header.cod_col;
    item.flow.cod_bud = seen->header.cod_bud;
    item.flow.created_at = clock_.now();
    auto writer = store_->new_payload().value();
    EXPECT_TRUE(writer->append(bytes));
    auto outcome = store_->accept(std::move(item), writer->finish().value()).value();
    const auto flow = std::get<store::DurableReceipt>(outcome).flow();
    store::Change change{.flow = flow.id};
    change.steps = {{flow::Trigger::pass_checks}, {flow::Trigger::make_ready}};
    change.recorded = store::Recorded{pipeline::numbers_of(seen->numbers, nullptr, flow), {}};
    EXPECT_TRUE(store_->apply(std::move(change)));
    return flow.id;
  }
  static std::string unsigned_flow(const std::string& nom_fic) {
    samples::SampleHeader header;
    header.nom_fic = nom_fic;
    samples::FlowShape shape;
    shape.dematerialisee = false;
    return samples::depense(header, shape);
  }
  static std::vector<std::string> codes(const CheckVerdict& verdict) {
    std::vector<std::string> out;
    for (const auto& finding : verdict.report.findings)
      out.push_back(finding.code);
    return out;
  }
  [[nodiscard]] std::uint64_t events() { return store_->verify_journal().value().events; }

  test::TemporaryFolder folder_;
  std::shared_ptr<pipeline::InspectionContext> context_ = std::make_shared<pipeline::InspectionContext>();
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

TEST_F(MakeCheckTest, TellsWhatTheAuthorityHasSentBefore) {
  EXPECT_THAT(codes(check(unsigned_flow("FIRST")).value()), IsEmpty());
  const auto first = sent(unsigned_flow("FIRST"), authority_);
  const auto before = events();
  const auto again = check(unsigned_flow("SECOND"));
  ASSERT_TRUE(again);
  ASSERT_THAT(codes(*again), ElementsAre("pes.p24.history"));
  EXPECT_FALSE(again->report.refused()) << "a warning, as in the pipeline";
  EXPECT_THAT(again->report.findings[0].fr, HasSubstr(first.str()));
  EXPECT_GT(again->report.findings[0].place.line, 0U);

  EXPECT_THAT(codes(check(unsigned_flow("FIRST")).value()),
              UnorderedElementsAre("pes.p24.history", "pes.nom_fic.live"))
      << "what was deposited is an earlier flow";
  EXPECT_EQ(events(), before);
}

TEST_F(MakeCheckTest, RecordsNothingOfWhatItLooksUp) {
  for (int i = 0; i < 2; ++i)
    EXPECT_THAT(codes(check(unsigned_flow("ONE")).value()), IsEmpty()) << i;
  EXPECT_THAT(codes(check(unsigned_flow("TWO")).value()), IsEmpty());
  EXPECT_TRUE(store_->list({}, {}, 10).value().items.empty());
}

TEST_F(MakeCheckTest, KnowsNothingOfOtherAuthorities) {
  sent(unsigned_flow("FIRST"), AuthorityId{samples::sample_siret(1).substr(0, 9)});
  EXPECT_THAT(codes(check(unsigned_flow("FIRST")).value()), IsEmpty());
}

TEST_F(MakeCheckTest, WeighsThePastAsTheAuthorityWants) {
  sent(unsigned_flow("FIRST"), authority_);
  const auto weigh = [&](config::RuleWeight weight) {
    context_->rules = pipeline::RulePolicy::from({{"P24H", weight, {authority_.str()}, {}, {}}}).value();
    return check(unsigned_flow("SECOND")).value();
  };
  EXPECT_TRUE(weigh(config::RuleWeight::error).report.refused());
  EXPECT_THAT(codes(weigh(config::RuleWeight::off)), IsEmpty());
}

TEST_F(MakeCheckTest, KnowsTheOrderOfContracts) {
  EXPECT_THAT(codes(check(samples::marche_modification_flow()).value()),
              Contains("pes.marche.predecessor_unknown"));
  sent(samples::marche_flow(), authority_);
  EXPECT_THAT(codes(check(samples::marche_modification_flow()).value()),
              Not(Contains("pes.marche.predecessor_unknown")));
  EXPECT_THAT(codes(check(samples::marche_flow()).value()), Contains("pes.marche.sequence_sent"));
}

TEST_F(MakeCheckTest, WhatIsRefusedAnywayIsNotLookedUp) {
  sent(unsigned_flow("FIRST"), authority_);
  auto broken = unsigned_flow("SECOND");
  const auto at = broken.find("<IdPost V=\"034000\"");
  broken.replace(at, 18, "<IdPost V=\"ABCDEF\"");
  EXPECT_THAT(codes(check(broken).value()), Not(Contains("pes.p24.history")));
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
