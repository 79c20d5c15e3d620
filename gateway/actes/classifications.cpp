#include "gateway/actes/classifications.hpp"

namespace demat::actes_road {

Result<std::shared_ptr<const actes::Classification>> Classifications::of(const AuthorityId& authority) {
  const auto stored = store_.classification(authority);
  if (!stored) return failure(stored.error());
  if (!*stored) return std::make_shared<const actes::Classification>(actes::builtin_classification());
  const auto& row = **stored;
  {
    const std::lock_guard lock(mutex_);
    const auto known = known_.find(authority);
    if (known != known_.end() && known->second.first == row.received_at) return known->second.second;
  }
  auto read = actes::read_classification(row.xml);
  if (!read) return failure(read.error());
  auto shared = std::make_shared<const actes::Classification>(std::move(*read));
  const std::lock_guard lock(mutex_);
  known_[authority] = {row.received_at, shared};
  return shared;
}

}  // namespace demat::actes_road
