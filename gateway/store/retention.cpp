#include "gateway/store/retention.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "gateway/base/crash_point.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/sqlite_returns.hpp"
#include "gateway/store/sqlite_signature_requests.hpp"

namespace demat::store {
namespace {

using flow::State;

/// `sent` is in neither and never will be: it is unacknowledged.
constexpr std::array succeeded = {State::acknowledged, State::partly_rejected, State::sent_final};
constexpr std::array failed = {State::refused, State::rejected, State::cancelled};

struct StateLimit {
  State state;
  Instant before;
};

std::vector<StateLimit> limits_of(const PurgePlan& plan) {
  std::vector<StateLimit> out;
  const auto wanted = [&plan](State state) {
    return plan.states.empty() ||
           std::find(plan.states.begin(), plan.states.end(), state) != plan.states.end();
  };
  const auto add = [&](const auto& states, const std::optional<Instant>& before) {
    for (const auto state : states)
      if (before && wanted(state)) out.push_back({state, *before});
  };
  add(succeeded, plan.succeeded_before);
  add(failed, plan.failed_before);
  return out;
}

void read_items(Statement& rows, std::vector<OldItem>& out) {
  while (rows.step()) {
    auto& one = out.emplace_back();
    rows.next(one.id);
    rows.next(one.authority);
  }
}

constexpr std::string_view final_states =
    "('acknowledged','partly_rejected','sent_final','refused','rejected','cancelled')";

/// An acte keeps its files while a letter about it was not read, or asks for an answer that was not given.
constexpr std::string_view pending_letter =
    "SELECT 1 FROM letter l WHERE l.acte=flow.id AND (l.state='unread' OR (l.state='read' AND l.message "
    "IN('3-1','4-1')))";

void find_flows(Connection& db, const StateLimit& which, const PurgePlan& plan, std::size_t limit,
                std::vector<OldItem>& out) {
  auto rows = db.prepare(fmt::format(
      "SELECT id,authority FROM flow INDEXED BY flow_to_purge WHERE purged_at IS NULL AND state IN {} AND"
      " state=?1 AND updated_at<?2 AND (?3 IS NULL OR authority=?3) AND NOT EXISTS({}) ORDER BY updated_at"
      " LIMIT ?4",
      final_states, pending_letter));
  rows.bind(to_string(which.state), which.before, plan.authority, limit);
  read_items(rows, out);
}

/// Returns that were read, or set aside. Orphans, what is not looked at yet, and what still gets its acquit
/// never; matched acquits go with their flow.
void find_returns(Connection& db, const PurgePlan& plan, std::size_t limit, std::vector<OldItem>& out) {
  if (!plan.returns_before || !plan.states.empty()) return;
  auto rows = db.prepare(
      "SELECT id,authority FROM answer INDEXED BY answer_to_purge WHERE purged_at IS NULL AND state IN"
      "('available','ignored') AND (state='ignored' OR (read=1 AND acquit_note<>'due')) AND received_at<?1 "
      "AND (?2 IS NULL OR"
      " authority=?2) ORDER BY received_at LIMIT ?3");
  rows.bind(plan.returns_before, plan.authority, limit);
  read_items(rows, out);
}

/// The payloads of a flow, and of the answers that were its (a mail of ACTES is no document of it), that
/// nothing else needs: neither a flow that keeps its bytes, nor a return that
/// does (an acquit keeps them as long as the flow it answers).
constexpr std::string_view bytes_of_flow =
    "SELECT p.sha256,p.size FROM payload p WHERE p.sha256 IN(SELECT sha256 FROM document WHERE flow=?1 UNION"
    " SELECT m.sha256 FROM answer m WHERE m.flow=?1 AND m.flow<>'' AND m.state='matched') AND p.purged_at IS"
    " NULL AND NOT EXISTS(SELECT 1 FROM document o JOIN flow x ON x.id=o.flow WHERE o.sha256=p.sha256 AND"
    " o.flow<>?1 AND x.purged_at IS NULL) AND NOT EXISTS(SELECT 1 FROM answer a WHERE a.sha256=p.sha256 AND"
    " a.purged_at IS NULL AND NOT(a.state='matched' AND (a.flow=?1 OR EXISTS(SELECT 1 FROM flow x WHERE"
    " x.id=a.flow AND x.purged_at IS NOT NULL))))";

constexpr std::string_view bytes_of_return =
    "SELECT p.sha256,p.size FROM answer a JOIN payload p ON p.sha256=a.sha256 WHERE a.id=?1 AND p.purged_at "
    "IS"
    " NULL AND NOT EXISTS(SELECT 1 FROM document o JOIN flow x ON x.id=o.flow WHERE o.sha256=a.sha256 AND"
    " x.purged_at IS NULL) AND NOT EXISTS(SELECT 1 FROM answer b WHERE b.sha256=a.sha256 AND b.id<>?1 AND"
    " b.purged_at IS NULL AND NOT(b.state='matched' AND EXISTS(SELECT 1 FROM flow x WHERE x.id=b.flow AND"
    " x.purged_at IS NOT NULL)))";

struct Bytes {
  std::vector<Sha256> names;
  std::uint64_t size = 0;
};

Bytes bytes_of(Connection& db, std::string_view sql, std::string_view id) {
  auto rows = db.prepare(sql).bind(id);
  Bytes out;
  while (rows.step()) {
    out.names.push_back(rows.next<Sha256>());
    out.size += rows.next<std::uint64_t>();
  }
  return out;
}

/// Takes the bytes away; name, digests and size stay. The names, comma separated, for the journal.
std::string drop(Transaction& tx, const Bytes& bytes, const std::string& reason) {
  std::string names;
  for (const auto& name : bytes.names) {
    tx.db.run("UPDATE payload SET bytes=NULL,purged_at=?,purged_why=? WHERE sha256=?", tx.now, reason, name);
    tx.blobs.discard(name);
    names += (names.empty() ? "" : ",") + name.str();
  }
  return names;
}

JournalEntry purge_entry(Transaction& tx, const PurgePlan& plan, std::string names, std::string detail) {
  JournalEntry entry;
  entry.at = tx.now;
  entry.code = "payload.purged";
  entry.actor = plan.actor;
  entry.reason = plan.reason;
  entry.detail = std::move(detail);
  entry.payloads = std::move(names);
  return entry;
}

void purge_flow(Transaction& tx, const PurgePlan& plan, const std::vector<StateLimit>& limits,
                const OldItem& item, PurgeReport& report) {
  const std::string_view id = item.id;
  State state = State::received;
  {
    auto row = tx.db.prepare(
        fmt::format("SELECT state,updated_at FROM flow WHERE id=? AND purged_at IS NULL AND NOT EXISTS({})",
                    pending_letter));
    row.bind(id);
    if (!row.step()) return;
    const auto word = row.next<std::string>();
    const auto updated = row.next<Instant>();
    const auto limit = std::find_if(limits.begin(), limits.end(), [&](const StateLimit& one) {
      return to_string(one.state) == word && updated < one.before;
    });
    if (limit == limits.end()) return;
    state = limit->state;
  }
  const auto bytes = bytes_of(tx.db, bytes_of_flow, id);
  auto entry =
      purge_entry(tx, plan, drop(tx, bytes, plan.reason), fmt::format("{{\"bytes\":{}}}", bytes.size));
  forget_requests(tx, id);
  tx.db.run("UPDATE flow SET purged_at=? WHERE id=?", tx.now, id);
  entry.flow = FlowId{item.id};
  entry.from = state;
  entry.to = state;
  tx.journal.append(tx.db, entry);
  count_purged(report, std::string(to_string(state)), item.authority, bytes.size, item.id);
}

void purge_return(Transaction& tx, const PurgePlan& plan, const OldItem& item, PurgeReport& report) {
  const std::string_view id = item.id;
  constexpr std::string_view still =
      "SELECT 1 FROM answer WHERE id=? AND purged_at IS NULL AND (state='ignored' OR (state='available' AND"
      " read=1 AND acquit_note<>'due'))";
  if (!tx.db.prepare(still).bind(id).step()) return;
  const auto bytes = bytes_of(tx.db, bytes_of_return, id);
  const auto names = drop(tx, bytes, plan.reason);
  forget_pieces(tx, id);
  tx.db.run("UPDATE answer SET purged_at=? WHERE id=?", tx.now, id);
  tx.journal.append(tx.db, purge_entry(tx, plan, names,
                                       fmt::format(R"({{"return":"{}","bytes":{}}})", item.id, bytes.size)));
  count_purged(report, "return", item.authority, bytes.size, item.id);
}

/// The floor holds whatever a plan says (R-12).
std::optional<Instant> traces_limit(const PurgePlan& plan, Instant now) {
  if (!plan.traces_before || plan.authority || !plan.states.empty()) return std::nullopt;
  return std::min<Instant>(*plan.traces_before, now - traces_floor);
}

}  // namespace

void count_purged(PurgeReport& report, const std::string& what, const AuthorityId& authority,
                  std::uint64_t bytes, const std::string& example) {
  constexpr std::size_t max_examples = 3;
  auto found = std::find_if(report.counts.begin(), report.counts.end(), [&](const PurgeCount& line) {
    return line.what == what && line.authority == authority;
  });
  if (found == report.counts.end()) {
    report.counts.emplace_back();
    found = report.counts.end() - 1;
    found->what = what;
    found->authority = authority;
  }
  ++found->items;
  found->bytes += bytes;
  if (found->examples.size() < max_examples && !example.empty()) found->examples.push_back(example);
}

PurgeBatch find_batch(Connection& db, const PurgePlan& plan, Instant now, std::size_t limit) {
  PurgeBatch batch;
  for (const auto& which : limits_of(plan))
    if (batch.flows.size() < limit) find_flows(db, which, plan, limit - batch.flows.size(), batch.flows);
  if (batch.flows.size() < limit) find_returns(db, plan, limit - batch.flows.size(), batch.returns);
  const auto before = traces_limit(plan, now);
  batch.more = batch.flows.size() + batch.returns.size() >= limit;
  if (before && batch.flows.empty() && batch.returns.empty()) find_forgettable(db, *before, limit, batch);
  // The rows of what this batch purges may be past their time too.
  if (before && !(batch.flows.empty() && batch.returns.empty())) batch.more = true;
  return batch;
}

PurgeReport preview_purge(Connection& db, const PurgePlan& plan, Instant now) {
  constexpr std::size_t all = 1'000'000'000;
  PurgeReport report;
  for (const auto& which : limits_of(plan)) {
    std::vector<OldItem> found;
    find_flows(db, which, plan, all, found);
    for (const auto& one : found)
      count_purged(report, std::string(to_string(which.state)), one.authority,
                   bytes_of(db, bytes_of_flow, one.id).size, one.id);
  }
  std::vector<OldItem> returns;
  find_returns(db, plan, all, returns);
  for (const auto& one : returns)
    count_purged(report, "return", one.authority, bytes_of(db, bytes_of_return, one.id).size, one.id);
  if (const auto before = traces_limit(plan, now)) {
    PurgeBatch rows;
    find_forgettable(db, *before, all, rows);
    for (const auto* items : {&rows.old_flows, &rows.old_returns})
      for (const auto& one : *items)
        count_purged(report, "row", one.authority, 0, one.id);
  }
  return report;
}

PurgeReport purge_batch(Transaction& tx, const PurgePlan& plan, Instant now, const PurgeBatch& batch) {
  PurgeReport report;
  const auto limits = limits_of(plan);
  for (const auto& one : batch.flows)
    purge_flow(tx, plan, limits, one, report);
  for (const auto& one : batch.returns)
    purge_return(tx, plan, one, report);
  if (const auto before = traces_limit(plan, now)) forget(tx, plan, *before, batch, report);
  crash_point("purge_written");
  report.more = batch.more;
  return report;
}

}  // namespace demat::store
