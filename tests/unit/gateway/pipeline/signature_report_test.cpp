// The report about signatures that is kept with a flow, and flows that arrive without one.

#include "gateway/pipeline/signature_report.hpp"

#include "gateway/pipeline/inspection.hpp"
#include "send_rig.hpp"

namespace demat::pipeline {
namespace {

class SignatureReportTest : public RealTimeRig {
 protected:
  [[nodiscard]] std::vector<std::string> reports_of(const FlowId& id) {
    std::vector<std::string> names;
    const auto documents = store().documents(id).value();
    for (const auto& document : documents)
      if (document.role == trust_desk::report_role) names.push_back(document.name);
    return names;
  }

  void wait(const FlowId& id) {
    store::Change waiting{.flow = id};
    waiting.wait = store::Change::Wait{Instant{}, "trust.indeterminate"};
    auto change = with_first_report(store(), std::move(waiting), {R"({"verdict":{}})", {}, {}});
    ASSERT_TRUE(change) << change.error().detail;
    const auto done = store().apply(std::move(*change));
    ASSERT_TRUE(done) << done.error().code << " " << done.error().detail;
  }
};

TEST_F(SignatureReportTest, ALongWaitKeepsOneReport) {
  const auto flow = ready_flow("A");
  EXPECT_TRUE(reports_of(flow.id).empty());
  for (int i = 0; i < 3; ++i)
    wait(flow.id);
  EXPECT_EQ(reports_of(flow.id), std::vector<std::string>{trust_desk::report_name});
  EXPECT_EQ(current(flow.id).waiting_code, "trust.indeterminate");
}

TEST_F(SignatureReportTest, ItIsNotWhatLeaves) {
  const auto flow = ready_flow("A");
  const auto before = current(flow.id).outgoing;
  wait(flow.id);
  EXPECT_EQ(current(flow.id).outgoing, before);
}

TEST(SignerJudgement, IsOfFlowsThatArriveSigned) {
  const InspectionContext context;
  Inspection inspection;
  EXPECT_FALSE(judge_signers(inspection, context, "helios", Instant{}, Instant{}));
  inspection.signatures.emplace();
  EXPECT_FALSE(judge_signers(inspection, context, "helios", Instant{}, Instant{})) << "none was found";
  inspection.signatures->signatures.emplace_back().indication = xades::Indication::passed;
  const auto judged = judge_signers(inspection, context, "helios", Instant{}, Instant{});
  ASSERT_TRUE(judged);
  EXPECT_FALSE(judged->wait);
  EXPECT_NE(judged->json.find(R"("profile":null)"), std::string::npos);
  inspection.signed_bytes = "ours";
  EXPECT_FALSE(judge_signers(inspection, context, "helios", Instant{}, Instant{})) << "the gateway signed it";
}

}  // namespace
}  // namespace demat::pipeline
