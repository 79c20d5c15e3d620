#include "gateway/pipeline/settle_stage.hpp"

#include "gateway/pipeline/answer_settler.hpp"
#include "gateway/pipeline/orphans.hpp"
#include "gateway/store/returns.hpp"
#include "passing_store.hpp"
#include "send_rig.hpp"
#include "tests/support/invented.hpp"
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

/// Lets somebody in between what a decision rests on and its own transaction, once.
class Interrupted final : public PassingStore {
 public:
  Interrupted(store::Store& behind, std::function<void()> meanwhile)
      : PassingStore(behind), meanwhile_(std::move(meanwhile)) {}
  Status settle_return(store::Settlement settlement) override {
    come_in();
    return PassingStore::settle_return(std::move(settlement));
  }
  std::vector<Status> settle_returns(std::vector<store::Settlement> settlements) override {
    come_in();
    return PassingStore::settle_returns(std::move(settlements));
  }

 private:
  void come_in() {
    if (auto meanwhile = std::exchange(meanwhile_, nullptr)) meanwhile();
  }
  std::function<void()> meanwhile_;
};

class SettleRaceTest : public SettleStageTest {
 protected:
  SettleRaceTest() { EXPECT_TRUE(store().put_authority({siren, "Ville", {siret}, true}, "test")); }

  flow::Return imported_retour(const std::string& name) {
    samples::SampleHeader header;
    header.id_coll = siret.str();
    const auto flow = samples::depense(header);
    auto writer = store().new_payload().value();
    EXPECT_TRUE(writer->append(samples::retour(*samples::outline_of(MemorySource(flow)), true, name)));
    store::NewReturn item{.destination = DestinationName{"helios"}, .remote_name = name, .kind = "unknown"};
    return store().import_return(item, writer->finish().value()).value();
  }
  flow::Return found(const ReturnId& id) { return store().find_return(id).value().value(); }
  void settle_while(const flow::Return& item, std::function<void()> meanwhile) {
    Interrupted interrupted(store(), std::move(meanwhile));
    AnswerSettler settler(interrupted, dependencies().recorder);
    const auto statuses = settler.settle_all({item});
    ASSERT_EQ(statuses.size(), 1U);
    EXPECT_TRUE(statuses[0]) << statuses[0].error().code;
  }

  const Siret siret{samples::sample_siret(0)};
  const AuthorityId siren{samples::sample_siret(0).substr(0, 9)};
};

/// The look at all orphans of the SIRET comes too early for it: nobody would look at it again.
TEST_F(SettleRaceTest, ASiretUnblockedDuringTheLookLeavesNoReturnBehind) {
  ASSERT_TRUE(store().returns().block(siret, "fusion", "op"));
  const auto item = imported_retour("R1");
  settle_while(item, [&] {
    EXPECT_TRUE(store().returns().unblock(siret, "fini", "op"));
    Orphans orphans(store(), dependencies().recorder);
    EXPECT_EQ(orphans.reanalyse_siret(siret, {"op", "fini"}, 10).value().looked_at, 0U);
  });
  EXPECT_EQ(found(item.id).state, flow::ReturnState::available);
  EXPECT_EQ(found(item.id).authority, siren);
}

TEST_F(SettleRaceTest, ASiretBlockedDuringTheLookKeepsTheReturn) {
  const auto item = imported_retour("R1");
  settle_while(item, [&] { EXPECT_TRUE(store().returns().block(siret, "fusion", "op")); });
  EXPECT_EQ(found(item.id).state, flow::ReturnState::orphan);
  EXPECT_EQ(found(item.id).match_rule, "siret_blocked");
}

TEST_F(SettleRaceTest, ASiretRegisteredDuringTheLookHasItsReturn) {
  ASSERT_TRUE(store().put_authority({siren, "Ville", {}, true}, "test"));
  const auto item = imported_retour("R1");
  settle_while(item, [&] { EXPECT_TRUE(store().put_authority({siren, "Ville", {siret}, true}, "op")); });
  EXPECT_EQ(found(item.id).state, flow::ReturnState::available);
}

TEST_F(SettleRaceTest, APersonsLookIsTakenAgainToo) {
  ASSERT_TRUE(store().returns().block(siret, "fusion", "op"));
  const auto item = imported_retour("R1");
  settle_while(item, {});
  ASSERT_EQ(found(item.id).state, flow::ReturnState::orphan);
  Interrupted interrupted(store(), [&] { EXPECT_TRUE(store().returns().unblock(siret, "fini", "op")); });
  Orphans orphans(interrupted, dependencies().recorder);
  EXPECT_EQ(orphans.reanalyse(item.id, {"op", "fini"}).value().state, flow::ReturnState::available);
}

/// Without another look the answer would lie aside, with an alarm, though nothing is wrong with it.
TEST_F(SettleRaceTest, AFlowAnsweredDuringTheLookIsJudgedAsItIsNow) {
  const auto flow = sent_flow("A");
  import_acquit("ACK_1", flow, Verdict::positive);
  import_acquit("ACK_2", flow, Verdict::negative);
  const auto items = store().unsettled_returns(10).value();
  ASSERT_EQ(items.size(), 2U);
  settle_while(items[1],
               [&] { EXPECT_TRUE(AnswerSettler(store(), dependencies().recorder).settle(items[0])); });
  EXPECT_EQ(current(flow.id).state, State::acknowledged);
  EXPECT_TRUE(has_event(flow.id, "answer.contradiction"));
  EXPECT_EQ(found(items[1].id).state, flow::ReturnState::matched);
}

}  // namespace
}  // namespace demat::pipeline
