#pragma once

#include <filesystem>

#include "gateway/config/settings.hpp"
#include "gateway/store/backup.hpp"

/// What `dematd` does with a store while no daemon runs on it. Each prints a report on standard output, why
/// it failed on standard error, and gives the exit code: 0 done and sound, 1 failed, 3 the store is damaged.
namespace demat {

inline constexpr int exit_damaged = 3;

/// `dematd restore`
[[nodiscard]] int run_restore(const store::RestoreOptions& options);
/// `dematd backup`
[[nodiscard]] int run_backup(const config::Settings& settings, const store::BackupOptions& options);
/// `dematd verify-store`
[[nodiscard]] int run_verify(const config::Settings& settings, store::Depth depth);

/// An error, French then English, on standard error.
void print_error(const Error& error);

}  // namespace demat
