#include <algorithm>
#include <utility>

#include "gateway/store/errors.hpp"
#include "gateway/store/flow_rows.hpp"
#include "gateway/store/operations.hpp"

namespace demat::store {
namespace {

/// When a flow got into the queue: a flow that waited joins it again when its wait is over, so that flows
/// that fail again and again do not keep the new ones out.
Instant queued_at(const flow::Flow& f) {
  return f.next_attempt_at.value_or(f.created_at);
}

void add_due(Connection& db, const std::string& sql, flow::State state, const ClaimRequest& request,
             std::vector<FlowRow>& out) {
  auto rows = db.prepare(sql);
  rows.bind(to_string(state), request.now, request.limit, request.destination);
  while (rows.step())
    out.push_back(read_flow(rows));
}

/// The first due flows of one state. One state at a time, and those that never waited apart from those that
/// did, so that an index gives each kind in order.
void add_due_flows(Connection& db, flow::State state, const ClaimRequest& request,
                   std::vector<FlowRow>& out) {
  static const std::string fresh = select_flows(
      "WHERE state=?1 AND next_attempt_at IS NULL AND (lease_until IS NULL OR lease_until<=?2)"
      " AND (?4='' OR destination=?4) ORDER BY created_at,id LIMIT ?3");
  static const std::string waited = select_flows(
      "WHERE state=?1 AND next_attempt_at<=?2 AND (lease_until IS NULL OR lease_until<=?2)"
      " AND (?4='' OR destination=?4) ORDER BY next_attempt_at,id LIMIT ?3");
  add_due(db, fresh, state, request, out);
  add_due(db, waited, state, request, out);
}

bool queued_before(const FlowRow& a, const FlowRow& b) {
  return std::pair(queued_at(a.flow), a.flow.id) < std::pair(queued_at(b.flow), b.flow.id);
}

}  // namespace

std::vector<Claim> claim_flows(Transaction& tx, const ClaimRequest& request) {
  std::vector<FlowRow> due;
  for (const auto state : request.states)
    add_due_flows(tx.db, state, request, due);
  std::sort(due.begin(), due.end(), queued_before);
  if (due.size() > request.limit) due.resize(request.limit);
  std::vector<Claim> claims;
  for (auto& row : due) {
    ++row.fence;
    tx.db.run("UPDATE flow SET lease_owner=?,lease_until=?,fence=? WHERE id=?", request.owner,
              request.now + request.lease_for, row.fence, row.flow.id);
    const Lease lease{row.flow.id, request.owner, row.fence};
    claims.push_back({std::move(row.flow), lease});
  }
  return claims;
}

void renew_lease(Transaction& tx, const Lease& lease, Instant until) {
  tx.db.run(
      "UPDATE flow SET lease_until=? WHERE id=? AND lease_owner=? AND fence=? AND lease_until IS NOT NULL",
      until, lease.flow, lease.owner, lease.fence);
  if (tx.db.changes() != 1) throw Refusal(stale_lease(lease.flow.str()));
}

std::optional<Instant> next_due_of(Connection& db, const std::vector<flow::State>& states, Instant now) {
  std::optional<Instant> earliest;
  for (const auto state : states) {
    auto row = db.prepare("SELECT min(next_attempt_at) FROM flow WHERE state=? AND next_attempt_at>?");
    if (!row.bind(to_string(state), now).step()) continue;
    const auto due = row.next<std::optional<Instant>>();
    if (due && (!earliest || *due < *earliest)) earliest = due;
  }
  return earliest;
}

std::vector<FlowId> expire_sends_of(Transaction& tx, Instant now) {
  static const std::string sql = select_flows(
      "WHERE state='sending' AND (lease_until IS NULL OR lease_until<=?) ORDER BY created_at,id");
  std::vector<FlowRow> lost;
  {
    auto rows = tx.db.prepare(sql);
    rows.bind(now);
    while (rows.step())
      lost.push_back(read_flow(rows));
  }
  std::vector<FlowId> ids;
  for (auto& row : lost) {
    JournalEntry entry;
    entry.actor = "gateway";
    entry.reason = "interrupted";
    take_step(tx, row, flow::Trigger::lose_send, std::move(entry));
    static_cast<void>(
        close_open_attempt(tx, row.flow.id, {flow::AttemptOutcome::lost, "send.interrupted", ""}));
    row.lease_owner.clear();
    row.lease_until.reset();
    ++row.fence;
    update_flow(tx.db, row);
    ids.push_back(row.flow.id);
  }
  return ids;
}

std::uint64_t count_up(Transaction& tx, const std::string& key) {
  auto row = tx.db.prepare(
      "INSERT INTO counter(key,value) VALUES(?,1) ON CONFLICT(key) DO UPDATE SET value=value+1 RETURNING "
      "value");
  row.bind(key);
  std::uint64_t value = 0;
  while (row.step())
    value = row.next<std::uint64_t>();
  return value;
}

}  // namespace demat::store
