#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "gateway/store/actes.hpp"
#include "protocols/actes/classification.hpp"

namespace demat::actes_road {

/// When an authority's classification came, and when it is asked for anew.
struct ClassificationPlan {
  std::optional<Instant> received_at;  ///< the latest 7-2
  std::optional<Instant> asked_at;     ///< the latest 7-1
  FlowId under_way;                    ///< the 7-1 that awaits its answer, if any
  std::optional<Instant> next_at;      ///< none while one is under way, none was ever asked for, or it is off
};

/// A 7-1 without an answer for this long is not under way any more: none will come (actes 5.4).
inline constexpr std::chrono::days request_life{30};

/// The classification of each authority, read once per version (actes 8-15). Thread-safe.
class Classifications {
 public:
  explicit Classifications(store::Actes& store) : store_(store) {}

  /// The latest 7-2 of the authority; the built-in one, without date, while it has none.
  [[nodiscard]] Result<std::shared_ptr<const actes::Classification>> of(const AuthorityId& authority);

  /// Counted from the latest 7-1 or 7-2, whichever is later; from a 7-1 that failed one day.
  [[nodiscard]] Result<ClassificationPlan> plan(const flow::ActesSettings& settings, Instant now);

 private:
  store::Actes& store_;
  std::mutex mutex_;
  std::map<AuthorityId, std::pair<Instant, std::shared_ptr<const actes::Classification>>> known_;
};

}  // namespace demat::actes_road
