#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "gateway/base/clock.hpp"
#include "gateway/store/store.hpp"

namespace demat::store {

struct SqliteOptions {
  std::filesystem::path folder;  ///< holds dematd.db, blobs/, tmp/, journal.key and the lock
  std::string environment;       ///< must equal what the store was made with: `store.environment`
  std::size_t inline_payload;    ///< bytes; see limits::inline_payload
  std::uint32_t max_pages = 0;   ///< the database grows no further (8 KiB pages); 0: no bound
};

/// Makes the folder, the database and the journal key; refuses an existing store (`store.exists`).
[[nodiscard]] Status create_sqlite_store(const SqliteOptions& options);

/// Opens under an exclusive lock (`store.locked`), migrating older schemas; unknown newer ones are refused.
/// `clock` must outlive the store.
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options,
                                                               const Clock& clock);

}  // namespace demat::store
