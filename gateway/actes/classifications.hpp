#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "gateway/store/actes.hpp"
#include "protocols/actes/classification.hpp"

namespace demat::actes_road {

/// The classification of each authority, read once per version (actes 8-15). Thread-safe.
class Classifications {
 public:
  explicit Classifications(store::Actes& store) : store_(store) {}

  /// The latest 7-2 of the authority; the built-in one, without date, while it has none.
  [[nodiscard]] Result<std::shared_ptr<const actes::Classification>> of(const AuthorityId& authority);

 private:
  store::Actes& store_;
  std::mutex mutex_;
  std::map<AuthorityId, std::pair<Instant, std::shared_ptr<const actes::Classification>>> known_;
};

}  // namespace demat::actes_road
