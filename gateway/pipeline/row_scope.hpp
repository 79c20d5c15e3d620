#pragma once

#include <algorithm>

#include "gateway/base/paris.hpp"
#include "gateway/flow/ids.hpp"

namespace demat::pipeline {

/// Whether a row of the configuration with `authorities`, `from` and `until` holds for that authority on that
/// day of Paris.
template <class Row>
[[nodiscard]] bool applies(const Row& row, const AuthorityId& authority, ParisDay today) {
  const auto from = paris_day_from(row.from);
  const auto until = paris_day_from(row.until);
  if ((from && today < *from) || (until && today > *until)) return false;
  return row.authorities.empty() ||
         std::ranges::find(row.authorities, authority.str()) != row.authorities.end();
}

}  // namespace demat::pipeline
