#include "gateway/pipeline/retry_policy.hpp"

#include <algorithm>
#include <cmath>

namespace demat::pipeline {

namespace {

/// Caps and spreads a delay in milliseconds.
Duration bounded(const config::Retry& retry, double millis, double fraction) {
  const double cap = static_cast<double>(retry.max.count());
  const double plain = std::min(cap, millis);
  const double spread = plain * retry.jitter * (2.0 * fraction - 1.0);
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::max(1.0, std::min(cap, plain + spread))));
}

}  // namespace

Duration retry_delay(const config::Retry& retry, std::uint32_t failures, double fraction) {
  const double exponent = failures > 0 ? static_cast<double>(std::min(failures - 1, 60U)) : 0.0;
  return bounded(retry, static_cast<double>(retry.first.count()) * std::pow(retry.factor, exponent),
                 fraction);
}

Duration retry_delay_after(const config::Retry& retry, Duration waited, double fraction) {
  const double half = std::chrono::duration<double, std::milli>(waited).count() / 2.0;
  return bounded(retry, std::max(static_cast<double>(retry.first.count()), half), fraction);
}

}  // namespace demat::pipeline
