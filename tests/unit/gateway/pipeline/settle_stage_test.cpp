#include "gateway/pipeline/settle_stage.hpp"

#include "send_rig.hpp"
#include "tests/support/pes_samples.hpp"

namespace demat::pipeline {
namespace {

using flow::State;
using samples::Verdict;

struct SettleRigBase {
  HandClock clock;
};

class SettleStageTest : protected SettleRigBase, public SendRig {
 protected:
  SettleStageTest() : SendRig(clock) {}

  flow::Flow sent_flow(const std::string& key) {
    const auto flow = ready_flow(key);
    auto sender = stage();
    for (const auto& claimed : claim(1, sender.lease()))
      sender.process(claimed);
    return current(flow.id);
  }
  void import_acquit(const std::string& name, const flow::Flow& flow, Verdict verdict) {
    samples::FlowOutline outline;
    outline.header.nom_fic = flow.nom_fic;
    outline.header.cod_col = flow.cod_col;
    outline.header.id_post = flow.id_post;
    outline.header.cod_bud = flow.cod_bud;
    outline.bordereaux = {{true, "2026", "12", {}}};
    auto writer = store().new_payload().value();
    ASSERT_TRUE(writer->append(samples::acquit(outline, verdict)));
    store::NewReturn item{.destination = DestinationName{"helios"}, .remote_name = name, .kind = "unknown"};
    ASSERT_TRUE(store().import_return(item, writer->finish().value()));
    clock.advance(std::chrono::seconds(1));
  }
};

TEST_F(SettleStageTest, SettlesEveryAnswerOfAPass) {
  const auto first = sent_flow("A");
  const auto second = sent_flow("B");
  ASSERT_EQ(second.state, State::sent);
  import_acquit("ACK_A", first, Verdict::positive);
  import_acquit("ACK_B", second, Verdict::positive);
  SettleStage settler(dependencies());
  EXPECT_FALSE(settler.pass());
  EXPECT_EQ(current(first.id).state, State::acknowledged);
  EXPECT_EQ(current(second.id).state, State::acknowledged);
}

/// The second is judged by what the first one did, though both are of one pass.
TEST_F(SettleStageTest, ASecondAnswerToTheSameFlowIsJudgedAfterTheFirst) {
  const auto flow = sent_flow("A");
  import_acquit("ACK_1", flow, Verdict::positive);
  import_acquit("ACK_2", flow, Verdict::negative);
  import_acquit("ACK_3", flow, Verdict::positive);
  SettleStage settler(dependencies());
  EXPECT_FALSE(settler.pass());
  EXPECT_EQ(current(flow.id).state, State::acknowledged);
  EXPECT_TRUE(has_event(flow.id, "answer.contradiction"));
  EXPECT_TRUE(has_event(flow.id, "answer.duplicate"));
  EXPECT_TRUE(store().unsettled_returns(10).value().empty());
}

}  // namespace
}  // namespace demat::pipeline
