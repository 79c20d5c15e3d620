#pragma once

#include <filesystem>
#include <mutex>

#include "gateway/store/access.hpp"
#include "gateway/store/care.hpp"

namespace demat::store {

/// Care over SQLite.
class SqliteCare final : public Care {
 public:
  explicit SqliteCare(const Access& access) : access_(access) {}

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
  Result<std::uint64_t> epoch() override;
  Result<std::uint64_t> free_disk() override;

 private:
  const Access& access_;
  std::mutex files_;  ///< held by whoever removes or copies files of the store
};

}  // namespace demat::store
