#include <algorithm>
#include <set>

#include "gateway/base/crash_point.hpp"
#include "gateway/base/random.hpp"
#include "gateway/store/actes_rows.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/flow_rows.hpp"
#include "gateway/store/operations.hpp"
#include "gateway/store/sqlite_mails.hpp"

namespace demat::store {
namespace {

JournalEntry entry_of(Transaction& tx, const MailSettlement& s, const FlowRow& row, std::string code,
                      std::string detail) {
  JournalEntry entry;
  entry.flow = row.flow.id;
  entry.at = tx.now;
  entry.code = std::move(code);
  entry.from = row.flow.state;
  entry.to = row.flow.state;
  entry.actor = s.actor;
  entry.reason = s.reason;
  entry.detail = std::move(detail);
  return entry;
}

/// Keeps the files as documents of the flow, each once however often it comes; returns their numbers. A flow
/// whose bytes were given up has some again, for which its time begins anew.
std::vector<std::uint32_t> add_files(Transaction& tx, const FlowId& flow, std::vector<NewDocument>& files) {
  std::vector<std::uint32_t> numbers;
  if (files.empty()) return numbers;
  auto there = documents_of(tx.db, flow);
  for (auto& file : files) {
    const auto same = std::find_if(there.begin(), there.end(), [&](const flow::Document& one) {
      return one.role == file.role && one.sha256 == file.payload.sha256();
    });
    if (same == there.end()) {
      auto& kept = there.emplace_back();
      kept.role = file.role;
      kept.sha256 = file.payload.sha256();
      kept.number = keep_document(tx, flow, file);
      numbers.push_back(kept.number);
    } else {
      tx.blobs.keep(tx.db, file.payload);
      numbers.push_back(same->number);
    }
  }
  tx.db.run("UPDATE flow SET updated_at=?,purged_at=NULL WHERE id=?", tx.now, flow);
  return numbers;
}

/// What the verdicts of all messages of an envelope make of its flow; nothing while one is still awaited. A
/// message that the ministry never answers is not waited for.
std::optional<flow::Trigger> trigger_of(const std::vector<flow::Acte>& actes) {
  const auto count = [&](flow::Verdict verdict) {
    return std::count_if(actes.begin(), actes.end(), [&](const flow::Acte& acte) {
      return acte.verdict == verdict && (verdict != flow::Verdict::none || flow::is_answered(acte.message));
    });
  };
  if (count(flow::Verdict::none) > 0) return std::nullopt;
  if (count(flow::Verdict::rejected) == 0) return flow::Trigger::acknowledge;
  if (count(flow::Verdict::accepted) == 0) return flow::Trigger::reject;
  return flow::Trigger::acknowledge_partly;
}

/// Besides those of other actes of the envelope, which stand there already.
void write_effect_anomalies(Transaction& tx, const MailSettlement& s, const ActeEffect& effect) {
  if (!effect.anomalies.empty()) add_anomalies(tx, s.item.id, effect.flow, effect.anomalies);
}

/// The flow takes the state that the verdicts make, when they are all there. False when it can not be
/// answered any more (cancelled, refused): it keeps its state.
bool decide(Transaction& tx, const MailSettlement& s, const ActeEffect& effect, FlowRow& row,
            MailOutcome& outcome) {
  const auto trigger = trigger_of(actes_of(tx.db, effect.flow));
  if (!trigger) return true;
  if (!flow::next_state(row.flow.state, *trigger, row.flow.held_from)) return false;
  decide_flow(tx, row, *trigger, entry_of(tx, s, row, {}, effect.event_detail), s.item.id);
  outcome.changed.push_back(effect.flow);
  return true;
}

/// The first verdict stays; a later one is a repetition or a contradiction (decisions, Verbs and states).
/// False for a repetition.
[[nodiscard]] bool give_verdict(Transaction& tx, const MailSettlement& s, const ActeEffect& effect,
                                flow::Acte& acte, FlowRow& row, MailOutcome& outcome) {
  if (acte.verdict != flow::Verdict::none) {
    const bool same = acte.verdict == effect.verdict;
    (same ? outcome.repetitions : outcome.contradictions).push_back(effect.flow);
    tx.journal.append(
        tx.db, entry_of(tx, s, row, same ? "answer.duplicate" : "answer.contradiction", effect.event_detail));
    // A flow that was sent again after its verdict had come is not left waiting.
    static_cast<void>(decide(tx, s, effect, row, outcome));
    return !same;
  }
  acte.verdict = effect.verdict;
  if (!effect.id_acte.empty()) {
    acte.id_acte = effect.id_acte;
    acte.id_confirmed = true;
  }
  if (!effect.received_on.empty()) acte.received_on = effect.received_on;
  update_acte(tx.db, acte);
  write_effect_anomalies(tx, s, effect);
  tx.journal.append(tx.db, entry_of(tx, s, row, effect.event_code, effect.event_detail));
  // The event above is what is told.
  if (!decide(tx, s, effect, row, outcome)) outcome.contradictions.push_back(effect.flow);
  return true;
}

/// False when all of it was known.
[[nodiscard]] bool apply_effect(Transaction& tx, const MailSettlement& s, ActeEffect& effect,
                                MailOutcome& outcome) {
  static_cast<void>(need_flow(tx.db, effect.flow));
  auto actes = actes_of(tx.db, effect.flow);
  const auto acte = std::find_if(actes.begin(), actes.end(),
                                 [&](const flow::Acte& one) { return one.place == effect.place; });
  if (acte == actes.end()) throw Refusal(not_found("acte"));
  static_cast<void>(add_files(tx, effect.flow, effect.documents));
  FlowRow row = need_flow(tx.db, effect.flow);
  if (!effect.annulled_on.empty() && !acte->annulled_on.empty()) {
    outcome.repetitions.push_back(effect.flow);
    return false;
  }
  if (!effect.annulled_on.empty()) {
    acte->annulled_on = effect.annulled_on;
    update_acte(tx.db, *acte);
  }
  if (effect.verdict != flow::Verdict::none) return give_verdict(tx, s, effect, *acte, row, outcome);
  tx.journal.append(tx.db, entry_of(tx, s, row, effect.event_code, effect.event_detail));
  return true;
}

/// The same letter in a mail of another name, or in a mail that is looked at again: same acte, message, date
/// and files.
bool letter_known(Transaction& tx, const flow::Letter& wanted) {
  static const std::string sql = select_letters("WHERE acte=? AND message=? AND date=?");
  auto rows = tx.db.prepare(sql);
  rows.bind(wanted.acte, wanted.message, wanted.date);
  const std::set<std::uint32_t> files(wanted.documents.begin(), wanted.documents.end());
  while (rows.step()) {
    const auto known = read_letter(rows);
    if (std::set<std::uint32_t>(known.documents.begin(), known.documents.end()) == files) return true;
  }
  return false;
}

/// The automatic AR goes out once per letter.
void send_receipt(Transaction& tx, NewLetter::Receipt& receipt, flow::Letter& letter, MailOutcome& outcome) {
  for (auto& acte : receipt.flow.actes)
    acte.letter = letter.id;
  receipt.flow.flow.business_key = receipt.flow.flow.typ_fic + ":" + letter.id.str();
  auto accepted = accept_flow(tx, receipt.flow, receipt.manifest);
  crash_point("receipt_written");
  if (const auto* fresh = std::get_if<Accepted>(&accepted)) {
    letter.acknowledged_by = fresh->flow.id;
    outcome.receipts.push_back(fresh->flow.id);
  } else if (const auto* same = std::get_if<SameBytes>(&accepted)) {
    letter.acknowledged_by = same->existing.id;
  } else {
    letter.acknowledged_by = std::get<KeyTaken>(accepted).existing.id;
  }
}

/// False for one that was known.
[[nodiscard]] bool receive_letter(Transaction& tx, const MailSettlement& s, NewLetter& item,
                                  MailOutcome& outcome) {
  flow::Letter letter = item.letter;
  letter.id = LetterId{make_uuid_v7(tx.now)};
  letter.mail = s.item.id;
  letter.received_at = tx.now;
  letter.state = flow::LetterState::unread;
  static_cast<void>(need_flow(tx.db, letter.acte));
  letter.documents = add_files(tx, letter.acte, item.documents);
  const FlowRow row = need_flow(tx.db, letter.acte);
  if (letter_known(tx, letter)) {
    outcome.repetitions.push_back(letter.acte);
    tx.journal.append(
        tx.db, entry_of(tx, s, row, "acte.letter_again",
                        R"({"return":")" + s.item.id.str() + R"(","message":")" + letter.message + "\"}"));
    return false;
  }
  if (item.receipt) send_receipt(tx, *item.receipt, letter, outcome);
  insert_letter(tx.db, letter);
  tx.journal.append(
      tx.db, entry_of(tx, s, row, "acte.letter",
                      R"({"letter":")" + letter.id.str() + R"(","message":")" + letter.message + "\"}"));
  outcome.letters.push_back(letter.id);
  return true;
}

