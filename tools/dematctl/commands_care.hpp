#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/dematctl/commands.hpp"

/// Looking after the store: what the commands do (care.cpp, chores.cpp).
namespace demat::ctl {

struct TraceOptions {
  std::string from;
  std::string to;
  std::string format = "csv";
  std::filesystem::path output;  ///< empty: standard output
  std::size_t limit = 50;        ///< of a list; 0: all
};
[[nodiscard]] Exit traces_list(Session& session, const TraceOptions& options);
[[nodiscard]] Exit traces_export(Session& session, const TraceOptions& options);

struct PurgeOptions {
  bool dry_run = false;
  std::string reason;
  std::size_t older_than_days = 0;  ///< 0: the configured retention
  std::vector<std::string> states;
  std::string authority;
};
/// Asks batch after batch until nothing is left.
[[nodiscard]] Exit purge(Session& session, const PurgeOptions& options);

struct JournalOptions {
  std::string flow;
  std::string actor;
  std::string code;
  std::string from;
  std::string to;
  std::string first;
  std::string last;
  std::size_t limit = 50;
  std::filesystem::path output;
};
[[nodiscard]] Exit journal_search(Session& session, const JournalOptions& options);
[[nodiscard]] Exit journal_export(Session& session, const JournalOptions& options);
[[nodiscard]] Exit journal_anchors(Session& session, const JournalOptions& options);
[[nodiscard]] Exit journal_anchor(Session& session);

struct BackupOptions {
  std::string name;
  bool with_key = false;
  bool no_wait = false;
};
[[nodiscard]] Exit backup(Session& session, const BackupOptions& options);
[[nodiscard]] Exit backups_list(Session& session);

struct VerifyOptions {
  bool full = false;
  std::size_t bytes_per_second = 0;
  bool no_wait = false;
};
/// Ends with Exit::refused when the store is not sound.
[[nodiscard]] Exit verify_store(Session& session, const VerifyOptions& options);

}  // namespace demat::ctl
