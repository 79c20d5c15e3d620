#pragma once

#include "gateway/store/care.hpp"
#include "gateway/store/transaction.hpp"

namespace demat::store {

/// What a plan would take. Throws Refusal.
[[nodiscard]] PurgeReport preview_purge(Connection& db, const PurgePlan& plan, Instant now);

struct OldItem {
  std::string id;
  AuthorityId authority;
};
/// What one batch is about, found on a reader so that no write waits for the search.
struct PurgeBatch {
  std::vector<OldItem> flows;      ///< whose bytes go
  std::vector<OldItem> returns;    ///< whose bytes go
  std::vector<OldItem> old_flows;  ///< whose rows go
  std::vector<OldItem> old_returns;
  std::uint64_t first_event = 0;  ///< events from here
  std::uint64_t last_event = 0;   ///< to here; 0: none
  bool more = false;
  [[nodiscard]] bool empty() const {
    return flows.empty() && returns.empty() && old_flows.empty() && old_returns.empty() && last_event == 0;
  }
};
/// Rows go when no bytes are left to go, events when no rows are.
[[nodiscard]] PurgeBatch find_batch(Connection& db, const PurgePlan& plan, Instant now, std::size_t limit);

/// Takes a batch away; what has changed meanwhile stays. Throws Refusal.
[[nodiscard]] PurgeReport purge_batch(Transaction& tx, const PurgePlan& plan, Instant now,
                                      const PurgeBatch& batch);

// forgetting.cpp: rows past `before`, and the events before the first one that still belongs to a flow,
// behind a signed checkpoint.
void find_forgettable(Connection& db, Instant before, std::size_t limit, PurgeBatch& batch);
void forget(Transaction& tx, const PurgePlan& plan, Instant before, const PurgeBatch& batch,
            PurgeReport& report);

/// Adds to the line of `what` and `authority`.
void count_purged(PurgeReport& report, const std::string& what, const AuthorityId& authority,
                  std::uint64_t bytes, const std::string& example);

}  // namespace demat::store
