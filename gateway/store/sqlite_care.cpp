#include "gateway/store/sqlite_care.hpp"

#include "gateway/store/errors.hpp"
#include "gateway/store/file.hpp"
#include "gateway/store/journal_reading.hpp"
#include "gateway/store/operations.hpp"
#include "gateway/store/retention.hpp"
#include "gateway/store/spool.hpp"
#include "gateway/store/traces.hpp"
#include "protocols/base/limits.hpp"

namespace demat::store {
Result<Page<Trace>> SqliteCare::traces(const TraceFilter& filter, const std::string& cursor,
                                       std::size_t limit) {
  return access_.read([&](Connection& db) { return list_traces(db, filter, cursor, limit); });
}

/// Page by page, each over a snapshot of its own, so that a long export holds nothing up.
Result<Payload> SqliteCare::export_traces(const TraceFilter& filter, TraceFormat format) try {
  const auto now = access_.clock.now();
  TraceFilter bounded = filter;
  if (!bounded.to) bounded.to = now;
  Spool spool(access_.blobs.staging()->path());
  spool.add(trace_head(format, filter, access_.environment, now));
  std::string cursor;
  do {
    const auto page = need(
        access_.read([&](Connection& db) { return list_traces(db, bounded, cursor, limits::max_page); }));
    for (const auto& trace : page.items)
      spool.add(trace_text(format, trace));
    cursor = page.next;
  } while (!cursor.empty());
  spool.add(trace_foot(format));
  return std::move(spool).finish();
} catch (const Refusal& refusal) {
  return failure(refusal.error());
}

Result<PurgeReport> SqliteCare::preview(const PurgePlan& plan, Instant now) {
  return access_.read([&](Connection& db) { return preview_purge(db, plan, now); });
}

Result<PurgeReport> SqliteCare::purge(const PurgePlan& plan, Instant now, std::size_t limit) {
  const std::unique_lock files(files_, std::try_to_lock);
  if (!files) return failure(backup_runs());
  const auto batch = access_.read([&](Connection& db) { return find_batch(db, plan, now, limit); });
  if (!batch) return failure(batch.error());
  if (batch->empty()) return PurgeReport{};
  return access_.write([&](Transaction& tx) { return purge_batch(tx, plan, now, *batch); });
}

Result<Page<JournalLine>> SqliteCare::search(const JournalFilter& filter, const std::string& cursor,
                                             std::size_t limit) {
  return access_.read([&](Connection& db) { return search_journal(db, filter, cursor, limit); });
}

Result<Payload> SqliteCare::export_journal(const JournalFilter& filter) try {
  constexpr std::size_t piece = 1000;
  Spool spool(access_.blobs.staging()->path());
  for (const auto& one : need(access_.read([](Connection& db) { return list_checkpoints(db); })))
    spool.add(json_line(one));
  std::uint64_t after = 0;
  bool more = true;
  while (more) {
    std::vector<JournalLine> lines;
    more = need(access_.read([&](Connection& db) { return next_lines(db, filter, after, piece, lines); }));
    for (const auto& line : lines)
      spool.add(json_line(line));
  }
  std::string cursor;
  do {
    const auto page =
        need(access_.read([&](Connection& db) { return list_anchors(db, cursor, limits::max_page); }));
    for (const auto& anchor : page.items)
      spool.add(json_line(anchor));
    cursor = page.next;
  } while (!cursor.empty());
  spool.add(need(access_.read([](Connection& db) { return head_line(db); })));
  return std::move(spool).finish();
} catch (const Refusal& refusal) {
  return failure(refusal.error());
}

Result<Page<Anchor>> SqliteCare::anchors(const std::string& cursor, std::size_t limit) {
  return access_.read([&](Connection& db) { return list_anchors(db, cursor, limit); });
}

Result<Anchor> SqliteCare::anchor_now() {
  auto anchored = access_.write([](Transaction& tx) { tx.journal.anchor(tx.db, tx.now); });
  if (!anchored) return failure(anchored.error());
  auto page = anchors({}, 1);
  if (!page) return failure(page.error());
  if (page->items.empty()) return failure(not_found("anchor"));
  return page->items.front();
}

Result<JournalVerdict> SqliteCare::verify_chain() {
  return access_.read([&](Connection& db) { return verify_all(db, access_.key); });
}

Status SqliteCare::note_refused(const std::vector<RefusedClient>& clients) {
  return access_.write([&](Transaction& tx) { note_refused_clients(tx, clients); });
}

Result<std::uint64_t> SqliteCare::epoch() {
  return access_.read([](Connection& db) -> std::uint64_t {
    auto row = db.prepare("SELECT CAST(value AS INTEGER) FROM setting WHERE name='epoch'");
    return row.step() ? row.next<std::uint64_t>() : 1;
  });
}

Result<std::uint64_t> SqliteCare::free_disk() {
  return free_space(access_.blobs.staging()->path());
}

}  // namespace demat::store
