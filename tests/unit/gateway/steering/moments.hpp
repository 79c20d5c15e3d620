#pragma once

#include <string_view>

#include "gateway/base/paris.hpp"

namespace demat::steering {

/// "2026-03-29T00:30:00Z"
[[nodiscard]] inline Instant utc(std::string_view text) {
  return from_iso8601(text).value();
}
/// "2026-03-29"
[[nodiscard]] inline ParisDay day(std::string_view text) {
  return paris_day_from(text).value();
}

}  // namespace demat::steering
