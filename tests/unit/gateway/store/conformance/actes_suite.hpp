#pragma once

#include "gateway/store/actes.hpp"
#include "tests/unit/gateway/store/conformance/suite.hpp"

namespace demat::store::conformance {

/// The value of a temporary Result, for a loop over it.
template <class T>
[[nodiscard]] T taken(Result<T> result) {
  return std::move(result.value());
}

/// The fixture of the cases about ACTES.
class ActesSuite : public StoreSuite {
 protected:
  static inline const AuthorityId town{"123456782"};

  void SetUp() override {
    StoreSuite::SetUp();
    flow::Authority authority;
    authority.siren = town;
    authority.name = "Ville";
    ASSERT_TRUE(store().put_authority(authority, "tester"));
  }
  [[nodiscard]] Actes& actes() { return store().actes(); }

  [[nodiscard]] static flow::Acte acte(const std::string& number, const std::string& message = "1-1") {
    flow::Acte out;
    out.authority = town;
    out.message = message;
    out.number = number;
    out.nature = "1";
    out.decision_date = "2026-01-15";
    out.matieres = "7.1";
    out.objet = "Budget " + number;
    out.id_acte = id_of(number);
    return out;
  }
  [[nodiscard]] static std::string id_of(const std::string& number) {
    return "034-123456782-20260115-" + number + "-DE";
  }
  [[nodiscard]] NewDocument file(const std::string& role, const std::string& bytes) {
    return {role, bytes + ".pdf", "application/pdf", stage(bytes)};
  }
  /// An envelope of those numbers, with a file each.
  [[nodiscard]] NewFlow envelope(const std::vector<std::string>& numbers) {
    NewFlow item;
    item.flow.protocol = flow::actes_protocol;
    item.flow.authority = town;
    item.flow.business_key = numbers.front();
    item.flow.nom_fic = NomFic{numbers.front()};
    item.flow.typ_fic = "1-1";
    item.actor = "tester";
    item.media_type = "application/json";
    for (const auto& number : numbers) {
      item.documents.push_back(file("acte", "%PDF " + number));
      item.actes.push_back(acte(number));
    }
    return item;
  }
  flow::Flow accept(NewFlow item, const std::string& manifest) {
    auto outcome = store().accept(std::move(item), stage(manifest));
    if (!outcome) throw std::runtime_error("accept failed: " + outcome.error().code);
    return std::get<DurableReceipt>(*outcome).flow();
  }
  /// Sent, and waiting for its answer.
  FlowId sent(const std::vector<std::string>& numbers) {
    const auto id = sending(numbers);
    step(id, flow::Trigger::finish_send);
    return id;
  }
  FlowId sending(const std::vector<std::string>& numbers) {
    const auto id = accept(envelope(numbers), "{" + numbers.front() + "}").id;
    send(id, "SLO-EACT--123456782--20260115-" + numbers.front() + ".tar.gz");
    return id;
  }
  void send(const FlowId& id, const std::string& archive) {
    Change ready;
    ready.flow = id;
    ready.steps = {{.trigger = flow::Trigger::pass_checks}, {.trigger = flow::Trigger::make_ready}};
    ready.packaged = Packaged{archive, "2025-12-01"};
    ASSERT_TRUE(store().apply(std::move(ready)));
    Change send;
    send.flow = id;
    send.steps = {{.trigger = flow::Trigger::begin_send}};
    send.open_attempt = OpenAttempt{DestinationName{"prefecture"}, archive};
    ASSERT_TRUE(store().apply(std::move(send)));
  }
  [[nodiscard]] MailSettlement mail(const std::string& name) {
    MailSettlement out;
    out.item = import(name, "mail " + name);
    out.item.state = flow::ReturnState::matched;
    out.item.kind = "actes_1_2";
    out.item.authority = town;
    out.message_id = name + "@interieur.example";
    out.content_mark = name;
    return out;
  }
  [[nodiscard]] ActeEffect verdict(const FlowId& flow, flow::Verdict verdict, std::uint32_t place = 1) {
    ActeEffect effect;
    effect.flow = flow;
    effect.place = place;
    effect.verdict = verdict;
    effect.received_on = verdict == flow::Verdict::accepted ? "2026-01-16" : "";
    effect.event_code = verdict == flow::Verdict::accepted ? "acte.ar" : "acte.anomaly";
    if (verdict == flow::Verdict::rejected) {
      effect.anomalies.emplace_back();
      effect.anomalies.back().num_ano_ack = "ANO-" + std::to_string(place);
    }
    return effect;
  }
  MailOutcome settle(MailSettlement settlement) {
    auto done = actes().settle(std::move(settlement));
    if (!done) throw std::runtime_error("settle failed: " + done.error().code + " " + done.error().detail);
    return *done;
  }
  MailOutcome answer(const std::string& name, const FlowId& flow, flow::Verdict said,
                     std::uint32_t place = 1) {
    auto settlement = mail(name);
    settlement.item.flow = flow;
    settlement.effects.push_back(verdict(flow, said, place));
    return settle(std::move(settlement));
  }
  /// A 3-1 about the acte, with its automatic 3-2.
  [[nodiscard]] NewLetter pieces_request(const FlowId& flow, const std::string& text = "plan") {
    NewLetter out;
    out.letter.authority = town;
    out.letter.acte = flow;
    out.letter.message = "3-1";
    out.letter.id_acte = id_of("A1");
    out.letter.date = "2026-02-01";
    out.letter.text = text;
    out.documents.push_back(file("lettre", "<3-1>" + text));
    out.documents.push_back(file("lettre", "%PDF " + text));
    NewFlow receipt;
    receipt.flow.protocol = flow::actes_protocol;
    receipt.flow.authority = town;
    receipt.flow.typ_fic = "3-2";
    receipt.actor = "gateway";
    receipt.actes.push_back(acte("A1", "3-2"));
    out.receipt.emplace(NewLetter::Receipt{std::move(receipt), stage("{3-2 " + text + "}")});
    return out;
  }
  MailOutcome letter(const std::string& name, const FlowId& flow, const std::string& text = "plan") {
    auto settlement = mail(name);
    settlement.item.flow = flow;
    settlement.letters.push_back(pieces_request(flow, text));
    return settle(std::move(settlement));
  }
  /// The flow of an answer (3-4) to that letter.
  FlowId answer_letter(const LetterId& letter) {
    NewFlow item;
    item.flow.protocol = flow::actes_protocol;
    item.flow.authority = town;
    item.flow.business_key = "3-answer:" + letter.str();
    item.actes.push_back(acte("A1", "3-4"));
    item.actes.back().letter = letter;
    return accept(std::move(item), "{3-4 " + letter.str() + std::to_string(++answers_) + "}").id;
  }
  [[nodiscard]] flow::Letter letter_now(const LetterId& id) { return actes().letter(id).value().value(); }
  [[nodiscard]] std::vector<std::string> codes_of(const FlowId& id) {
    std::vector<std::string> out;
    for (const auto& event : taken(store().events(id)))
      out.push_back(event.code);
    return out;
  }

