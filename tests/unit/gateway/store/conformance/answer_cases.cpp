#include <map>

#include "tests/unit/gateway/store/conformance/suite.hpp"

// Files of the State: import, matching candidates, settlement, marks.

namespace demat::store::conformance {
namespace {

using flow::AttemptOutcome;
using flow::ReturnState;
using flow::State;
using flow::Trigger;
using std::chrono::seconds;

Settlement acquit(flow::Return item, const FlowId& flow, std::optional<Trigger> trigger) {
  Settlement s;
  s.item = std::move(item);
  s.item.kind = "acquit_v2";
  s.item.state = ReturnState::matched;
  s.item.flow = flow;
  s.item.match_rule = "nomfic";
  s.item.summary = R"({"etat":"KO"})";
  s.trigger = trigger;
  if (!trigger) s.event_code = "answer.duplicate";
  s.attach_document = true;
  return s;
}

flow::AcquitAnomaly anomaly(const std::string& code) {
  flow::AcquitAnomaly a;
  a.domaine = "Depense";
  a.bordereau = "12";
  a.piece = "3";
  a.ligne = "1";
  a.num_ano_ack = code;
  a.libelle_ano_ack = "libellé " + code;
  return a;
}

TEST_P(StoreSuite, ImportingTheSameFileTwiceGivesTheFirstRow) {
  const auto first = import("ACK_1.xml", "<ack/>");
  EXPECT_EQ(first.state, ReturnState::imported);
  host->reopen();
  EXPECT_EQ(import("ACK_1.xml", "<ack/>").id, first.id);
  EXPECT_NE(import("ACK_1.xml", "<other/>").id, first.id);
  EXPECT_NE(import("ACK_2.xml", "<ack/>").id, first.id);
  EXPECT_EQ(store().unsettled_returns(10).value().size(), 3U);
  EXPECT_EQ(store().unsettled_returns(2).value().size(), 2U);
  EXPECT_EQ(content_of(**store().open_payload(first.sha256)), "<ack/>");
}

TEST_P(StoreSuite, AKnownReturnIsKnownByNameSizeAndTime) {
  NewReturn item;
  item.destination = DestinationName{"helios"};
  item.remote_name = "A";
  item.remote_time = clock.now();
  ASSERT_TRUE(store().import_return(item, stage("12345")));
  const DestinationName helios{"helios"};
  EXPECT_TRUE(store().return_known(helios, "A", 5, clock.now()).value());
  EXPECT_FALSE(store().return_known(helios, "A", 6, clock.now()).value());
  EXPECT_FALSE(store().return_known(helios, "A", 5, clock.now() + seconds(1)).value());
  EXPECT_FALSE(store().return_known(helios, "A", 5, std::nullopt).value());
  EXPECT_FALSE(store().return_known(DestinationName{"other"}, "A", 5, clock.now()).value());
}

TEST_P(StoreSuite, SeveralReturnsAreImportedTogether) {
  const auto first = import("ACK_1.xml", "<ack/>");
  NewReturn item;
  item.destination = DestinationName{"helios"};
  item.kind = "unknown";
  item.received_at = clock.now();
  std::vector<ReturnImport> imports;
  for (const auto& [name, bytes] :
       std::map<std::string, std::string>{{"ACK_1.xml", "<ack/>"}, {"ACK_2.xml", "<two/>"}}) {
    item.remote_name = name;
    imports.push_back({item, stage(bytes)});
  }
  const auto done = store().import_returns(imports);
  ASSERT_EQ(done.size(), 2U);
  EXPECT_EQ(done[0].value().id, first.id);
  host->reopen();
  EXPECT_EQ(store().find_return(done[1].value().id).value()->remote_name, "ACK_2.xml");
  EXPECT_EQ(store().unsettled_returns(10).value().size(), 2U);
}

TEST_P(StoreSuite, CandidatesAreThoseThatMayBeAnswered) {
  const auto claim = sending_flow("K1");
  ready_flow("ready");
  EXPECT_TRUE(store().acquit_candidates(NomFic{"ready"}).value().empty());
  EXPECT_EQ(store().acquit_candidates(NomFic{"K1"}).value().at(0).id, claim.flow.id);
  step(claim.flow.id, Trigger::lose_send);
  EXPECT_EQ(store().acquit_candidates(NomFic{"K1"}).value().at(0).state, State::uncertain);
  step(claim.flow.id, Trigger::reject);
  EXPECT_EQ(store().acquit_candidates(NomFic{"K1"}).value().size(), 1U);
  EXPECT_TRUE(store().acquit_candidates(NomFic{"unknown"}).value().empty());
}

TEST_P(StoreSuite, AnAcquitDecidesItsFlowInOneTransaction) {
  const auto claim = sending_flow("K1");
  auto settlement = acquit(import("ACK_1.xml", "<ack/>"), claim.flow.id, Trigger::acknowledge_partly);
  settlement.event_detail = R"({"anomalies":2})";
  settlement.anomalies = {anomaly("A1"), anomaly("A2")};
  ASSERT_TRUE(store().settle_return(settlement));
  EXPECT_EQ(current(claim.flow.id).state, State::partly_rejected);
  // The send was still open: it is over, and its worker has lost the flow.
  EXPECT_EQ(store().attempts(claim.flow.id).value().at(0).outcome, AttemptOutcome::sent);
  Change late;
  late.flow = claim.flow.id;
  late.lease = claim.lease;
  late.steps = {{.trigger = Trigger::finish_send}};
  EXPECT_EQ(store().apply(std::move(late)).error().code, "store.stale_lease");
  const auto documents = store().documents(claim.flow.id).value();
  ASSERT_EQ(documents.size(), 2U);
  EXPECT_EQ(documents[1].role, "acquit");
  EXPECT_EQ(documents[1].name, "ACK_1.xml");
  const auto anomalies = store().anomalies(claim.flow.id).value();
  ASSERT_EQ(anomalies.size(), 2U);
  EXPECT_EQ(anomalies[0].num_ano_ack, "A1");
  EXPECT_EQ(anomalies[1].libelle_ano_ack, "libellé A2");
  const auto event = store().events(claim.flow.id).value().back();
  EXPECT_EQ(event.code, "acknowledge_partly");
  EXPECT_EQ(event.detail, R"({"anomalies":2})");
  const auto item = store().find_return(settlement.item.id).value();
  ASSERT_TRUE(item);
  EXPECT_EQ(item->state, ReturnState::matched);
  EXPECT_EQ(item->match_rule, "nomfic");
  EXPECT_TRUE(store().unsettled_returns(10).value().empty());
}

TEST_P(StoreSuite, AnAcquitBeforeTheOutcomeLosesNothingOfTheSend) {
  const auto claim = sending_flow("K1");
  ASSERT_TRUE(
      store().settle_return(acquit(import("ACK_1.xml", "<ack/>"), claim.flow.id, Trigger::acknowledge)));
  EXPECT_EQ(current(claim.flow.id).sent_at, clock.now());
  Change late;
  late.flow = claim.flow.id;
  late.expected = State::acknowledged;
  late.note = Note{.code = "send.late_outcome"};
  late.complete_attempt = CompleteAttempt{1, AttemptOutcome::sent, "", "226 done"};
  ASSERT_TRUE(store().apply(std::move(late)));
  const auto attempt = store().attempts(claim.flow.id).value().at(0);
  EXPECT_EQ(attempt.outcome, AttemptOutcome::sent);
  EXPECT_EQ(attempt.transcript, "226 done");
}

TEST_P(StoreSuite, ASecondAcquitIsKeptBesideTheFirst) {
  const auto claim = sending_flow("K1");
  auto first = acquit(import("ACK_1.xml", "<ack1/>"), claim.flow.id, Trigger::reject);
  first.anomalies = {anomaly("A1")};
  ASSERT_TRUE(store().settle_return(first));
  auto second = acquit(import("ACK_2.xml", "<ack2/>"), claim.flow.id, std::nullopt);
  second.anomalies = {anomaly("B1"), anomaly("B2")};
  ASSERT_TRUE(store().settle_return(second));
  EXPECT_EQ(current(claim.flow.id).state, State::rejected);
  EXPECT_EQ(store().documents(claim.flow.id).value().size(), 3U);
  EXPECT_EQ(store().events(claim.flow.id).value().back().code, "answer.duplicate");
  const auto anomalies = store().anomalies(claim.flow.id).value();
  ASSERT_EQ(anomalies.size(), 1U);
  EXPECT_EQ(anomalies[0].num_ano_ack, "A1");
}

TEST_P(StoreSuite, AnIllegalAnswerLeavesTheReturnUnsettled) {
  const auto f = ready_flow("K1");
  const auto settlement = acquit(import("ACK_1.xml", "<ack/>"), f.id, Trigger::acknowledge);
  EXPECT_EQ(store().settle_return(settlement).error().code, "store.illegal_transition");
  EXPECT_EQ(store().unsettled_returns(10).value().size(), 1U);
  EXPECT_EQ(store().documents(f.id).value().size(), 1U);
  EXPECT_EQ(current(f.id).state, State::ready);
}

TEST_P(StoreSuite, AnUncertainFlowIsResolvedByItsAcquit) {
  const auto claim = sending_flow("K1");
  step(claim.flow.id, Trigger::lose_send);
  ASSERT_TRUE(
      store().settle_return(acquit(import("ACK_1.xml", "<ack/>"), claim.flow.id, Trigger::acknowledge)));
  EXPECT_EQ(current(claim.flow.id).state, State::acknowledged);
}

TEST_P(StoreSuite, OrphansBelongToNobody) {
  Settlement s;
  s.item = import("X.xml", "<x/>");
  s.item.state = ReturnState::orphan;
  s.item.match_rule = "none";
  ASSERT_TRUE(store().settle_return(s));
  ReturnFilter filter;
  filter.states = {ReturnState::orphan};
  EXPECT_EQ(store().list_returns(filter, "", 10).value().items.size(), 1U);
  filter.authority = AuthorityId{"123456782"};
  EXPECT_TRUE(store().list_returns(filter, "", 10).value().items.empty());
}

TEST_P(StoreSuite, ReturnsAreListedFilteredAndMarked) {
  for (int i = 0; i < 5; ++i) {
    Settlement s;
    s.item = import("R" + std::to_string(i), "<r" + std::to_string(i) + "/>");
    s.item.kind = i % 2 == 0 ? "retour" : "ocre";
    s.item.state = ReturnState::available;
    s.item.authority = AuthorityId{"123456782"};
    ASSERT_TRUE(store().settle_return(s));
    clock.advance(seconds(1));
  }
  ReturnFilter filter;
  filter.authority = AuthorityId{"123456782"};
  filter.kind = "retour";
  const auto first = store().list_returns(filter, "", 2).value();
  ASSERT_EQ(first.items.size(), 2U);
  EXPECT_EQ(first.items[0].remote_name, "R4");
  const auto second = store().list_returns(filter, first.next, 2).value();
  ASSERT_EQ(second.items.size(), 1U);
  EXPECT_EQ(second.items[0].remote_name, "R0");
  EXPECT_EQ(second.next, "");
  ASSERT_TRUE(store().mark_return_read(first.items[0].id, true, "anne"));
  filter.read = true;
  EXPECT_EQ(store().list_returns(filter, "", 10).value().items.size(), 1U);
  filter.read = false;
  EXPECT_EQ(store().list_returns(filter, "", 10).value().items.size(), 2U);
  EXPECT_EQ(store().mark_return_read(ReturnId{"nope"}, true, "anne").error().code, "store.not_found");
  EXPECT_EQ(store().find_return(ReturnId{"nope"}).value().has_value(), false);
}

}  // namespace
}  // namespace demat::store::conformance
