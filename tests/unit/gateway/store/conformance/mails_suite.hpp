#pragma once

#include "gateway/store/mails.hpp"
#include "tests/unit/gateway/store/conformance/actes_suite.hpp"

namespace demat::store::conformance {

/// The fixture of the cases about mails to people.
class MailsSuite : public ActesSuite {
 protected:
  [[nodiscard]] Mails& mails() { return store().mails(); }
  [[nodiscard]] static NewMail about(const FlowId& flow, std::vector<std::string> recipients) {
    return {town,         flow,         "actes_1_2",          "Accusé de réception",
            "Bonjour,\n", "exemple.fr", std::move(recipients)};
  }
  /// An AR for a flow, and what it tells.
  MailSettlement told(const std::string& name, const FlowId& flow, std::vector<std::string> recipients) {
    auto settlement = mail(name);
    settlement.item.flow = flow;
    settlement.effects.push_back(verdict(flow, flow::Verdict::accepted));
    settlement.effects.back().tell = 0;
    settlement.mails.push_back(about(flow, std::move(recipients)));
    return settlement;
  }
  std::vector<OutgoingMail> queued(const std::string& number = "A1") {
    const auto id = sent({number});
    settle(told("ar " + number, id, {"b@exemple.fr", "a@exemple.fr", "a@exemple.fr"}));
    return mails().due(clock.now(), 100).value();
  }
  [[nodiscard]] OutgoingMail now(const MailId& id) { return mails().find(id).value().value(); }
  [[nodiscard]] std::vector<MailState> states() {
    std::vector<MailState> out;
    for (const auto& one : taken(mails().list({}, "", 100)).items)
      out.push_back(one.state);
    return out;
  }
  [[nodiscard]] std::uint64_t count(MailState state) {
    for (const auto& line : taken(mails().counts()))
      if (line.state == state) return line.count;
    return 99;
  }
};

}  // namespace demat::store::conformance
