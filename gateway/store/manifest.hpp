#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gateway/store/care.hpp"
#include "gateway/store/journal.hpp"

namespace demat::store {

/// What a backup is made of: written last, so that a folder without it is no backup. Plain text, one fact per
/// line, under a mac by the journal key: nobody without the key can change a backup unseen.
struct Manifest {
  struct File {
    Sha256 sha256;
    std::uint64_t size = 0;
    std::string path;  ///< below the backup's folder
  };
  BackupInfo info;
  int schema = 0;
  std::vector<File> files;
  std::vector<Sha256> missing;  ///< payloads that were gone or damaged already when the backup was made
};
inline constexpr const char* manifest_name = "manifest.txt";

/// Durable when it returns. Throws Refusal.
void write_manifest(const std::filesystem::path& folder, const Manifest& manifest, const JournalKey& key);
/// Without its mac being checked. Throws Refusal `backup.manifest`.
[[nodiscard]] Manifest read_manifest(const std::filesystem::path& folder);
/// Throws Refusal `backup.manifest` when it was not written with this key.
void check_manifest(const std::filesystem::path& folder, const JournalKey& key);

/// Copies a file while hashing, durable when it returns. Throws Refusal.
[[nodiscard]] Manifest::File copy_file(const std::filesystem::path& from, const std::filesystem::path& to,
                                       unsigned mode);
/// The digest of a file; what cannot be read throws Refusal.
[[nodiscard]] Manifest::File digest_of(const std::filesystem::path& file);

}  // namespace demat::store
