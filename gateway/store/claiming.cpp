#include <algorithm>
#include <limits>
#include <tuple>
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

/// A queue of its own: what one state holds for one destination at one priority, in order of due_at.
struct Lane {
  DestinationName destination;
  int priority = 0;
};

/// The lanes that a state has at this moment, one look into the index for each.
std::vector<Lane> lanes_of(Connection& db, flow::State state, const DestinationName& only) {
  constexpr std::string_view within =
      "SELECT destination,priority FROM flow INDEXED BY flow_due WHERE state=?1 AND destination=?2 AND "
      "priority>?3"
      " AND due_at IS NOT NULL ORDER BY priority LIMIT 1";
  constexpr std::string_view next =
      "SELECT destination,priority FROM flow INDEXED BY flow_due WHERE state=?1 AND "
      "(destination,priority)>(?2,?3)"
      " AND due_at IS NOT NULL ORDER BY destination,priority LIMIT 1";
  std::vector<Lane> lanes;
  Lane at{only, std::numeric_limits<int>::min()};
  for (;;) {
    auto row = db.prepare(only.empty() ? next : within);
    if (!row.bind(to_string(state), at.destination, at.priority).step()) return lanes;
    row.next(at.destination);
    row.next(at.priority);
    lanes.push_back(at);
  }
}

/// The first due flows of one state. Only flows in the hands of workers are stepped over; those that wait lie
/// behind the range.
void add_due_flows(Connection& db, flow::State state, const ClaimRequest& request,
                   std::vector<FlowRow>& out) {
  static const std::string sql = select_flows(
      "INDEXED BY flow_due WHERE state=?1 AND destination=?2 AND priority=?3 AND due_at<=?4"
      " AND (lease_until IS NULL OR lease_until<=?4) AND (?6 IS NULL OR created_at<?6)"
      " ORDER BY due_at,id LIMIT ?5");
  for (const auto& lane : lanes_of(db, state, request.destination)) {
    auto rows = db.prepare(sql);
    rows.bind(to_string(state), lane.destination, lane.priority, request.now, request.limit,
              request.created_before);
    while (rows.step())
      out.push_back(read_flow(rows));
  }
}

bool queued_before(const FlowRow& a, const FlowRow& b) {
  return std::tuple(b.flow.priority, queued_at(a.flow), a.flow.id) <
         std::tuple(a.flow.priority, queued_at(b.flow), b.flow.id);
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
      "INDEXED BY flow_by_state WHERE state='sending' AND (lease_until IS NULL OR lease_until<=?)"
      " ORDER BY destination,created_at,id");
  std::vector<FlowRow> lost;
  {
    auto rows = tx.db.prepare(sql);
    rows.bind(now);
    while (rows.step())
      lost.push_back(read_flow(rows));
  }
  std::vector<FlowId> ids;
  for (auto& row : lost) {
    const FlowRow before = row;
    JournalEntry entry;
    entry.actor = "gateway";
    entry.reason = "interrupted";
    take_step(tx, row, flow::Trigger::lose_send, std::move(entry));
    static_cast<void>(
        close_open_attempt(tx, row.flow.id, {flow::AttemptOutcome::lost, "send.interrupted", ""}));
    row.lease_owner.clear();
    row.lease_until.reset();
    ++row.fence;
    update_flow(tx.db, before, row);
    ids.push_back(row.flow.id);
  }
  return ids;
}

std::vector<DestinationName> destinations_with(Connection& db, flow::State state) {
  std::vector<DestinationName> out;
  auto first = db.prepare(
      "SELECT destination FROM flow INDEXED BY flow_by_state WHERE state=? ORDER BY destination LIMIT 1");
  if (!first.bind(to_string(state)).step()) return out;
  out.push_back(first.next<DestinationName>());
  for (;;) {
    auto row = db.prepare(
        "SELECT destination FROM flow INDEXED BY flow_by_state WHERE state=? AND destination>?"
        " ORDER BY destination LIMIT 1");
    if (!row.bind(to_string(state), out.back()).step()) return out;
    out.push_back(row.next<DestinationName>());
  }
}

}  // namespace demat::store