void keep_classification(Transaction& tx, const StoredClassification& c) {
  auto row = tx.db.prepare("SELECT date FROM classification WHERE authority=?").bind(c.authority);
  // An older one that arrives late does not take the place of a newer one.
  if (row.step() && row.next<std::string>() > c.date) return;
  tx.db.run("INSERT OR REPLACE INTO classification(authority,date,xml,received_at) VALUES(?,?,?,?)",
            c.authority, c.date, BlobView{c.xml}, tx.now);
}

/// A mail that touches no flow is an event of its own.
void note_mail(Transaction& tx, const MailSettlement& s) {
  JournalEntry entry;
  entry.at = tx.now;
  entry.code = s.event_code;
  entry.actor = s.actor;
  entry.reason = s.reason;
  entry.detail = R"({"return":")" + s.item.id.str() + "\"}";
  tx.journal.append(tx.db, entry);
}

}  // namespace

MailOutcome settle_mail(Transaction& tx, MailSettlement& s) {
  update_answer(tx, s.item, s.expected);
  if (!s.message_id.empty())
    tx.db.run("INSERT OR IGNORE INTO mail(message_id,item,content_mark) VALUES(?,?,?)", s.message_id,
              s.item.id, s.content_mark);
  MailOutcome outcome;
  std::set<std::size_t> told;  // each once, however many actes it speaks of
  if (s.tell) told.insert(*s.tell);
  for (auto& effect : s.effects)
    if (apply_effect(tx, s, effect, outcome) && effect.tell) told.insert(*effect.tell);
  crash_point("mail_effects_written");
  for (auto& letter : s.letters)
    if (receive_letter(tx, s, letter, outcome) && letter.tell) told.insert(*letter.tell);
  for (const auto& classification : s.classifications)
    keep_classification(tx, classification);
  if (!s.event_code.empty()) note_mail(tx, s);
  for (const auto which : told)
    queue_mail(tx, s.mails.at(which));
  outcome.mails = told.size();
  crash_point("mail_written");
  return outcome;
}

}  // namespace demat::store
