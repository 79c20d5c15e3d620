#include "gateway/actes/mail_settler.hpp"

#include <algorithm>

#include "gateway/actes/mail_sorting.hpp"
#include "gateway/base/crash_point.hpp"
#include "protocols/base/digest.hpp"

namespace demat::actes_road {
namespace {

using actes::Code;
using flow::ReturnState;

/// Tells two mails with the same Message-ID apart: what they carry, whatever wrote their headers.
std::string mark_of(const mail::Message& mail) {
  Digester digest(Digester::Algorithm::sha256);
  for (const auto& file : mail.attachments) {
    digest.update(file.name);
    digest.update(std::string_view("\0", 1));
    digest.update(file.sha256.str());
  }
  for (const auto& body : mail.bodies)
    digest.update(body.text);
  return hex(digest.finish());
}

}  // namespace

void MailSettler::not_tied(std::string rule) {
  if (untied_.empty()) untied_ = std::move(rule);
}

Result<bool> MailSettler::seen_before(const flow::Return& item, const mail::Message& mail,
                                      store::MailSettlement& settlement) const {
  settlement.content_mark = mark_of(mail);
  if (!mail.message_id) return false;
  settlement.message_id = *mail.message_id;
  const auto seen = deps_.store.actes().seen(*mail.message_id);
  if (!seen) return failure(seen.error());
  return seen->has_value() && (*seen)->item != item.id && (*seen)->content_mark == settlement.content_mark;
}

Status MailSettler::settle(const flow::Return& item) {
  const auto payload = deps_.store.open_payload(item.sha256);
  if (!payload) return failure(payload.error());
  store::MailSettlement settlement;
  settlement.item = item;
  auto mail = mail::decode(**payload);
  if (!mail) {
    if (mail.error().outlook == Outlook::waiting) return failure(mail.error());
    not_tied("undecodable:" + mail.error().code);
    return finish(std::move(settlement));
  }
  mail_ = *payload;
  if (auto completed = complete_xml(*mail, *mail_); !completed) return completed;
  const auto repeated = seen_before(item, *mail, settlement);
  if (!repeated) return failure(repeated.error());
  if (*repeated || is_multi_canal_notice(*mail)) {
    settlement.item.kind = *repeated ? "actes_mail" : "actes_notice";
    settlement.item.state = ReturnState::ignored;
    settlement.item.match_rule = *repeated ? "same_message" : "multi_canal";
    return finish(std::move(settlement));
  }
  const auto sorted = sort(*mail);
  if (sorted.envelope) authority_ = sorted.envelope->recipient;
  if (sorted.anomaly)
    if (auto status = settle_anomaly(sorted, settlement); !status) return status;
  for (const auto& found : sorted.messages)
    if (auto status = settle_message(found, sorted, *mail, settlement); !status) return status;
  if (!sorted.anomaly && sorted.messages.empty())
    not_tied(sorted.unread.empty() ? "no_message" : "unreadable:" + sorted.unread);
  else if (!sorted.broken.empty())
    not_tied("unreadable:" + sorted.broken);
  return finish(std::move(settlement));
}

Status MailSettler::settle_message(const Found& found, const Sorted& sorted, const mail::Message& mail,
                                   store::MailSettlement& settlement) {
  settlement.item.kind = "actes_" + std::string(actes::info(found.message.code).number);
  std::replace(settlement.item.kind.begin(), settlement.item.kind.end(), '-', '_');
  switch (found.message.code) {
    case Code::acte_receipt:
      return settle_receipt(found, settlement);
    case Code::acte_anomaly:
      return settle_acte_anomaly(found, settlement);
    case Code::pieces_answer_receipt:
    case Code::observations_answer_receipt:
      return settle_answer_receipt(found, settlement);
    case Code::cancellation_receipt:
      return settle_annulment(found, settlement);
    case Code::letter:
    case Code::pieces_request:
    case Code::observations:
    case Code::referral:
      return settle_letter(found, sorted, mail, settlement);
    case Code::classification:
    case Code::classification_unchanged:
      return settle_classification(found, settlement);
    default:
      // A message that goes the other way: an echo, or somebody's mistake.
      not_tied("wrong_direction");
      return {};
  }
}

Status MailSettler::finish(store::MailSettlement settlement) {
  auto& item = settlement.item;
  settlement.actor = hand_.actor;
  settlement.reason = hand_.reason;
  settlement.expected = hand_.expected;
  if (!untied_.empty()) {
    // What could be tied is tied all the same; the mail stays before an operator's eyes.
    item.state = ReturnState::orphan;
    item.match_rule = untied_;
  } else if (item.state != ReturnState::ignored &&
             (item.state != ReturnState::available || !item.flow.empty())) {
    item.state = ReturnState::matched;
  }
  if (hand_.person() && settlement.effects.empty() && settlement.letters.empty())
    settlement.event_code = "orphan.reanalysed";
  const flow::Return noted = item;
  crash_point("before_settle");
  const auto outcome = deps_.store.actes().settle(std::move(settlement));
  if (!outcome) return failure(outcome.error());
  crash_point("after_settle");
  tell(noted, *outcome);
  return {};
}

void MailSettler::tell(const flow::Return& item, const store::MailOutcome& outcome) {
  deps_.recorder.metrics().answer(item.kind, flow::to_string(item.state));
  if (item.state == ReturnState::orphan && !hand_.person())
    deps_.recorder.alarm("return.orphan", item.id.str(), item.match_rule);
  for (const auto& id : outcome.contradictions)
    if (const auto flow = deps_.store.find(id); flow && *flow)
      deps_.recorder.alarm("answer.contradiction", **flow, "a later message of the ministry says otherwise");
  for (const auto& id : outcome.changed)
    if (const auto flow = deps_.store.find(id); flow && *flow) deps_.recorder.changed(**flow, **flow);
  if (classification_outdated_ && !item.authority.empty())
    if (const auto asked = deps_.intake.renew_classification(item.authority); !asked)
      deps_.recorder.log().warning("actes.classification_request_failed", {{"because", asked.error().code}});
  if (!outcome.receipts.empty() && deps_.wake) deps_.wake();
}

}  // namespace demat::actes_road
