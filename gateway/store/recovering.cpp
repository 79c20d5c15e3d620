#include "gateway/base/crash_point.hpp"
#include "gateway/store/operations.hpp"

namespace demat::store {

RecoveryReport recover_store(Transaction& tx) {
  RecoveryReport report;
  // No worker of a former process lives any more (exclusive lock): every lease is void, every send
  // unfinished.
  tx.db.run(
      "UPDATE flow SET lease_owner='',lease_until=NULL,fence=fence+1 WHERE state<>'sending' AND"
      " lease_until IS NOT NULL");
  report.leases_cleared = static_cast<std::size_t>(tx.db.changes());
  tx.db.run("UPDATE flow SET lease_until=NULL WHERE state='sending'");
  report.interrupted_sends = expire_sends_of(tx, tx.now).size();
  crash_point("recover_changed");
  return report;
}

void reconcile_blobs(Connection& db, const Blobs& blobs, RecoveryReport& report) {
  report.temporary_files_swept = blobs.sweep_temporary();
  report.orphan_blobs = blobs.remove_orphans(db);
  auto rows = db.prepare("SELECT sha256,size FROM payload WHERE bytes IS NULL");
  while (rows.step()) {
    const auto name = rows.next<Sha256>();
    if (!blobs.has_file(name, rows.next<std::uint64_t>())) report.missing_blobs.push_back(name);
  }
}

void probe_write(Transaction& tx) {
  tx.db.run(
      "INSERT INTO setting(name,value) VALUES('last_probe',?1) ON CONFLICT(name) DO UPDATE SET value=?1",
      to_iso8601(tx.now));
}

}  // namespace demat::store
