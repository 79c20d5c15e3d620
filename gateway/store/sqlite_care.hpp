#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>

#include "gateway/store/access.hpp"
#include "gateway/store/backup.hpp"
#include "gateway/store/care.hpp"

namespace demat::store {

/// Care over SQLite. Chores run on a thread of their own that ends with this object.
class SqliteCare final : public Care {
 public:
  SqliteCare(const Access& access, std::filesystem::path folder)
      : access_(access), folder_(std::move(folder)) {}

  Result<Page<Trace>> traces(const TraceFilter& filter, const std::string& cursor,
                             std::size_t limit) override;
  Result<Payload> export_traces(const TraceFilter& filter, TraceFormat format) override;
  Result<PurgeReport> preview(const PurgePlan& plan, Instant now) override;
  Result<PurgeReport> purge(const PurgePlan& plan, Instant now, std::size_t limit) override;
  Result<Page<JournalLine>> search(const JournalFilter& filter, const std::string& cursor,
                                   std::size_t limit) override;
  Result<Payload> export_journal(const JournalFilter& filter) override;
  Result<Page<Anchor>> anchors(const std::string& cursor, std::size_t limit) override;
  Result<Anchor> anchor_now() override;
  Result<JournalVerdict> verify_chain() override;
  Status note_refused(const std::vector<RefusedClient>& clients) override;
  Status start_backup(const BackupOptions& options) override;
  Status start_verify(Depth depth, std::uint64_t bytes_per_second, const std::string& actor) override;
  Chore chore() const override;
  std::optional<VerifyReport> last_verify() const override;
  Result<std::optional<Instant>> last_scrub() override;
  Result<std::uint64_t> epoch() override;
  Result<std::uint64_t> free_disk() override;

 private:
  /// Starts `work` unless another chore runs (chores.cpp).
  Status start(const std::string& kind, std::function<void(const Progress&)> work);
  void run(const std::stop_token& stop, const std::function<void(const Progress&)>& work);
  void back_up(const BackupOptions& options, const Progress& progress);
  void verify(Depth depth, std::uint64_t bytes_per_second, const std::string& actor,
              const Progress& progress);

  const Access& access_;
  std::filesystem::path folder_;
  std::mutex files_;          ///< held by whoever removes or copies files of the store
  mutable std::mutex mutex_;  ///< guards chore_, verify_ and thread_
  Chore chore_;
  std::optional<VerifyReport> verify_;
  std::jthread thread_;  // last: it uses all the others
};

}  // namespace demat::store
