#pragma once

#include "gateway/store/history.hpp"
#include "gateway/store/marches.hpp"
#include "tests/unit/gateway/store/conformance/care_suite.hpp"

namespace demat::store::conformance {

/// The fixture of the cases about History and Marches.
class HistorySuite : public CareSuite {
 protected:
  static flow::Flow in_budget(flow::Flow flow) {
    flow.id_post = "034001";
    flow.cod_col = "123";
    flow.cod_bud = "00";
    return flow;
  }
  static std::string bordereau(const std::string& numero, const std::string& domaine = "depense") {
    return flow::bordereau_key({domaine, "2026", "01", numero}, in_budget({}));
  }
  static flow::Numbers pj(const std::string& id) {
    return {.numbers = {{flow::NumberKind::pj, id, {}}}, .marches = {}};
  }
  static flow::Numbers some() {
    return {.numbers = {{flow::NumberKind::pj, "PJ1", {}},
                        {flow::NumberKind::bordereau, bordereau("7"), {}},
                        {flow::NumberKind::bordereau, bordereau("7", "recette"), {}},
                        {flow::NumberKind::signed_, "digest", {}}},
            .marches = {}};
  }
  /// The checks accept it.
  Result<flow::Flow> record(const FlowId& id, const flow::Numbers& numbers,
                            std::vector<flow::NumberTaken> known = {}) {
    Change change{.flow = id};
    change.steps = {{.trigger = flow::Trigger::pass_checks}, {.trigger = flow::Trigger::make_ready}};
    change.destination = DestinationName{"helios"};
    change.recorded = Recorded{numbers, std::move(known)};
    return store().apply(std::move(change));
  }
  flow::Flow recorded(const std::string& key, const flow::Numbers& numbers) {
    const auto id = accept_new(key, "<" + key + "/>").id;
    const auto done = record(id, numbers);
    EXPECT_TRUE(done) << done.error().code;
    return current(id);
  }
  std::vector<FlowId> earlier(const flow::Flow& flow, const flow::Numbers& numbers) {
    const auto taken = store().history().taken(flow, numbers);
    EXPECT_TRUE(taken) << taken.error().detail;
    std::vector<FlowId> out;
    if (taken)
      for (const auto& one : *taken)
        out.push_back(one.flow);
    return out;
  }
  void send(const FlowId& id) {
    const auto claim = claim_one({flow::State::ready});
    ASSERT_EQ(claim.flow.id, id);
    Change change{.flow = id, .lease = claim.lease, .keep_lease = true};
    change.steps = {{.trigger = flow::Trigger::begin_send}};
    change.open_attempt = OpenAttempt{DestinationName{"helios"}, "PES_1.xml"};
    ASSERT_TRUE(store().apply(std::move(change)));
    step(id, flow::Trigger::finish_send);
  }
  void answer(const flow::Flow& flow, flow::Trigger trigger, std::vector<flow::AnsweredPart> parts) {
    Settlement s;
    s.item = import("ACK_" + flow.id.str(), "<ack/>");
    s.item.kind = "acquit_v2";
    s.item.state = flow::ReturnState::matched;
    s.item.flow = flow.id;
    s.trigger = trigger;
    s.parts = std::move(parts);
    ASSERT_TRUE(store().settle_return(std::move(s)));
  }
  std::vector<FlowId> before(const FlowId& id) {
    std::vector<FlowId> out;
    const auto all = store().marches().standing(id).value();
    for (const auto& standing : all)
      for (const auto& row : standing.before)
        out.push_back(row.flow);
    return out;
  }
  flow::MarcheState state_of(const FlowId& id, std::size_t place = 0) {
    return store().marches().standing(id).value().at(place).record.state;
  }
  /// Claims the flow and has it wait for another one.
  void wait_for(const FlowId& id, const FlowId& awaited) {
    const auto claim = claim_one({flow::State::ready});
    ASSERT_EQ(claim.flow.id, id);
    Change change{.flow = id, .lease = claim.lease};
    change.wait = Change::Wait{clock.now() + std::chrono::hours(1), std::string(flow::awaits_predecessor),
                               "{}", awaited};
    ASSERT_TRUE(store().apply(std::move(change)));
  }
  bool is_due(const FlowId& id) {
    const auto at = current(id).next_attempt_at;
    return !at || *at <= clock.now();
  }
  FlowId accept_of(const std::string& authority, const std::string& key) {
    auto outcome = store().accept(wanted(key, authority), stage("<" + key + "/>"));
    if (!outcome) throw std::runtime_error("accept failed: " + outcome.error().code);
    return std::get<DurableReceipt>(*outcome).flow().id;
  }
};

}  // namespace demat::store::conformance
