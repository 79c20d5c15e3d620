#include <set>
#include <utility>

#include "gateway/actes/mail_settler.hpp"
#include "protocols/actes/read.hpp"

namespace demat::actes_road {
namespace {

using actes::Code;

flow::AcquitAnomaly anomaly_of(const std::string& nature, const std::string& detail) {
  flow::AcquitAnomaly anomaly;
  const auto code = actes::anomaly_code(detail);
  anomaly.num_ano_ack = code.empty() ? nature : std::string(code);
  anomaly.libelle_ano_ack = detail;
  return anomaly;
}

}  // namespace

Status MailSettler::settle_receipt(const Found& found, store::MailSettlement& settlement) {
  const auto& receipt = std::get<actes::ActeReceipt>(found.message.body);
  const auto on = acte_of(actes::correlation(found.message));
  if (!on) return failure(on.error());
  if (!*on) return not_tied("acte_unknown"), Status{};
  store::ActeEffect effect;
  effect.verdict = flow::Verdict::accepted;
  effect.id_acte = receipt.id;
  effect.received_on = receipt.reception_date;
  effect.event_code = "acte.ar";
  settlement.item.match_rule = (*on)->acte.id_acte == receipt.id ? "id_acte" : "number";
  Candidates confirmed{**on};
  confirmed[0].acte.id_acte = receipt.id;
  if (auto status =
          announce(settlement, (*on)->acte.authority,
                   {.message = found.message.code, .date = receipt.reception_date}, confirmed, effect.tell);
      !status)
    return status;
  return add_effect(settlement, **on, std::move(effect), found.file, "ar");
}

Status MailSettler::settle_acte_anomaly(const Found& found, store::MailSettlement& settlement) {
  const auto& said = std::get<actes::ActeAnomaly>(found.message.body);
  const auto on = acte_of(actes::correlation(found.message));
  if (!on) return failure(on.error());
  if (!*on) return not_tied("acte_unknown"), Status{};
  store::ActeEffect effect;
  effect.verdict = flow::Verdict::rejected;
  effect.event_code = "acte.anomaly";
  effect.anomalies.push_back(anomaly_of(said.nature, said.detail));
  const bool outdated = actes::anomaly_code(said.detail) == actes::outdated_classification;
  classification_outdated_ = classification_outdated_ || outdated;
  settlement.item.match_rule = "number";
  const Told told{.message = found.message.code,
                  .date = said.date,
                  .reason = said.detail,
                  .classification_outdated = outdated};
  if (auto status = announce(settlement, (*on)->acte.authority, told, {**on}, effect.tell); !status)
    return status;
  return add_effect(settlement, **on, std::move(effect), found.file, "anomalie");
}

/// The whole envelope is refused: every message in it (actes 1.2).
Status MailSettler::settle_anomaly(const Sorted& sorted, store::MailSettlement& settlement) {
  settlement.item.kind = "actes_ano";
  const auto name = actes::parse_anomaly_name(sorted.anomaly_file->safe_name);
  authority_ = sorted.anomaly->received.emitter.siren;
  Candidates on;
  // The ministry names the envelope, which lacks the trigramme of the archive.
  std::set<std::string> archives;
  const auto settings = deps_.settings();  // a reload must not take them away in between
  for (const auto& destination : settings->destinations) {
    if (!name || destination.mode != config::LinkMode::prefecture) continue;
    auto archive = *name;
    archive.trigram = destination.prefecture.trigramme;
    archives.insert(actes::archive_name(archive));
  }
  for (const auto& archive : archives) {
    auto found = deps_.store.actes().by_envelope(archive);
    if (!found) return failure(found.error());
    for (auto& one : *found) {
      const bool ours = authority_.empty() || one.acte.authority.str() == authority_;
      // What never left can not have been refused.
      if (ours && one.flow.attempts > 0) on.push_back(std::move(one));
    }
  }
  if (on.empty()) return not_tied("envelope_unknown"), Status{};
  settlement.item.match_rule = "envelope";
  std::optional<std::size_t> tell;
  const Told told{.date = sorted.anomaly->date, .reason = sorted.anomaly->detail};
  if (auto status = announce(settlement, on.front().acte.authority, told, on, tell); !status) return status;
  bool first = true;
  for (const auto& one : on) {
    store::ActeEffect effect;
    effect.tell = tell;
    effect.verdict = flow::Verdict::rejected;
    effect.event_code = "acte.envelope_anomaly";
    effect.anomalies.push_back(anomaly_of(sorted.anomaly->nature, sorted.anomaly->detail));
    const auto* file = std::exchange(first, false) ? sorted.anomaly_file : nullptr;
    if (auto status = add_effect(settlement, one, std::move(effect), file, "anomalie"); !status)
      return status;
  }
  return {};
}

Status MailSettler::settle_answer_receipt(const Found& found, store::MailSettlement& settlement) {
  const auto& said = std::get<actes::AnswerReceipt>(found.message.body);
  const bool pieces = found.message.code == Code::pieces_answer_receipt;
  auto candidates = deps_.store.actes().by_id(said.id);
  if (!candidates) return failure(candidates.error());
  // Among the answers about this acte, those to the letter of that day (actes 3.4).
  if (!said.letter_date.empty()) {
    std::vector<store::ActeOnFlow> same_day;
    for (auto& one : *candidates) {
      if (one.acte.letter.empty()) continue;
      const auto letter = deps_.store.actes().letter(one.acte.letter);
      if (!letter) return failure(letter.error());
      if (*letter && (*letter)->date == said.letter_date) same_day.push_back(std::move(one));
    }
    *candidates = std::move(same_day);
  }
  const auto on = one_of(std::move(candidates), pieces ? std::vector<std::string>{"3-3", "3-4"}
                                                       : std::vector<std::string>{"4-3", "4-4"});
  if (!on) return failure(on.error());
  if (!*on) return not_tied("answer_unknown"), Status{};
  store::ActeEffect effect;
  effect.verdict = flow::Verdict::accepted;
  effect.received_on = said.reception_date;
  effect.event_code = "acte.answer_ar";
  settlement.item.match_rule = "id_acte";
  const Told told{.message = found.message.code, .date = said.reception_date};
  if (auto status = announce(settlement, (*on)->acte.authority, told, {**on}, effect.tell); !status)
    return status;
  return add_effect(settlement, **on, std::move(effect), found.file, "ar");
}

Status MailSettler::settle_annulment(const Found& found, store::MailSettlement& settlement) {
  const auto& said = std::get<actes::Cancellation>(found.message.body);
  const auto request = one_of(deps_.store.actes().by_id(said.id), {"6-1"});
  if (!request) return failure(request.error());
  const auto acte = acte_of(actes::correlation(found.message));
  if (!acte) return failure(acte.error());
  if (!*request || !*acte) return not_tied("annulment_unknown"), Status{};
  store::ActeEffect on_acte;
  on_acte.annulled_on = said.reception_date.empty() ? paris_date(deps_.clock.now()) : said.reception_date;
  on_acte.event_code = "acte.annulled";
  if (auto status = add_effect(settlement, **acte, std::move(on_acte), nullptr, {}); !status) return status;
  store::ActeEffect effect;
  effect.verdict = flow::Verdict::accepted;
  effect.received_on = said.reception_date;
  effect.event_code = "acte.annulment_ar";
  settlement.item.match_rule = "id_acte";
  const Told told{.message = found.message.code, .date = said.reception_date};
  if (auto status = announce(settlement, (*acte)->acte.authority, told, {**acte}, effect.tell); !status)
    return status;
  return add_effect(settlement, **request, std::move(effect), found.file, "ar");
}

}  // namespace demat::actes_road
