#include <fmt/format.h>

#include "gateway/store/errors.hpp"
#include "gateway/store/retention.hpp"
#include "gateway/store/sqlite_history.hpp"
#include "gateway/store/sqlite_marches.hpp"
#include "gateway/store/sqlite_returns.hpp"
#include "gateway/store/sqlite_signature_requests.hpp"
#include "protocols/base/digest.hpp"

namespace demat::store {
namespace {

/// Final flows that nobody has touched since `before`, whose bytes were given up, and whose answers are as
/// old. What links to them keeps the id.
constexpr std::string_view old_flows =
    "SELECT f.id,f.authority FROM flow f INDEXED BY flow_by_time WHERE f.created_at<?1 AND f.updated_at<?1 "
    "AND"
    " f.purged_at IS NOT NULL AND f.state "
    "IN('acknowledged','partly_rejected','sent_final','refused','rejected',"
    "'cancelled') AND NOT EXISTS(SELECT 1 FROM answer a WHERE a.flow=f.id AND a.flow<>'' AND"
    " a.received_at>=?1) ORDER BY f.created_at LIMIT ?2";

constexpr std::string_view old_returns =
    "SELECT a.id,a.authority FROM answer a WHERE a.received_at<?1 AND a.flow='' AND a.purged_at IS NOT NULL"
    " AND NOT EXISTS(SELECT 1 FROM letter l WHERE l.mail=a.id)"
    " LIMIT ?2";

void find_old(Connection& db, std::string_view sql, Instant before, std::size_t limit,
              std::vector<OldItem>& out) {
  auto rows = db.prepare(sql);
  rows.bind(before, limit);
  while (rows.step()) {
    auto& one = out.emplace_back();
    rows.next(one.id);
    rows.next(one.authority);
  }
}

/// The last event that may go: older than `before`, and before the first event of any flow that is still
/// here.
void find_events(Connection& db, Instant before, std::size_t limit, PurgeBatch& batch) {
  auto first = db.prepare("SELECT min(sequence) FROM event");
  batch.first_event = first.step() ? first.next<std::uint64_t>() : 0;
  auto stay = db.prepare(
      "SELECT sequence FROM event e WHERE e.sequence>=?2 AND (e.at>=?1 OR (e.flow<>'' AND EXISTS(SELECT 1 "
      "FROM"
      " flow f WHERE f.id=e.flow))) ORDER BY sequence LIMIT 1");
  stay.bind(before, batch.first_event);
  const auto first_to_stay = stay.step() ? stay.next<std::uint64_t>() : 0;
  if (first_to_stay == 0 || first_to_stay <= batch.first_event) return;
  batch.last_event = std::min<std::uint64_t>(first_to_stay - 1, batch.first_event + limit - 1);
  batch.more = batch.more || batch.last_event < first_to_stay - 1;
}

/// A mail may speak of several flows; it goes with the last of them. Rows that name it move it to their flow.
void hand_over_mails(Transaction& tx, std::string_view id) {
  tx.db.run(
      "UPDATE answer SET flow=coalesce((SELECT l.acte FROM letter l WHERE l.mail=answer.id AND l.acte<>?1"
      " LIMIT 1),(SELECT n.flow FROM anomaly n WHERE n.answer=answer.id AND n.flow<>?1 LIMIT 1),flow)"
      " WHERE flow=?1 AND flow<>''",
      id);
}

void delete_actes(Transaction& tx, std::string_view id) {
  tx.db.run("DELETE FROM letter WHERE acte=?", id);
  tx.db.run("DELETE FROM acte WHERE flow=?", id);
  hand_over_mails(tx, id);
  tx.db.run("DELETE FROM mail WHERE item IN(SELECT id FROM answer WHERE flow=? AND flow<>'')", id);
}

/// The row of a payload stays for good: name, digests and size prove what the register said, in a few bytes.
void delete_flow(Transaction& tx, std::string_view id) {
  tx.db.run("DELETE FROM anomaly WHERE flow=?", id);
  tx.db.run("DELETE FROM finding WHERE flow=?", id);
  tx.db.run("DELETE FROM attempt WHERE flow=?", id);
  tx.db.run("DELETE FROM document WHERE flow=?", id);
  delete_actes(tx, id);
  tx.db.run("DELETE FROM answer WHERE flow=? AND flow<>''", id);
  forget_requests(tx, id);
  forget_numbers(tx, id);
  forget_marches(tx, id);
  tx.db.run("DELETE FROM flow WHERE id=?", id);
}

void note(Transaction& tx, const PurgePlan& plan, std::string_view code, std::string detail) {
  JournalEntry entry;
  entry.at = tx.now;
  entry.code = code;
  entry.actor = plan.actor;
  entry.reason = plan.reason;
  entry.detail = std::move(detail);
  tx.journal.append(tx.db, entry);
}

void forget_rows(Transaction& tx, const PurgePlan& plan, Instant before, const PurgeBatch& batch,
                 PurgeReport& report) {
  std::size_t flows = 0;
  for (const auto& one : batch.old_flows) {
    const std::string_view id = one.id;
    auto row = tx.db.prepare("SELECT 1 FROM flow WHERE id=? AND purged_at IS NOT NULL AND updated_at<?");
    if (!row.bind(id, before).step()) continue;
    delete_flow(tx, id);
    count_purged(report, "row", one.authority, 0, one.id);
    ++flows;
  }
  for (const auto& one : batch.old_returns) {
    tx.db.run("DELETE FROM anomaly WHERE answer=?", std::string_view(one.id));
    tx.db.run("DELETE FROM mail WHERE item=?", std::string_view(one.id));
    forget_pieces(tx, one.id);
    tx.db.run("DELETE FROM answer WHERE id=?", std::string_view(one.id));
    count_purged(report, "row", one.authority, 0, one.id);
  }
  if (flows + batch.old_returns.size() == 0) return;
  note(tx, plan, "rows.purged",
       fmt::format(R"({{"flows":{},"returns":{},"before":"{}"}})", flows, batch.old_returns.size(),
                   to_iso8601(before)));
}

void forget_events(Transaction& tx, const PurgePlan& plan, const PurgeBatch& batch, PurgeReport& report) {
  if (batch.last_event == 0) return;
  const auto chain = tx.journal.cut(tx.db, batch.last_event, tx.now, plan.actor, plan.reason);
  for (auto sequence = batch.first_event; sequence <= batch.last_event; ++sequence)
    count_purged(report, "event", AuthorityId{}, 0, {});
  note(tx, plan, "journal.purged",
       fmt::format(R"({{"first":{},"through":{},"chain":"{}"}})", batch.first_event, batch.last_event,
                   hex(as_bytes(chain))));
}

}  // namespace

void find_forgettable(Connection& db, Instant before, std::size_t limit, PurgeBatch& batch) {
  find_old(db, old_flows, before, limit, batch.old_flows);
  find_old(db, old_returns, before, limit, batch.old_returns);
  if (batch.old_flows.empty() && batch.old_returns.empty())
    find_events(db, before, limit, batch);
  else
    batch.more = true;
}

void forget(Transaction& tx, const PurgePlan& plan, Instant before, const PurgeBatch& batch,
            PurgeReport& report) {
  forget_rows(tx, plan, before, batch, report);
  forget_events(tx, plan, batch, report);
}

}  // namespace demat::store
