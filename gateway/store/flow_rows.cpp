#include "gateway/store/flow_rows.hpp"

#include <stdexcept>

#include "gateway/store/actes_rows.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/sqlite_history.hpp"
#include "gateway/store/sqlite_marches.hpp"

namespace demat::store {
namespace {

bool answers(flow::Trigger trigger) {
  using enum flow::Trigger;
  return trigger == acknowledge || trigger == acknowledge_partly || trigger == reject;
}

}  // namespace

flow::State state_in_row(const std::string& text) {
  const auto state = flow::state_from(text);
  if (!state) throw Refusal(corrupt("unknown state in a row: " + text));
  return *state;
}

std::string select_flows(std::string_view rest) {
  std::string sql =
      "SELECT id,protocol,environment,authority,state,held_from,hold_reason,business_key,nom_fic,typ_fic,"
      "id_post,cod_col,cod_bud,id_coll,file_name,original,original_sha1,original_size,outgoing,outgoing_size,"
      "destination,remote_name,attempts,possible_reemission,created_at,updated_at,sent_at,next_attempt_at,"
      "waiting_code,waits_for,replay_of,linked_to,deposited_by,request_id,priority,blocks,lease_owner,"
      "lease_until,fence "
      "FROM flow ";
  return sql.append(rest);
}

FlowRow read_flow(Statement& row) {
  FlowRow out;
  auto& f = out.flow;
  row.next(f.id);
  row.next(f.protocol);
  row.next(f.environment);
  row.next(f.authority);
  f.state = state_in_row(row.next<std::string>());
  f.held_from = state_in_row(row.next<std::string>());
  row.next(f.hold_reason);
  row.next(f.business_key);
  row.next(f.nom_fic);
  row.next(f.typ_fic);
  row.next(f.id_post);
  row.next(f.cod_col);
  row.next(f.cod_bud);
  row.next(f.id_coll);
  row.next(f.file_name);
  row.next(f.original);
  row.next(f.original_sha1);
  row.next(f.original_size);
  row.next(f.outgoing);
  row.next(f.outgoing_size);
  row.next(f.destination);
  row.next(f.remote_name);
  row.next(f.attempts);
  row.next(f.possible_reemission);
  row.next(f.created_at);
  row.next(f.updated_at);
  row.next(f.sent_at);
  row.next(f.next_attempt_at);
  row.next(f.waiting_code);
  row.next(f.waits_for);
  row.next(f.replay_of);
  row.next(f.linked_to);
  row.next(f.deposited_by);
  row.next(f.request_id);
  f.priority = static_cast<flow::Priority>(row.next<int>());
  row.next(out.blocks);
  row.next(out.lease_owner);
  row.next(out.lease_until);
  row.next(out.fence);
  return out;
}

std::optional<FlowRow> find_flow(Connection& db, const FlowId& id) {
  static const std::string sql = select_flows("WHERE id=?");
  auto row = db.prepare(sql).bind(id);
  if (!row.step()) return std::nullopt;
  return read_flow(row);
}

FlowRow need_flow(Connection& db, const FlowId& id) {
  auto row = find_flow(db, id);
  if (!row) throw Refusal(not_found("flow"));
  return std::move(*row);
}

void insert_flow(Connection& db, const FlowRow& row) {
  const auto& f = row.flow;
  db.run(
      "INSERT INTO flow(id,protocol,environment,authority,state,held_from,hold_reason,business_key,nom_fic,"
      "typ_fic,id_post,cod_col,cod_bud,id_coll,file_name,original,original_sha1,original_size,outgoing,"
      "outgoing_size,destination,remote_name,attempts,possible_reemission,created_at,updated_at,waiting_code,"
      "replay_of,linked_to,deposited_by,request_id,priority,blocks)"
      " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
      f.id, f.protocol, f.environment, f.authority, to_string(f.state), to_string(f.held_from), f.hold_reason,
      f.business_key, f.nom_fic, f.typ_fic, f.id_post, f.cod_col, f.cod_bud, f.id_coll, f.file_name,
      f.original, f.original_sha1, f.original_size, f.outgoing, f.outgoing_size, f.destination, f.remote_name,
      f.attempts, f.possible_reemission, f.created_at, f.updated_at, f.waiting_code, f.replay_of, f.linked_to,
      f.deposited_by, f.request_id, static_cast<int>(f.priority), row.blocks);
}

namespace {

/// Calls `visit(name, before, after)` for every column that may change after the acceptance.
template <class Visit>
void each_column(const FlowRow& before, const FlowRow& after, const Visit& visit) {
  const auto& f = before.flow;
  const auto& g = after.flow;
  visit("state", to_string(f.state), to_string(g.state));
  visit("held_from", to_string(f.held_from), to_string(g.held_from));
  visit("hold_reason", f.hold_reason, g.hold_reason);
  visit("outgoing", f.outgoing, g.outgoing);
  visit("outgoing_size", f.outgoing_size, g.outgoing_size);
  visit("destination", f.destination, g.destination);
  visit("remote_name", f.remote_name, g.remote_name);
  visit("attempts", f.attempts, g.attempts);
  visit("possible_reemission", f.possible_reemission, g.possible_reemission);
  visit("updated_at", f.updated_at, g.updated_at);
  visit("sent_at", f.sent_at, g.sent_at);
  visit("next_attempt_at", f.next_attempt_at, g.next_attempt_at);
  visit("waiting_code", f.waiting_code, g.waiting_code);
  visit("waits_for", f.waits_for, g.waits_for);
  visit("priority", static_cast<int>(f.priority), static_cast<int>(g.priority));
  visit("blocks", before.blocks, after.blocks);
  visit("lease_owner", before.lease_owner, after.lease_owner);
  visit("lease_until", before.lease_until, after.lease_until);
  visit("fence", before.fence, after.fence);
}

}  // namespace

void update_flow(Connection& db, const FlowRow& before, const FlowRow& row) {
  std::string sql;
  each_column(before, row, [&](std::string_view name, const auto& old, const auto& fresh) {
    if (old == fresh) return;
    sql.append(sql.empty() ? "UPDATE flow SET " : ",").append(name).append("=?");
  });
  if (sql.empty()) return;
  sql += " WHERE id=?";
  auto statement = db.prepare(sql);
  each_column(before, row, [&](std::string_view, const auto& old, const auto& fresh) {
    if (old != fresh) statement.bind(fresh);
  });
  statement.bind(row.flow.id).run();
  if (db.changes() != 1) throw std::logic_error("a flow vanished under its own transaction");
}

namespace {

/// A flow of a restored store (restoring.cpp) that turns out not to have been sent goes back to where the
/// backup had it: what stood before `ready` must not skip its checks.
std::optional<flow::State> back_in_backup(Connection& db, const FlowId& id, flow::Trigger trigger) {
  if (trigger != flow::Trigger::find_not_sent) return std::nullopt;
  auto row = db.prepare(
      "SELECT restored_from FROM flow WHERE id=? AND restored_from "
      "IN('received','checked','to_sign','signed',"
      "'held')");
  if (!row.bind(id).step()) return std::nullopt;
  return flow::state_from(row.next<std::string>());
}

}  // namespace

void take_step(Transaction& tx, FlowRow& row, flow::Trigger trigger, JournalEntry entry) {
  auto& f = row.flow;
  const auto from = f.state;
  auto to = flow::next_state(from, trigger, f.held_from);
  if (!to) throw Refusal(illegal_transition(from, trigger));
  if (const auto back = back_in_backup(tx.db, f.id, trigger)) to = back;
  f.state = *to;
  f.updated_at = tx.now;
  if (trigger == flow::Trigger::hold) {
    f.held_from = from;
    f.hold_reason = entry.reason;
  }
  if (trigger == flow::Trigger::release) {
    f.hold_reason.clear();
    f.waits_for = FlowId{};
  }
  if (*to == flow::State::sent || *to == flow::State::sent_final) f.sent_at = tx.now;
  // An answer that comes before the outcome of its send: sent at this moment at the latest.
  if (answers(trigger) && !f.sent_at) f.sent_at = tx.now;
  row.blocks = row.blocks && flow::blocks_duplicates(*to);
  if (!flow::blocks_duplicates(*to)) forget_numbers(tx, f.id.str());
  if (flow::is_final(*to)) wake_waiters(tx, f.id);
  // An answer speaks of each record: decide_marches.
  if (flow::is_final(*to) && flow::blocks_duplicates(*to) && !answers(trigger)) release_followers(tx, f.id);
  if (f.protocol == flow::actes_protocol && !flow::blocks_duplicates(*to)) reopen_letters(tx.db, f.id);
  entry.flow = f.id;
  entry.at = tx.now;
  entry.from = from;
  entry.to = *to;
  if (entry.code.empty()) entry.code = to_string(trigger);
  tx.journal.append(tx.db, entry);
}

void read_event(Statement& row, flow::Event& into) {
  row.next(into.sequence);
  row.next(into.flow);
  row.next(into.at);
  row.next(into.code);
  into.from = state_in_row(row.next<std::string>());
  into.to = state_in_row(row.next<std::string>());
  row.next(into.actor);
  row.next(into.reason);
  row.next(into.detail);
}

std::uint32_t add_document(Transaction& tx, const FlowId& flow, flow::Document document) {
  auto last = tx.db.prepare("SELECT coalesce(max(number),0)+1 FROM document WHERE flow=?").bind(flow);
  if (last.step()) last.next(document.number);
  tx.db.run(
      "INSERT INTO document(flow,number,role,name,media_type,sha256,size,created_at) VALUES(?,?,?,?,?,?,?,?)",
      flow, document.number, document.role, document.name, document.media_type, document.sha256,
      document.size, tx.now);
  return document.number;
}

std::uint32_t keep_document(Transaction& tx, const FlowId& flow, NewDocument& item) {
  tx.blobs.keep(tx.db, item.payload);
  flow::Document document;
  document.role = item.role;
  document.name = item.name;
  document.media_type = item.media_type;
  document.sha256 = item.payload.sha256();
  document.size = item.payload.size();
  return add_document(tx, flow, std::move(document));
}

bool close_open_attempt(Transaction& tx, const FlowId& flow, const CloseAttempt& close) {
  tx.db.run(
      "UPDATE attempt SET ended_at=?,outcome=?,error_code=?,transcript=? WHERE flow=? AND outcome='open'",
      tx.now, to_string(close.outcome), close.error_code, close.transcript, flow);
  return tx.db.changes() > 0;
}

}  // namespace demat::store
