#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "gateway/base/crash_point.hpp"
#include "gateway/store/backup.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/journal_reading.hpp"
#include "gateway/store/schema.hpp"
#include "gateway/store/sqlite_mails.hpp"
#include "gateway/store/sqlite_returns.hpp"

namespace demat::store {
namespace {

namespace fs = std::filesystem;

void make_target(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Refusal(system_error(error.value(), "create the target folder"));
  if (!fs::is_empty(folder, error) || error) throw Refusal(store_exists(folder.string()));
  if (::chmod(folder.c_str(), 0700) != 0) throw Refusal(system_error(errno, "chmod the target folder"));
  need(Blobs::create_folders(folder));
}

fs::path key_for(const RestoreOptions& options, const Manifest& manifest) {
  if (!options.journal_key.empty()) return options.journal_key;
  if (!manifest.info.with_key) throw Refusal(backup_key_apart());
  return options.from / "journal.key";
}

/// Everything the manifest names, each byte checked on its way.
void copy_files(const RestoreOptions& options, const Manifest& manifest) {
  for (const auto& file : manifest.files) {
    if (file.path == "journal.key") continue;
    const auto target = options.to / (file.path == "dematd.db" ? "dematd.db.restoring" : file.path);
    std::error_code error;
    if (!fs::exists(options.from / file.path, error))
      throw Refusal(damaged_backup(file.path + " is missing"));
    const auto copied = copy_file(options.from / file.path, target, 0600);
    if (copied.sha256 != file.sha256 || copied.size != file.size)
      throw Refusal(damaged_backup(file.path + " is not what the manifest says"));
  }
}

void check_database(Connection& db, const JournalKey& key) {
  auto row = db.prepare("PRAGMA quick_check(1)");
  if (!row.step() || row.next<std::string>() != "ok") throw Refusal(damaged_backup("the database"));
  const auto verdict = verify_all(db, key);
  if (!verdict.check.intact)
    throw Refusal(damaged_backup(fmt::format("the journal at event {}", verdict.check.first_bad)));
}

struct Unfinished {
  FlowId id;
  flow::State state;
};

std::vector<Unfinished> unfinished_flows(Connection& db) {
  auto rows = db.prepare(
      "SELECT id,state FROM flow WHERE state "
      "IN('received','checked','to_sign','signed','ready','sending','sent',"
      "'held')");
  std::vector<Unfinished> out;
  while (rows.step()) {
    auto id = rows.next<FlowId>();
    const auto state = flow::state_from(rows.next<std::string>());
    if (!state) throw Refusal(corrupt("unknown state in a row"));
    out.push_back({std::move(id), *state});
  }
  return out;
}

/// The one change of state outside the table of transitions: no daemon runs, and nobody knows what became of
/// the flow after the backup was made. Where it stood is kept: a person who finds out that it was not sent
/// puts it back there.
void make_uncertain(Transaction& tx, const Unfinished& one, const std::string& actor) {
  tx.db.run(
      "UPDATE flow SET state='uncertain',restored_from=?,updated_at=?,next_attempt_at=NULL,waiting_code='',"
      "waits_for='',"
      "lease_owner='',lease_until=NULL,fence=fence+1 WHERE id=?",
      to_string(one.state), tx.now, one.id);
  tx.db.run("UPDATE attempt SET outcome='lost',ended_at=? WHERE flow=? AND outcome='open'", tx.now, one.id);
  JournalEntry entry;
  entry.flow = one.id;
  entry.at = tx.now;
  entry.code = "flow.restored";
  entry.from = one.state;
  entry.to = flow::State::uncertain;
  entry.actor = actor;
  tx.journal.append(tx.db, entry);
}

void start_epoch(Transaction& tx, const Manifest& manifest, const std::string& actor, RestoreReport& report) {
  report.epoch = manifest.info.epoch + 1;
  tx.db.run("INSERT INTO setting(name,value) VALUES('epoch',?1) ON CONFLICT(name) DO UPDATE SET value=?1",
            std::string_view(std::to_string(report.epoch)));
  JournalEntry entry;
  entry.at = tx.now;
  entry.code = "store.restored";
  entry.actor = actor;
  entry.detail = fmt::format(R"({{"epoch":{},"taken_at":"{}","sequence":{}}})", report.epoch,
                             to_iso8601(manifest.info.taken_at), manifest.info.sequence);
  tx.journal.append(tx.db, entry);
  for (const auto& one : unfinished_flows(tx.db)) {
    make_uncertain(tx, one, actor);
    ++report.uncertain;
  }
  stop_mails(tx);
  stop_acquits(tx);
  // Names that were given after the backup was made must not be given again.
  constexpr int gap = 200;
  tx.db.run("UPDATE counter SET value=value+?", gap);
  tx.db.run(
      "INSERT INTO pause(destination,kind,actor,reason,since,until) VALUES('*','restored',?,'restore',?,NULL)"
      " ON CONFLICT(destination) DO UPDATE SET kind='restored',actor=excluded.actor,reason=excluded.reason,"
      "since=excluded.since,until=NULL",
      actor, tx.now);
}

void mark(const RestoreOptions& options, const Manifest& manifest, const JournalKey& key, Instant now,
          RestoreReport& report) {
  Connection db(options.to / "dematd.db.restoring", Connection::Mode::write);
  check_database(db, key);
  migrate(db, now);
  Journal journal(db, key);
  Blobs blobs(options.to);
  Transaction tx{db, journal, blobs, now, manifest.info.environment};
  db.execute("BEGIN EXCLUSIVE");
  start_epoch(tx, manifest, options.actor, report);
  journal.before_commit(db);
  db.execute("COMMIT");
  db.execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE");
}

void finish(const fs::path& folder) {
  std::error_code error;
  for (unsigned first = 0; first < 256; ++first)
    need(sync_folder(folder / "blobs" / fmt::format("{:02x}", first)));
  crash_point("restore_before_name");
  fs::rename(folder / "dematd.db.restoring", folder / "dematd.db", error);
  if (error) throw Refusal(system_error(error.value(), "name the database"));
  need(sync_folder(folder));
}

}  // namespace

Result<RestoreReport> restore_backup(const RestoreOptions& options, const Clock& clock) try {
  const auto manifest = read_manifest(options.from);
  const auto key_file = key_for(options, manifest);
  const auto key = JournalKey::load(key_file);
  check_manifest(options.from, key);
  make_target(options.to);
  copy_files(options, manifest);
  static_cast<void>(copy_file(key_file, options.to / "journal.key", 0600));
  RestoreReport report;
  report.backup = manifest.info;
  report.missing = manifest.missing;
  mark(options, manifest, key, clock.now(), report);
  finish(options.to);
  return report;
} catch (const Refusal& refusal) {
  return failure(refusal.error());
}

}  // namespace demat::store
