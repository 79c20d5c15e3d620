#include "gateway/actes/mail_settler.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "gateway/base/crash_point.hpp"
#include "protocols/actes/read.hpp"
#include "protocols/base/digest.hpp"
#include "protocols/mail/message.hpp"

namespace demat::actes_road {
namespace {

using actes::Code;
using flow::ReturnState;

bool is_xml(const mail::Attachment& file) {
  return actes::sniff(file.bytes) == actes::Media::xml;
}

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

std::string detail_of(const flow::Return& item, std::string_view message) {
  return boost::json::serialize(
      boost::json::object{{"return", item.id.str()}, {"message", std::string(message)}});
}

flow::AcquitAnomaly anomaly_of(const std::string& nature, const std::string& detail) {
  flow::AcquitAnomaly anomaly;
  const auto code = actes::anomaly_code(detail);
  anomaly.num_ano_ack = code.empty() ? nature : std::string(code);
  anomaly.libelle_ano_ack = detail;
  return anomaly;
}

/// XML of a mail that is read whole although it is large: a budget, a form, an odd message.
constexpr std::uint64_t most_xml = 16'777'216;

/// Large attachments stay in the mail; those that may be messages are needed whole. What exceeds `most_xml`
/// in all is left as it is, and cannot be read.
Status complete_xml(mail::Message& mail, const ByteSource& bytes) {
  std::uint64_t taken = 0;
  for (auto& file : mail.attachments) {
    if (file.whole() || file.nested || !is_xml(file) || taken + file.size > most_xml) continue;
    taken += file.size;
    std::string whole;
    whole.reserve(file.size);
    const auto poured = mail::pour(bytes, file, [&](std::string_view piece) {
      whole += piece;
      return Status();
    });
    if (!poured) return poured;
    file.bytes = std::move(whole);
  }
  return {};
}

}  // namespace

bool is_multi_canal_notice(const mail::Message& mail) {
  if (std::any_of(mail.attachments.begin(), mail.attachments.end(), is_xml)) return false;
  return std::any_of(mail.bodies.begin(), mail.bodies.end(), [](const mail::Body& body) {
    std::string text;
    for (const char c : body.text)
      text.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    return text.find("multi canal") != std::string::npos || text.find("multi-canal") != std::string::npos ||
           text.find("multicanal") != std::string::npos;
  });
}

MailSettler::Sorted MailSettler::sort(const mail::Message& mail) {
  Sorted out;
  std::vector<std::pair<std::string, std::string>> unread;  // name and code
  for (const auto& file : mail.attachments) {
    if (file.nested || !is_xml(file)) continue;
    auto read = actes::read(file.bytes);
    if (!read) {
      unread.emplace_back(file.name, read.error().code);
      continue;
    }
    if (auto* message = std::get_if<actes::Message>(&read->content)) {
      out.messages.push_back({&file, std::move(*message)});
    } else if (auto* envelope = std::get_if<actes::PrefectureEnvelope>(&read->content)) {
      out.envelope = std::move(*envelope);
      out.envelope_file = &file;
    } else if (auto* anomaly = std::get_if<actes::EnvelopeAnomaly>(&read->content)) {
      out.anomaly = std::move(*anomaly);
      out.anomaly_file = &file;
    }
  }
  // A letter may carry XML: a budget, a form, an acte. That is no message to us.
  std::set<std::string> carried;
  for (const auto& found : out.messages)
    if (!actes::info(found.message.code).from_authority)
      for (const auto& file : actes::files_of(found.message))
        carried.insert(file.name);
  std::erase_if(out.messages, [&](const Found& found) {
    return actes::info(found.message.code).from_authority && carried.contains(found.file->name);
  });
  for (const auto& [name, code] : unread) {
    if (out.unread.empty()) out.unread = code;
    if (out.broken.empty() && code != "actes.read.root" && !carried.contains(name)) out.broken = code;
  }
  return out;
}

bool MailSettler::goes_with(const Found& found, const Sorted& sorted, const mail::Attachment& file) {
  if (file.role != mail::Role::attachment || file.nested) return false;
  // The envelope stays in the mail: it is no part of what was written.
  if (&file == sorted.envelope_file || &file == sorted.anomaly_file) return false;
  const auto names = [&file](const Found& one) {
    const auto files = actes::files_of(one.message);
    return std::any_of(files.begin(), files.end(),
                       [&file](const actes::SignedFile& named) { return named.name == file.name; });
  };
  if (&file == found.file || names(found)) return true;
  return std::none_of(sorted.messages.begin(), sorted.messages.end(),
                      [&](const Found& other) { return &file == other.file || names(other); });
}

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

/// Of several, the one that still waits for this answer; else the latest. Only what belongs to the authority
/// that the envelope names (design §1.6).
Result<std::optional<store::ActeOnFlow>> MailSettler::one_of(Result<Candidates> candidates,
                                                             const std::vector<std::string>& messages) {
  if (!candidates) return failure(candidates.error());
  std::optional<store::ActeOnFlow> best;
  for (auto& candidate : *candidates) {
    const auto& acte = candidate.acte;
    if (std::find(messages.begin(), messages.end(), acte.message) == messages.end()) continue;
    if (!authority_.empty() && acte.authority.str() != authority_) continue;
    // What never left can not have been answered.
    if (candidate.flow.attempts == 0) continue;
    const bool better =
        !best || best->acte.verdict != flow::Verdict::none || acte.verdict == flow::Verdict::none;
    if (better) best = std::move(candidate);
  }
  return best;
}

/// IDActe first; then authority and number, with date and nature where both sides say them (actes 5.3).
Result<std::optional<store::ActeOnFlow>> MailSettler::acte_of(const actes::Correlation& said) {
  if (!said.id.empty()) {
    auto by_id = one_of(deps_.store.actes().by_id(said.id), {"1-1"});
    if (!by_id || *by_id) return by_id;
  }
  // The envelope is for one authority and the identifier of another: not to be guessed.
  if (!authority_.empty() && !said.siren.empty() && said.siren != authority_) return std::nullopt;
  const std::string siren = authority_.empty() ? said.siren : authority_;
  if (siren.empty() || said.number.empty()) return std::nullopt;
  auto candidates = deps_.store.actes().by_number(AuthorityId{siren}, said.number);
  if (!candidates) return failure(candidates.error());
  std::erase_if(*candidates, [&](const store::ActeOnFlow& one) {
    const auto date = actes::normal_date(one.acte.decision_date);
    return (!said.date.empty() && date && *date != said.date) ||
           (!said.nature.empty() && one.acte.nature != said.nature);
  });
  return one_of(std::move(candidates), {"1-1"});
}

Result<store::NewDocument> MailSettler::document(const mail::Attachment& file, std::string_view role) {
  auto writer = deps_.store.new_payload();
  if (!writer) return failure(writer.error());
  const auto append = [&](std::string_view piece) { return (*writer)->append(piece); };
  if (auto status = mail::pour(*mail_, file, append); !status) return failure(status.error());
  auto staged = (*writer)->finish();
  if (!staged) return failure(staged.error());
  return store::NewDocument{std::string(role), file.safe_name,
                            std::string(actes::mime_type(actes::sniff(file.bytes))), std::move(*staged)};
}

Status MailSettler::add_effect(store::MailSettlement& settlement, const store::ActeOnFlow& on,
                               store::ActeEffect effect, const mail::Attachment* file,
                               std::string_view role) {
  effect.flow = on.flow.id;
  effect.place = on.acte.place;
  if (effect.event_detail == "{}") effect.event_detail = detail_of(settlement.item, settlement.item.kind);
  if (file != nullptr) {
    auto kept = document(*file, role);
    if (!kept) return failure(kept.error());
    effect.documents.push_back(std::move(*kept));
  }
  settlement.item.authority = on.acte.authority;
  settlement.item.flow = on.flow.id;
  settlement.effects.push_back(std::move(effect));
  return {};
}

Status MailSettler::announce(store::MailSettlement& settlement, const AuthorityId& authority,
                             const Told& told, const Candidates& actes, std::optional<std::size_t>& tell) {
  const auto place = actes_road::announce(deps_.store, *deps_.settings(), settlement, authority, told, actes);
  if (!place) return failure(place.error());
  tell = *place;
  return {};
}

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

Status MailSettler::settle_letter(const Found& found, const Sorted& sorted, const mail::Message& mail,
                                  store::MailSettlement& settlement) {
  const auto on = acte_of(actes::correlation(found.message));
  if (!on) return failure(on.error());
  if (!*on) return not_tied("acte_unknown"), Status{};
  store::NewLetter item;
  auto& letter = item.letter;
  letter.authority = (*on)->acte.authority;
  letter.acte = (*on)->flow.id;
  letter.message = actes::info(found.message.code).number;
  letter.id_acte = actes::correlation(found.message).id;
  if (const auto* said = std::get_if<actes::Letter>(&found.message.body)) {
    letter.date = said->letter_date;
    letter.text = said->text;
  } else if (const auto* referral = std::get_if<actes::Referral>(&found.message.body)) {
    letter.date = referral->deposit_date;
    letter.text = referral->reason;
  }
  // As it came: the XML and every file that is neither part of a body nor of another message.
  for (const auto& file : mail.attachments) {
    if (!goes_with(found, sorted, file)) continue;
    auto kept = document(file, "lettre");
    if (!kept) return failure(kept.error());
    item.documents.push_back(std::move(*kept));
  }
  if (const auto receipt = actes::automatic_receipt(found.message.code)) {
    auto made = receipt_for(**on, letter, *receipt);
    if (!made) return failure(made.error());
    item.receipt = std::move(*made);
  }
  const Told told{.message = found.message.code, .date = letter.date};
  if (auto status = announce(settlement, letter.authority, told, {**on}, item.tell); !status) return status;
  settlement.item.authority = letter.authority;
  settlement.item.flow = letter.acte;
  settlement.item.match_rule = "id_acte";
  settlement.letters.push_back(std::move(item));
  crash_point("letter_staged");
  return {};
}

/// 3-2 and 4-2 go out by themselves, once per letter (actes 1.2).
Result<store::NewLetter::Receipt> MailSettler::receipt_for(const store::ActeOnFlow& on,
                                                           const flow::Letter& letter, Code code) {
  Deposit deposit;
  deposit.code = code;
  deposit.number = on.acte.number;
  deposit.date = on.acte.decision_date;
  deposit.nature = on.acte.nature;
  deposit.about = on.flow.id;
  deposit.id_acte = letter.id_acte;
  deposit.letter_date = letter.date;
  deposit.mark = letter.message;
  const auto settings = deps_.store.actes().settings(on.acte.authority);
  if (!settings) return failure(settings.error());
  store::NewFlow fresh;
  fresh.flow.authority = on.acte.authority;
  describe(fresh.flow, deposit);
  fresh.flow.created_at = deps_.clock.now();
  fresh.actor = "gateway";
  fresh.media_type = "application/json";
  fresh.actes.push_back(actes_road::acte_of(
      deposit, *settings ? **settings : flow::ActesSettings{.authority = on.acte.authority}));
  auto writer = deps_.store.new_payload();
  if (!writer) return failure(writer.error());
  if (auto status = (*writer)->append(to_manifest(deposit)); !status) return failure(status.error());
  auto manifest = (*writer)->finish();
  if (!manifest) return failure(manifest.error());
  return store::NewLetter::Receipt{std::move(fresh), std::move(*manifest)};
}

Status MailSettler::settle_classification(const Found& found, store::MailSettlement& settlement) {
  if (authority_.empty()) return not_tied("recipient_missing"), Status{};
  const AuthorityId authority{authority_};
  const auto known = deps_.store.find_authority(authority);
  if (!known) return failure(known.error());
  if (!*known) return not_tied("authority_unknown"), Status{};
  Told told{.message = found.message.code};
  if (const auto* body = std::get_if<actes::Classification>(&found.message.body)) {
    settlement.classifications.push_back({authority, body->date, found.file->bytes, {}});
    told.date = body->date;
  }
  const auto waiting = deps_.store.actes().unanswered(authority, "7-1");
  if (!waiting) return failure(waiting.error());
  settlement.item.authority = authority;
  settlement.item.match_rule = "siren";
  // The gateway asks week after week: that nothing changed is told to nobody but who asked by hand.
  const bool by_hand = !waiting->empty() && !waiting->front().flow.deposited_by.empty();
  const bool news = found.message.code == Code::classification || by_hand;
  if (waiting->empty()) {
    // Nobody asked: it goes with no flow, and nobody need look at it.
    settlement.event_code = "actes.classification";
    settlement.item.state = ReturnState::available;
    settlement.item.read = true;
    return news ? announce(settlement, authority, told, {}, settlement.tell) : Status();
  }
  // The oldest: answers come in the order of the requests (actes 8-16).
  store::ActeEffect effect;
  effect.verdict = flow::Verdict::accepted;
  effect.event_code = "actes.classification";
  if (news)
    if (auto status = announce(settlement, authority, told, {}, effect.tell); !status) return status;
  return add_effect(settlement, waiting->front(), std::move(effect), found.file, "classification");
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
