#include "gateway/base/crash_point.hpp"
#include "gateway/base/random.hpp"
#include "gateway/store/answer_rows.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/flow_rows.hpp"
#include "gateway/store/operations.hpp"
#include "gateway/store/sqlite_history.hpp"
#include "gateway/store/sqlite_marches.hpp"
#include "gateway/store/sqlite_returns.hpp"

namespace demat::store {
namespace {

std::optional<flow::Return> first_answer(Statement row) {
  if (!row.step()) return std::nullopt;
  return read_answer(row);
}

flow::Return need_answer(Connection& db, const ReturnId& id) {
  auto found = find_answer(db, id);
  if (!found) throw Refusal(not_found("return"));
  return std::move(*found);
}

}  // namespace

void write_anomalies(Transaction& tx, const ReturnId& answer, const FlowId& flow,
                     const std::vector<flow::AcquitAnomaly>& anomalies) {
  tx.db.run("DELETE FROM anomaly WHERE answer=? AND flow=?", answer, flow);
  add_anomalies(tx, answer, flow, anomalies);
}

void add_anomalies(Transaction& tx, const ReturnId& answer, const FlowId& flow,
                   const std::vector<flow::AcquitAnomaly>& anomalies) {
  auto last = tx.db.prepare("SELECT coalesce(max(number),0) FROM anomaly WHERE answer=?").bind(answer);
  std::size_t number = last.step() ? last.next<std::size_t>() : 0;
  for (const auto& a : anomalies)
    tx.db.run(
        "INSERT INTO anomaly(answer,number,flow,domaine,exercice,bordereau,piece,ligne,id_unique,num_ano_ack,"
        "libelle_ano_ack) VALUES(?,?,?,?,?,?,?,?,?,?,?)",
        answer, ++number, flow, a.domaine, a.exercice, a.bordereau, a.piece, a.ligne, a.id_unique,
        a.num_ano_ack, a.libelle_ano_ack);
}

void decide_flow(Transaction& tx, FlowRow& row, flow::Trigger trigger, JournalEntry entry,
                 const ReturnId& by) {
  const FlowRow before = row;
  const bool was_sending = row.flow.state == flow::State::sending;
  entry.code.clear();
  take_step(tx, row, trigger, std::move(entry));
  if (was_sending)
    static_cast<void>(close_open_attempt(tx, row.flow.id, {flow::AttemptOutcome::sent, "", ""}));
  ++row.fence;
  row.lease_owner.clear();
  row.lease_until.reset();
  row.flow.next_attempt_at.reset();
  row.flow.waiting_code.clear();
  row.flow.waits_for = FlowId{};
  update_flow(tx.db, before, row);
  tx.db.run("UPDATE flow SET decided_by=? WHERE id=?", by, row.flow.id);
}

flow::Return update_answer(Transaction& tx, const flow::Return& r,
                           const std::optional<flow::ReturnState>& expected) {
  auto before = need_answer(tx.db, r.id);
  if (expected && before.state != *expected) throw Refusal(return_moved(before.state));
  tx.db.run(
      "UPDATE answer SET "
      "kind=?,state=?,authority=?,flow=?,match_rule=?,nom_fic=?,cod_col=?,id_post=?,cod_bud=?,"
      "id_coll=?,summary=?,read=?,domaines=?,typ_restit=?,day=?,acquit_note=? WHERE id=?",
      r.kind, to_string(r.state), r.authority, r.flow, r.match_rule, r.nom_fic, r.cod_col, r.id_post,
      r.cod_bud, r.id_coll, r.summary, r.read, domaines_in_row(r.domaines), r.typ_restit, r.day,
      r.acquit_note, r.id);
  return before;
}

namespace {

void attach(Transaction& tx, const flow::Return& item) {
  flow::Document document;
  document.role = "acquit";
  document.name = item.remote_name;
  document.media_type = "application/xml";
  document.sha256 = item.sha256;
  document.size = item.size;
  add_document(tx, item.flow, std::move(document));
}

void settle_on_flow(Transaction& tx, const Settlement& s, const Sha256& bytes) {
  FlowRow row = need_flow(tx.db, s.item.flow);
  JournalEntry entry;
  entry.flow = row.flow.id;
  entry.at = tx.now;
  entry.code = s.event_code;
  entry.from = row.flow.state;
  entry.to = row.flow.state;
  entry.actor = s.actor;
  entry.reason = s.reason;
  entry.detail = s.event_detail;
  entry.payloads = bytes.str();
  if (s.trigger) {
    decide_flow(tx, row, *s.trigger, std::move(entry), s.item.id);
    free_numbers(tx, row.flow.id, s.parts);
    decide_marches(tx, row.flow, *s.trigger, s.parts);
  } else if (!s.event_code.empty()) {
    tx.journal.append(tx.db, entry);
  }
  write_anomalies(tx, s.item.id, s.item.flow, s.anomalies);
}

/// What a person decides about a return that concerns no flow.
void note_decision(Transaction& tx, const Settlement& s) {
  JournalEntry entry;
  entry.at = tx.now;
  entry.code = s.event_code;
  entry.actor = s.actor;
  entry.reason = s.reason;
  entry.detail = s.event_detail;
  tx.journal.append(tx.db, entry);
}

}  // namespace

bool answer_known(Connection& db, const DestinationName& destination, const std::string& name,
                  std::uint64_t size, std::optional<Instant> time) {
  auto row = db.prepare(
      "SELECT 1 FROM answer WHERE destination=? AND remote_name=? AND size=? AND remote_time IS ? LIMIT 1");
  return row.bind(destination, name, size, time).step();
}

flow::Return import_answer(Transaction& tx, const NewReturn& item, StagedPayload& payload) {
  static const std::string same = select_answers("WHERE destination=? AND remote_name=? AND sha256=?");
  if (auto known =
          first_answer(tx.db.prepare(same).bind(item.destination, item.remote_name, payload.sha256())))
    return std::move(*known);
  tx.blobs.keep(tx.db, payload);
  crash_point("import_payload_kept");
  flow::Return r;
  r.id = ReturnId{make_uuid_v7(tx.now)};
  r.kind = item.kind;
  r.destination = item.destination;
  r.remote_name = item.remote_name;
  r.sha256 = payload.sha256();
  r.sha1 = payload.sha1();
  r.size = payload.size();
  r.received_at = item.received_at;
  tx.db.run(
      "INSERT INTO "
      "answer(id,kind,state,destination,remote_name,remote_time,authority,flow,match_rule,nom_fic,"
      "cod_col,id_post,cod_bud,id_coll,sha256,sha1,size,received_at,summary,read)"
      " VALUES(?,?,?,?,?,?,'','','','','','','','',?,?,?,?,'',0)",
      r.id, r.kind, to_string(r.state), r.destination, r.remote_name, item.remote_time, r.sha256, r.sha1,
      r.size, r.received_at);
  JournalEntry entry;
  entry.at = tx.now;
  entry.code = "return.imported";
  entry.actor = "gateway";
  entry.detail = "{\"return\":\"" + r.id.str() + "\"}";
  entry.payloads = r.sha256.str();
  tx.journal.append(tx.db, entry);
  return r;
}

std::vector<flow::Return> unsettled_answers(Connection& db, std::size_t limit) {
  static const std::string sql = select_answers("WHERE state='imported' ORDER BY received_at,id LIMIT ?");
  auto rows = db.prepare(sql);
  rows.bind(limit);
  std::vector<flow::Return> out;
  while (rows.step())
    out.push_back(read_answer(rows));
  return out;
}

std::vector<flow::Flow> acquit_candidates_of(Connection& db, const NomFic& nom_fic) {
  static const std::string sql = select_flows(
      "WHERE nom_fic=? AND state IN "
      "('sending','uncertain','sent','acknowledged','partly_rejected','rejected')"
      " ORDER BY created_at,id");
  auto rows = db.prepare(sql);
  rows.bind(nom_fic);
  std::vector<flow::Flow> out;
  while (rows.step())
    out.push_back(read_flow(rows).flow);
  return out;
}

void settle_answer(Transaction& tx, const Settlement& s) {
  if (s.route && route_of(tx.db, s.route->siret) != *s.route) throw Refusal(route_moved());
  auto r = s.item;
  if (s.acquit_by_mode)
    if (auto note = acquit_note_of(tx.db, r.authority); !note.empty()) r.acquit_note = std::move(note);
  const auto before = update_answer(tx, r, s.expected);
  if (r.flow.empty()) {
    if (!s.event_code.empty()) note_decision(tx, s);
    return;
  }
  settle_on_flow(tx, s, before.sha256);
  if (s.attach_document) {
    auto attached = before;
    attached.flow = r.flow;
    attach(tx, attached);
  }
  crash_point("settlement_written");
}

std::optional<flow::Return> find_answer(Connection& db, const ReturnId& id) {
  static const std::string sql = select_answers("WHERE id=?");
  return first_answer(db.prepare(sql).bind(id));
}

namespace {

/// Who marks a return read has it: that is what an authority with AcquitMode::on_read tells Hélios.
void ask_for_acquit(Transaction& tx, const flow::Return& item) {
  if (item.state != flow::ReturnState::available || !item.acquit.empty() || !item.acquit_note.empty()) return;
  tx.db.run(
      "UPDATE answer SET acquit_note=? WHERE id=? AND kind='PES_Retour' AND EXISTS(SELECT 1 FROM"
      " return_settings s WHERE s.authority=answer.authority AND s.acquit=?)",
      flow::acquit_due, item.id, to_string(flow::AcquitMode::on_read));
}

}  // namespace

void mark_answer(Transaction& tx, const ReturnId& id, bool read, const std::string& actor) {
  const auto before = need_answer(tx.db, id);
  if (before.read == read) return;
  tx.db.run("UPDATE answer SET read=? WHERE id=?", read, id);
  if (read) ask_for_acquit(tx, before);
  JournalEntry entry;
  entry.at = tx.now;
  entry.code = read ? "return.read" : "return.unread";
  entry.actor = actor;
  entry.detail = "{\"return\":\"" + id.str() + "\"}";
  tx.journal.append(tx.db, entry);
}

}  // namespace demat::store
