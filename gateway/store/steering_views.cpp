#include <algorithm>
#include <initializer_list>
#include <tuple>

#include "gateway/store/errors.hpp"
#include "gateway/store/flow_rows.hpp"
#include "gateway/store/operations.hpp"
#include "gateway/store/sqlite_steering.hpp"

// What operators look at, and the order in which waiting flows come back.

namespace demat::store {
namespace {

/// `created_at` as the end of the wait puts a flow back to the place it had.
std::uint64_t hasten_flows(Transaction& tx, const DestinationName& destination, const std::string& code) {
  tx.db.run(
      "UPDATE flow INDEXED BY flow_waiting SET next_attempt_at=created_at WHERE state='ready' AND "
      "destination=? AND next_attempt_at>?"
      " AND waiting_code=? AND (lease_until IS NULL OR lease_until<=?)",
      destination, tx.now, code, tx.now);
  return static_cast<std::uint64_t>(tx.db.changes());
}

/// Those that failed, and those that wait: each kind has an index of its own.
constexpr std::string_view failed =
    "INDEXED BY flow_by_state WHERE state IN('refused','rejected','partly_rejected','uncertain')";
constexpr std::string_view waiting =
    "INDEXED BY flow_waiting WHERE state IN('received','checked','to_sign','signed','ready') AND"
    " next_attempt_at IS NOT NULL AND waiting_code<>''";

void add_groups(Connection& db, std::string_view which, const std::optional<AuthorityId>& authority,
                std::vector<ErrorGroup>& out) {
  // With min(), SQLite takes the other columns from the row that has it.
  auto rows = db.prepare("SELECT state," + std::string(group_code) +
                         " AS code,destination,count(*),min(created_at),id FROM flow " + std::string(which) +
                         " AND (?1='' OR authority=?1) GROUP BY state,code,destination");
  rows.bind(authority.value_or(AuthorityId{}));
  while (rows.step()) {
    auto& group = out.emplace_back();
    group.state = state_in_row(rows.next<std::string>());
    rows.next(group.code);
    rows.next(group.destination);
    rows.next(group.count);
    rows.next(group.oldest);
    rows.next(group.sample);
  }
}

std::vector<ErrorGroup> groups_of(Connection& db, const std::optional<AuthorityId>& authority) {
  std::vector<ErrorGroup> out;
  add_groups(db, failed, authority, out);
  add_groups(db, waiting, authority, out);
  std::sort(out.begin(), out.end(), [](const ErrorGroup& a, const ErrorGroup& b) {
    return std::tuple(b.count, a.state, a.code, a.destination) <
           std::tuple(a.count, b.state, b.code, b.destination);
  });
  return out;
}

/// Adds the flows of one state that were created before the limit and meet `late`: an index gives just these,
/// destination by destination. What is late was created before its limit in any case.
void add_overdue(Connection& db, flow::State state, std::string_view late, Instant limit, OverdueCount& out) {
  for (const auto& destination : destinations_with(db, state)) {
    auto row = db.prepare(
        "SELECT count(*),min(created_at),id FROM flow INDEXED BY flow_by_state"
        " WHERE state=?1 AND destination=?2 AND created_at<?3" +
        std::string(late));
    row.bind(to_string(state), destination, limit);
    if (!row.step()) continue;
    const auto count = row.next<std::uint64_t>();
    if (count == 0) continue;
    const auto oldest = row.next<Instant>();
    out.count += count;
    if (out.oldest && *out.oldest <= oldest) continue;
    out.oldest = oldest;
    row.next(out.sample);
  }
}

OverdueCount count_overdue(Connection& db, std::string kind, std::initializer_list<flow::State> states,
                           std::string_view late, Instant limit) {
  OverdueCount out;
  out.kind = std::move(kind);
  for (const auto state : states)
    add_overdue(db, state, late, limit, out);
  return out;
}

std::uint64_t count_flows(Connection& db, std::string_view state, const DestinationName& destination,
                          std::optional<Instant> before) {
  auto row = db.prepare(
      "SELECT count(*) FROM flow WHERE state=? AND destination=? AND (?3 IS NULL OR created_at<?3)");
  row.bind(state, destination, before);
  return row.step() ? row.next<std::uint64_t>() : 0;
}

}  // namespace

Result<std::uint64_t> SqliteSteering::hasten(const DestinationName& destination,
                                             const std::vector<std::string>& codes) {
  return access_.write([&](Transaction& tx) {
    std::uint64_t count = 0;
    for (const auto& code : codes)
      count += hasten_flows(tx, destination, code);
    return count;
  });
}

Result<std::vector<ErrorGroup>> SqliteSteering::error_groups(const std::optional<AuthorityId>& authority) {
  return access_.read([&](Connection& db) { return groups_of(db, authority); });
}

Result<std::vector<OverdueCount>> SqliteSteering::overdue(const OverdueLimits& limits) {
  return access_.read([&](Connection& db) {
    using enum flow::State;
    return std::vector<OverdueCount>{
        // What waits for the préfecture has deadlines of its own.
        count_overdue(db, "acquit", {sent}, " AND sent_at<?3 AND protocol<>'actes'", limits.sent_before),
        count_overdue(db, "queued", {received, checked, signed_, ready}, "", limits.queued_before),
        count_overdue(db, "to_sign", {to_sign}, "", limits.to_sign_before),
        count_overdue(db, "uncertain", {uncertain}, " AND updated_at<?3", limits.uncertain_before)};
  });
}

Result<Backlog> SqliteSteering::backlog(const DestinationName& destination, Instant before) {
  return access_.read([&](Connection& db) {
    Backlog out;
    out.ready = count_flows(db, "ready", destination, std::nullopt);
    out.ready_before = count_flows(db, "ready", destination, before);
    out.sending = count_flows(db, "sending", destination, std::nullopt);
    return out;
  });
}

}  // namespace demat::store
