#include "gateway/pipeline/retry_policy.hpp"

#include <algorithm>
#include <cmath>

namespace demat::pipeline {

Duration retry_delay(const config::Retry& retry, std::uint32_t failures, double fraction) {
  const double first = static_cast<double>(retry.first.count());
  const double cap = static_cast<double>(retry.max.count());
  const double exponent = failures > 0 ? static_cast<double>(std::min(failures - 1, 60U)) : 0.0;
  const double plain = std::min(cap, first * std::pow(retry.factor, exponent));
  const double spread = plain * retry.jitter * (2.0 * fraction - 1.0);
  const auto millis = static_cast<std::int64_t>(std::max(1.0, std::min(cap, plain + spread)));
  return std::chrono::milliseconds(millis);
}

}  // namespace demat::pipeline
