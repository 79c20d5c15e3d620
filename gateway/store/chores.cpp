#include <fmt/format.h>

#include "gateway/store/errors.hpp"
#include "gateway/store/sqlite_care.hpp"
#include "gateway/store/verifying.hpp"

namespace demat::store {
namespace {

JournalEntry entry_of(Transaction& tx, std::string_view code, const std::string& actor, std::string detail) {
  JournalEntry entry;
  entry.at = tx.now;
  entry.code = code;
  entry.actor = actor;
  entry.detail = std::move(detail);
  return entry;
}

}  // namespace

Status SqliteCare::start(const std::string& kind, std::function<void(const Progress&)> work) {
  const std::lock_guard lock(mutex_);
  if (chore_.running) return failure(chore_runs(chore_.kind));
  chore_ = {};
  chore_.kind = kind;
  chore_.running = true;
  chore_.began_at = access_.clock.now();
  // The former thread has ended its work already: replacing it only joins it.
  thread_ = std::jthread([this, work = std::move(work)](const std::stop_token& stop) { run(stop, work); });
  return {};
}

void SqliteCare::run(const std::stop_token& stop, const std::function<void(const Progress&)>& work) {
  std::optional<Error> error;
  try {
    work([this, &stop](const std::string& phase, std::uint64_t done, std::uint64_t total) {
      if (stop.stop_requested()) throw Refusal(busy("the gateway stops"));
      const std::lock_guard lock(mutex_);
      chore_.phase = phase;
      chore_.done = done;
      chore_.total = total;
    });
  } catch (const Refusal& refusal) {
    error = refusal.error();
  } catch (const std::exception& broken) {
    error = input_output(broken.what());
  }
  const std::lock_guard lock(mutex_);
  chore_.running = false;
  chore_.ended_at = access_.clock.now();
  chore_.error = std::move(error);
}

void SqliteCare::back_up(const BackupOptions& options, const Progress& progress) {
  const std::lock_guard files(files_);  // no purge takes away what the copied database names
  const auto manifest = make_backup(access_, folder_, options, progress);
  need(access_.write([&](Transaction& tx) {
    tx.journal.append(
        tx.db, entry_of(tx, "store.backed_up", options.actor,
                        fmt::format(R"({{"sequence":{},"files":{},"bytes":{},"missing":{},"with_key":{}}})",
                                    manifest.info.sequence, manifest.info.files, manifest.info.bytes,
                                    manifest.missing.size(), manifest.info.with_key)));
    tx.db.run(
        "INSERT INTO setting(name,value) VALUES('last_backup',?1) ON CONFLICT(name) DO UPDATE SET"
        " value=?1",
        to_iso8601(manifest.info.taken_at));
  }));
  if (!manifest.missing.empty())
    throw Refusal(
        corrupt(fmt::format("the backup is made, without {} payloads that are gone or damaged, first {}",
                            manifest.missing.size(), manifest.missing.front().str())));
}

Status SqliteCare::start_backup(const BackupOptions& options) {
  return start("backup", [this, options](const Progress& progress) { back_up(options, progress); });
}

void SqliteCare::verify(Depth depth, std::uint64_t bytes_per_second, const std::string& actor,
                        const Progress& progress) {
  const auto told = [this](const VerifyReport& report) {
    const std::lock_guard lock(mutex_);
    verify_ = report;
  };
  const auto report = verify_everything(access_, depth, bytes_per_second, progress, told);
  need(access_.write([&](Transaction& tx) {
    tx.journal.append(
        tx.db, entry_of(tx, "store.verified", actor,
                        fmt::format(R"({{"depth":"{}","payloads":{},"bytes":{},"troubles":{}}})",
                                    depth == Depth::full ? "full" : "quick", report.payloads, report.bytes,
                                    report.trouble_count)));
    if (depth == Depth::full && report.sound())
      tx.db.run(
          "INSERT INTO setting(name,value) VALUES('last_scrub',?1) ON CONFLICT(name) DO UPDATE SET"
          " value=?1",
          to_iso8601(report.began_at));
  }));
}

Status SqliteCare::start_verify(Depth depth, std::uint64_t bytes_per_second, const std::string& actor) {
  return start("verify", [this, depth, bytes_per_second, actor](const Progress& progress) {
    verify(depth, bytes_per_second, actor, progress);
  });
}

Chore SqliteCare::chore() const {
  const std::lock_guard lock(mutex_);
  return chore_;
}

std::optional<VerifyReport> SqliteCare::last_verify() const {
  const std::lock_guard lock(mutex_);
  return verify_;
}

Result<std::optional<Instant>> SqliteCare::last_scrub() {
  return access_.read([](Connection& db) -> std::optional<Instant> {
    auto row = db.prepare("SELECT value FROM setting WHERE name='last_scrub'");
    if (!row.step()) return std::nullopt;
    const auto at = from_iso8601(row.next<std::string>());
    if (!at) return std::nullopt;
    return *at;
  });
}

}  // namespace demat::store
