#include "gateway/base/crash_point.hpp"
#include "gateway/store/operations.hpp"

namespace demat::store {
RecoveryReport recover_store(Transaction& tx) {
  RecoveryReport report;
  report.temporary_files_swept = tx.blobs.sweep_temporary();
  // No worker of a former process lives any more (exclusive lock): every lease is void, every send
  // unfinished.
  tx.db.run(
      "UPDATE flow INDEXED BY flow_leased SET lease_owner='',lease_until=NULL,fence=fence+1"
      " WHERE state<>'sending' AND lease_until IS NOT NULL");
  report.leases_cleared = static_cast<std::size_t>(tx.db.changes());
  tx.db.run(
      "UPDATE flow INDEXED BY flow_leased SET lease_until=NULL WHERE state='sending' AND lease_until IS NOT "
      "NULL");
  report.interrupted_sends = expire_sends_of(tx, tx.now).size();
  crash_point("recover_changed");
  return report;
}

namespace {

constexpr std::size_t piece = 500;

/// A file that no row names may be about to get one: that is looked at again on the writer's thread, where
/// blobs are given their names and rows in one go.
void remove_orphans(const Access& access, const std::function<bool()>& go_on, RecoveryReport& report) {
  access.blobs.visit(piece, [&](const std::vector<Sha256>& names) {
    const auto unnamed = need(access.read([&](Connection& db) { return access.blobs.unnamed(db, names); }));
    if (!unnamed.empty())
      report.orphan_blobs +=
          need(access.write([&](Transaction& tx) { return tx.blobs.remove_unnamed(tx.db, unnamed); }));
    return go_on();
  });
}

struct NamedFile {
  Sha256 name;
  std::uint64_t size = 0;
};

std::vector<NamedFile> files_after(Connection& db, const Sha256& last) {
  auto rows = db.prepare(
      "SELECT sha256,size FROM payload INDEXED BY payload_in_file WHERE bytes IS NULL AND purged_at IS NULL "
      "AND sha256>? ORDER BY "
      "sha256"
      " LIMIT ?");
  rows.bind(last, piece);
  std::vector<NamedFile> out;
  while (rows.step()) {
    auto& file = out.emplace_back();
    rows.next(file.name);
    rows.next(file.size);
  }
  return out;
}

void find_missing(const Access& access, const std::function<bool()>& go_on, RecoveryReport& report) {
  Sha256 last;
  for (;;) {
    const auto files = need(access.read([&](Connection& db) { return files_after(db, last); }));
    for (const auto& file : files)
      if (!access.blobs.has_file(file.name, file.size)) report.missing_blobs.push_back(file.name);
    if (files.size() < piece || !go_on()) return;
    last = files.back().name;
  }
}

}  // namespace

Result<RecoveryReport> reconcile_blobs(const Access& access, const std::function<bool()>& go_on) try {
  RecoveryReport report;
  remove_orphans(access, go_on, report);
  if (go_on()) find_missing(access, go_on, report);
  return report;
} catch (const Refusal& refusal) {
  return failure(refusal.error());
}

void probe_write(Transaction& tx) {
  tx.db.run(
      "INSERT INTO setting(name,value) VALUES('last_probe',?1) ON CONFLICT(name) DO UPDATE SET value=?1",
      to_iso8601(tx.now));
}

}  // namespace demat::store
