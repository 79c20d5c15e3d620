#include "gateway/base/crash_point.hpp"
#include "gateway/store/actes_rows.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/flow_rows.hpp"
#include "gateway/store/operations.hpp"
#include "gateway/store/sqlite_history.hpp"
#include "gateway/store/sqlite_marches.hpp"
#include "gateway/store/sqlite_signature_requests.hpp"

namespace demat::store {
namespace {

/// Somebody writes something about a flow while its send is running.
bool beside_a_send(const flow::Flow& f, const Change& change) {
  return f.state == flow::State::sending && !change.lease && change.steps.empty();
}

/// Whoever changes a flow without a lease takes it away from the worker that has one (fencing).
void check_lease(FlowRow& row, const Change& change, Instant now) {
  if (!change.lease) {
    if (!beside_a_send(row.flow, change)) ++row.fence;
    return;
  }
  const bool run_out = change.lease_until && (!row.lease_until || *row.lease_until <= now);
  if (run_out || row.fence != change.lease->fence || row.lease_owner != change.lease->owner)
    throw Refusal(stale_lease(row.flow.id.str()));
}

void end_lease(FlowRow& row, const Change& change) {
  if (change.lease && change.lease_until) {
    row.lease_until = change.lease_until;
  } else if (!change.lease || !change.keep_lease) {
    row.lease_owner.clear();
    row.lease_until.reset();
  }
}

std::string add_documents(Transaction& tx, FlowRow& row, std::vector<NewDocument>& documents) {
  std::string payloads;
  for (auto& item : documents) {
    keep_document(tx, row.flow.id, item);
    if (item.role == "signed" || item.role == "envelope") {
      row.flow.outgoing = item.payload.sha256();
      row.flow.outgoing_size = item.payload.size();
    }
    if (!payloads.empty()) payloads += ',';
    payloads += item.payload.sha256().str();
  }
  return payloads;
}

void set_fields(flow::Flow& f, const Change& change) {
  if (change.destination) f.destination = *change.destination;
  if (change.remote_name) f.remote_name = *change.remote_name;
  if (change.hold_reason) f.hold_reason = *change.hold_reason;
  if (change.priority) f.priority = *change.priority;
  if (change.possible_reemission) f.possible_reemission = *change.possible_reemission;
  if (change.waits_for) f.waits_for = *change.waits_for;
}

void open_an_attempt(Transaction& tx, flow::Flow& f, const OpenAttempt& open) {
  if (tx.db.prepare("SELECT 1 FROM attempt WHERE flow=? AND outcome='open'").bind(f.id).step())
    throw Refusal(attempt_open(f.id.str()));
  ++f.attempts;
  f.destination = open.destination;
  f.remote_name = open.remote_name;
  tx.db.run(
      "INSERT INTO attempt(flow,number,destination,remote_name,started_at,outcome,possible_reemission,"
      "error_code,transcript) VALUES(?,?,?,?,?,?,?,'','')",
      f.id, f.attempts, open.destination, open.remote_name, tx.now, to_string(flow::AttemptOutcome::open),
      f.possible_reemission);
}

void complete_an_attempt(Transaction& tx, const FlowId& flow, const CompleteAttempt& late) {
  tx.db.run(
      "UPDATE attempt SET transcript=CASE transcript WHEN '' THEN ?1 ELSE transcript END,"
      "error_code=CASE outcome WHEN 'lost' THEN ?2 ELSE error_code END,"
      "outcome=CASE outcome WHEN 'lost' THEN ?3 ELSE outcome END"
      " WHERE flow=?4 AND number=?5 AND outcome<>'open'",
      late.transcript, late.error_code, to_string(late.outcome), flow, late.number);
}

/// The flow that another one is about to wait for was answered a moment ago.
bool is_over(Connection& db, const FlowId& awaited) {
  auto row = db.prepare("SELECT state FROM flow WHERE id=?").bind(awaited);
  return !row.step() || flow::is_final(state_in_row(row.next<std::string>()));
}

void set_wait(Transaction& tx, flow::Flow& f, const std::optional<Change::Wait>& wait) {
  if (!wait) {
    f.next_attempt_at.reset();
    f.waiting_code.clear();
    if (f.state != flow::State::held) f.waits_for = FlowId{};
    return;
  }
  const bool awaits = !wait->flow.empty();
  f.next_attempt_at = awaits && is_over(tx.db, wait->flow) ? tx.now : wait->until;
  // Waiting for something else meanwhile, it must still be woken by that flow, and judged by its end.
  const FlowId awaited = awaits ? wait->flow : f.waits_for;
  if (wait->code == f.waiting_code && awaited == f.waits_for) return;
  f.waiting_code = wait->code;
  f.waits_for = awaited;
  JournalEntry entry;
  entry.flow = f.id;
  entry.at = tx.now;
  entry.code = "waiting";
  entry.from = f.state;
  entry.to = f.state;
  entry.actor = "gateway";
  entry.reason = wait->code;
  entry.detail = wait->detail;
  tx.journal.append(tx.db, entry);
}

void take_steps(Transaction& tx, FlowRow& row, const std::vector<Step>& steps, std::string payloads) {
  for (const auto& step : steps) {
    JournalEntry entry;
    entry.actor = step.actor;
    entry.reason = step.reason;
    entry.detail = step.detail;
    entry.payloads = std::exchange(payloads, {});
    take_step(tx, row, step.trigger, std::move(entry));
  }
  if (payloads.empty()) return;
  JournalEntry entry;
  entry.flow = row.flow.id;
  entry.at = tx.now;
  entry.code = "document.added";
  entry.from = row.flow.state;
  entry.to = row.flow.state;
  entry.actor = "gateway";
  entry.payloads = std::move(payloads);
  tx.journal.append(tx.db, entry);
}

void package_actes(Transaction& tx, const FlowId& flow, const Packaged& packaged) {
  for (auto& acte : actes_of(tx.db, flow)) {
    acte.envelope = packaged.envelope;
    // A message made elsewhere says it itself.
    if (!packaged.classification_date.empty()) acte.classification_date = packaged.classification_date;
    update_acte(tx.db, acte);
  }
}

void write_note(Transaction& tx, const flow::Flow& f, const Note& note) {
  JournalEntry entry;
  entry.flow = f.id;
  entry.at = tx.now;
  entry.code = note.code;
  entry.from = f.state;
  entry.to = f.state;
  entry.actor = note.actor;
  entry.reason = note.reason;
  entry.detail = note.detail;
  tx.journal.append(tx.db, entry);
}

}  // namespace

flow::Flow apply_change(Transaction& tx, Change& change) {
  const FlowRow before = need_flow(tx.db, change.flow);
  FlowRow row = before;
  auto& f = row.flow;
  if (change.expected && *change.expected != f.state) throw Refusal(unexpected_state(f.state));
  const bool beside = beside_a_send(f, change);
  check_lease(row, change, tx.now);
  // Before any file takes its place: a refusal leaves nothing behind.
  if (change.recorded) expect_unmoved(tx, f, *change.recorded);
  take_steps(tx, row, change.steps, add_documents(tx, row, change.documents));
  if (change.note) write_note(tx, f, *change.note);
  set_fields(f, change);
  if (change.close_attempt && !close_open_attempt(tx, f.id, *change.close_attempt))
    throw Refusal(no_open_attempt(f.id.str()));
  if (change.open_attempt) open_an_attempt(tx, f, *change.open_attempt);
  if (change.complete_attempt) complete_an_attempt(tx, f.id, *change.complete_attempt);
  if (change.packaged) package_actes(tx, f.id, *change.packaged);
  if (change.recorded) record_numbers(tx, f, *change.recorded);
  if (change.out_of_order) let_go(tx, f.id);
  if (change.brought) close_request(tx, f.id, *change.brought);
  if (change.findings) replace_findings(tx, f.id, *change.findings);
  if (!beside && !change.keep_wait) set_wait(tx, f, change.wait);
  if (!beside) end_lease(row, change);
  f.updated_at = tx.now;
  update_flow(tx.db, before, row);
  crash_point("change_written");
  return std::move(f);
}

}  // namespace demat::store
