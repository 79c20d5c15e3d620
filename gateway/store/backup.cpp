#include "gateway/store/backup.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "gateway/base/crash_point.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/schema.hpp"

namespace demat::store {
namespace {

namespace fs = std::filesystem;

void make_empty_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Refusal(bad_backup_folder(folder.string() + ": " + error.message()));
  if (!fs::is_empty(folder, error) || error) throw Refusal(bad_backup_folder(folder.string()));
  if (::chmod(folder.c_str(), 0700) != 0) throw Refusal(system_error(errno, "chmod the backup folder"));
}

std::uint64_t number_from(Connection& db, std::string_view sql, std::uint64_t otherwise) {
  auto row = db.prepare(sql);
  return row.step() ? row.next<std::uint64_t>() : otherwise;
}

/// One snapshot: the copy of the database and what the manifest says about it.
void copy_database(const Access& access, const fs::path& target, Manifest& manifest,
                   const Progress& progress) {
  const auto copied = access.read([&](Connection& db) {
    manifest.info.sequence = number_from(db, "SELECT sequence FROM journal_head", 0);
    manifest.info.epoch = number_from(db, "SELECT CAST(value AS INTEGER) FROM setting WHERE name='epoch'", 1);
    manifest.schema = schema_of(db);
    db.copy_to(target, [&](std::uint64_t done, std::uint64_t total) { progress("database", done, total); });
    return true;
  });
  if (!copied) throw Refusal(copied.error());
  // One file, without a log beside it, whoever opens it next.
  Connection(target, Connection::Mode::create).execute("PRAGMA journal_mode=DELETE");
  if (::chmod(target.c_str(), 0600) != 0) throw Refusal(system_error(errno, "chmod the copy"));
  const auto file = open_file(target, O_RDWR);
  if (!file) throw Refusal(file.error());
  need(sync_file(file->number()));
  auto entry = digest_of(target);
  entry.path = "dematd.db";
  manifest.files.push_back(std::move(entry));
}

/// A file that is gone or whose bytes are not its name's is told, and does not keep the rest from being
/// saved.
void copy_blob(const Access& access, const fs::path& folder, const Sha256& name, Manifest& manifest) {
  const auto path = fs::path("blobs") / name.str().substr(0, 2) / name.str().substr(2);
  std::error_code error;
  if (!fs::exists(access.blobs.path_of(name), error)) {
    manifest.missing.push_back(name);
    return;
  }
  auto entry = copy_file(access.blobs.path_of(name), folder / path, 0600);
  if (entry.sha256 != name) {
    manifest.missing.push_back(name);
    fs::remove(folder / path, error);
    return;
  }
  entry.path = path.string();
  manifest.files.push_back(std::move(entry));
}

void copy_blobs(const Access& access, const fs::path& folder, Manifest& manifest, const Progress& progress) {
  need(Blobs::create_folders(folder));
  Connection db(folder / "dematd.db", Connection::Mode::read);
  constexpr std::string_view in_files =
      "FROM payload WHERE bytes IS NULL AND purged_at IS NULL AND sha256>''";
  const auto total = number_from(db, fmt::format("SELECT count(*) {}", in_files), 0);
  auto rows = db.prepare(fmt::format("SELECT sha256 {} ORDER BY sha256", in_files));
  for (std::uint64_t done = 0; rows.step(); ++done) {
    copy_blob(access, folder, rows.next<Sha256>(), manifest);
    progress("blobs", done + 1, total);
  }
  std::error_code error;
  fs::remove(folder / "tmp", error);
  for (unsigned first = 0; first < 256; ++first)
    need(sync_folder(folder / "blobs" / fmt::format("{:02x}", first)));
}

}  // namespace

Manifest make_backup(const Access& access, const fs::path& store_folder, const BackupOptions& options,
                     const Progress& progress) {
  make_empty_folder(options.folder);
  Manifest manifest;
  manifest.info.name = options.folder.filename().string();
  manifest.info.environment = access.environment;
  manifest.info.taken_at = access.clock.now();
  manifest.info.with_key = options.with_key;
  copy_database(access, options.folder / "dematd.db", manifest, progress);
  crash_point("backup_database_copied");
  copy_blobs(access, options.folder, manifest, progress);
  if (options.with_key) {
    auto entry = copy_file(store_folder / "journal.key", options.folder / "journal.key", 0600);
    entry.path = "journal.key";
    manifest.files.push_back(std::move(entry));
  }
  need(sync_folder(options.folder / "blobs"));
  crash_point("backup_before_manifest");
  write_manifest(options.folder, manifest, access.key);
  manifest.info.files = manifest.files.size();
  for (const auto& file : manifest.files)
    manifest.info.bytes += file.size;
  return manifest;
}

Result<std::vector<BackupInfo>> list_backups(const fs::path& folder) {
  std::vector<BackupInfo> out;
  std::error_code error;
  for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    std::error_code unseen;
    if (!fs::exists(at->path() / manifest_name, unseen)) continue;
    try {
      out.push_back(read_manifest(at->path()).info);
      out.back().name = at->path().filename().string();
    } catch (const Refusal&) {
      continue;  // a folder of somebody else's: no backup of ours
    }
  }
  if (error && error != std::errc::no_such_file_or_directory)
    return failure(bad_backup_folder(folder.string() + ": " + error.message()));
  std::sort(out.begin(), out.end(),
            [](const BackupInfo& a, const BackupInfo& b) { return a.taken_at > b.taken_at; });
  return out;
}

}  // namespace demat::store