  // --- deadlines
  /// As gateway/actes makes them of the usual settings: 4 h, 30 days, 30 days, no 2-1.
  [[nodiscard]] ActeLimits limits(const std::string& control_until = "") const {
    const auto now = clock.now();
    return {.ar_before = now - std::chrono::hours(4),
            .silence_before = now - std::chrono::hours(30 * 24),
            .letter_before = now - std::chrono::hours(30 * 24),
            .simple_letter_before = {},
            .letter_since = now - std::chrono::hours(62 * 24),
            .control_until = control_until};
  }
  [[nodiscard]] std::vector<std::uint64_t> counts() {
    std::vector<std::uint64_t> out;
    for (const auto& one : taken(actes().overdue(limits())))
      out.push_back(one.count);
    return out;
  }
  std::vector<std::string> told(const std::string& control_until = "", std::size_t most = 100) {
    std::vector<std::string> out;
    for (const auto& one : taken(actes().tell_deadlines(limits(control_until), most)))
      out.push_back(one.code);
    return out;
  }
  [[nodiscard]] std::vector<std::string> late() {
    std::vector<std::string> out;
    for (const auto& one : taken(actes().list({.overdue = limits()}, "", 50)).items)
      out.push_back(one.acte.number);
    return out;
  }

 private:
  int answers_ = 0;
};

}  // namespace demat::store::conformance
