#pragma once

#include "gateway/store/care.hpp"
#include "tests/unit/gateway/store/conformance/suite.hpp"

namespace demat::store::conformance {

/// The fixture of the cases about Care.
class CareSuite : public StoreSuite {
 protected:
  Care& care() { return store().care(); }
  /// A flow that was sent and answered, with its acquit attached.
  FlowId acknowledged(const std::string& key, const std::string& acquit = "<ack/>") {
    const auto claim = sending_flow(key);
    step(claim.flow.id, flow::Trigger::finish_send);
    Settlement s;
    s.item = import("ACK_" + key, acquit);
    s.item.kind = "acquit_v2";
    s.item.state = flow::ReturnState::matched;
    s.item.flow = claim.flow.id;
    s.trigger = flow::Trigger::acknowledge;
    s.attach_document = true;
    EXPECT_TRUE(store().settle_return(std::move(s)));
    return claim.flow.id;
  }
  ReturnId with_state(const std::string& name, flow::ReturnState state, bool read) {
    auto item = import(name, "<r>" + name + "</r>");
    Settlement s;
    s.item = item;
    s.item.kind = "retour";
    s.item.state = state;
    s.item.authority = AuthorityId{"123456782"};
    s.item.read = read;
    EXPECT_TRUE(store().settle_return(std::move(s)));
    return item.id;
  }
  bool readable(const Sha256& name) { return store().open_payload(name).has_value(); }
  std::uint64_t purge_all(const PurgePlan& plan, std::size_t limit = 100) {
    std::uint64_t items = 0;
    for (bool more = true; more;) {
      const auto report = care().purge(plan, clock.now(), limit);
      EXPECT_TRUE(report) << report.error().detail;
      if (!report) return items;
      for (const auto& line : report->counts)
        items += line.items;
      more = report->more;
    }
    return items;
  }
};

}  // namespace demat::store::conformance
