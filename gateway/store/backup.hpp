#pragma once

#include <filesystem>
#include <functional>

#include "gateway/store/access.hpp"
#include "gateway/store/manifest.hpp"

namespace demat::store {

/// Called between two pieces of long work; throws Refusal to end it.
using Progress = std::function<void(const std::string& phase, std::uint64_t done, std::uint64_t total)>;

/// Copies database, files and, if asked for, the key to a folder: the database first, as of one moment, then
/// the files it names. The caller sees to it that no purge removes files meanwhile. Damaged files do not stop
/// it, they are told in the manifest. Throws Refusal.
[[nodiscard]] Manifest make_backup(const Access& access, const std::filesystem::path& store_folder,
                                   const BackupOptions& options, const Progress& progress);

/// The finished backups below a folder, newest first.
[[nodiscard]] Result<std::vector<BackupInfo>> list_backups(const std::filesystem::path& folder);

struct RestoreOptions {
  std::filesystem::path from;
  std::filesystem::path to;           ///< must not exist, or be empty
  std::filesystem::path journal_key;  ///< when the backup does not include it
  std::string actor = "dematd restore";
};
struct RestoreReport {
  BackupInfo backup;
  std::uint64_t epoch = 0;  ///< the new one
  std::uint64_t uncertain = 0;
  std::vector<Sha256> missing;
};
/// Offline. Makes a store of a backup: all of it verified, a new epoch, sending paused ("restored"), every
/// flow that was not final `uncertain` (decisions, Durability). The database gets its name last: an
/// interrupted restore leaves no store. Errors: `backup.manifest`, `backup.damaged`, `backup.key`,
/// `store.exists`, `store.corrupt` and those of the disk.
[[nodiscard]] Result<RestoreReport> restore_backup(const RestoreOptions& options, const Clock& clock);

}  // namespace demat::store
