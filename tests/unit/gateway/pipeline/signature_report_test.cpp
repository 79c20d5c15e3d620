// The report about signatures that is kept with a flow, and flows that arrive without one.

#include "gateway/pipeline/signature_report.hpp"

#include "gateway/pipeline/inspection.hpp"
#include "gateway/store/care.hpp"
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

  void wait(const FlowId& id, const std::vector<trust::Evidence>& evidence = {}) {
    store::Change waiting{.flow = id};
    waiting.wait = store::Change::Wait{Instant{}, "trust.indeterminate"};
    auto change = with_first_report(store(), std::move(waiting), {R"({"verdict":{}})", {}, {}, evidence});
    ASSERT_TRUE(change) << change.error().detail;
    const auto done = store().apply(std::move(*change));
    ASSERT_TRUE(done) << done.error().code << " " << done.error().detail;
  }

  /// What was judged again, with a report of its own.
  void judge(const FlowId& id, const std::vector<trust::Evidence>& evidence) {
    store::Change change{.flow = id};
    change.note = store::Note{"verb.retry", "essai", "essai"};
    ASSERT_TRUE(add_report(store(), change, {R"({"verdict":{}})", {}, {}, evidence}));
    const auto done = store().apply(std::move(change));
    ASSERT_TRUE(done) << done.error().code << " " << done.error().detail;
  }

  [[nodiscard]] std::vector<flow::Document> evidence_of_flow(const FlowId& id) {
    auto documents = store().documents(id).value();
    std::erase_if(documents, [](const auto& one) { return one.role != trust_desk::evidence_role; });
    return documents;
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

/// A list beyond what the store keeps in its rows, and a small response.
std::vector<trust::Evidence> list_and_response() {
  return {trust::evidence_of(trust::EvidenceKind::crl, Bytes(3'000'000, 0x30)),
          trust::evidence_of(trust::EvidenceKind::ocsp, {0x30, 0x00})};
}

TEST_F(SignatureReportTest, EvidenceIsKeptOncePerFlow) {
  const auto flow = ready_flow("A");
  const auto evidence = list_and_response();
  wait(flow.id, evidence);
  judge(flow.id, evidence);
  EXPECT_EQ(reports_of(flow.id).size(), 2U);
  const auto kept = evidence_of_flow(flow.id);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].name, evidence[0].sha256.str() + ".crl");
  EXPECT_EQ(kept[0].media_type, "application/pkix-crl");
  EXPECT_EQ(kept[0].sha256, evidence[0].sha256);
  EXPECT_EQ(kept[1].media_type, "application/ocsp-response");
}

TEST_F(SignatureReportTest, EvidenceIsSharedAndOutlivesAFlow) {
  const auto first = ready_flow("A"), second = ready_flow("B");
  const auto evidence = list_and_response();
  for (const auto& id : {first.id, second.id})
    judge(id, evidence);
  ASSERT_EQ(evidence_of_flow(second.id).size(), 2U);
  store::Change cancel{.flow = first.id};
  cancel.steps.push_back({flow::Trigger::cancel, "{}"});
  ASSERT_TRUE(store().apply(std::move(cancel)));
  store::PurgePlan plan;
  plan.failed_before = clock.now() + std::chrono::hours(1);
  const auto purged = store().care().purge(plan, clock.now() + std::chrono::hours(1), 100);
  ASSERT_TRUE(purged);
  ASSERT_EQ(purged->counts.size(), 1U);
  EXPECT_EQ(purged->counts[0].items, 1U);
  for (const auto& one : evidence) {
    const auto payload = store().open_payload(one.sha256);
    ASSERT_TRUE(payload) << payload.error().code;
    EXPECT_EQ((*payload)->size(), one.bytes->size());
  }
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
