#include "gateway/pipeline/pack_policy.hpp"

#include "gateway/pipeline/row_scope.hpp"

namespace demat::pipeline {

PackPolicy::PackPolicy(PackPtr usual, std::vector<Row> rows)
    : usual_(std::move(usual)), rows_(std::move(rows)) {
  std::ranges::stable_partition(rows_, [](const Row& row) { return row.setting.authorities.empty(); });
}

const PackPtr& PackPolicy::at(const AuthorityId& authority, Instant now) const {
  if (rows_.empty()) return usual_;
  const auto today = paris_day(now);
  const PackPtr* found = &usual_;
  for (const auto& row : rows_)
    if (applies(row.setting, authority, today)) found = &row.pack;
  return *found;
}

}  // namespace demat::pipeline
