#pragma once

#include <cstdint>

#include "gateway/base/clock.hpp"
#include "gateway/config/settings.hpp"

namespace demat::pipeline {

/// How long to wait after the `failures`-th failure in a row (1-based): exponential, capped, with jitter so
/// that many flows do not come back at once (stack rule 17). `fraction` in [0, 1) is the dice.
[[nodiscard]] Duration retry_delay(const config::Retry& retry, std::uint32_t failures, double fraction);

/// How long a flow waits again that has waited for `waited` already: half of it, within the same bounds, so
/// that the delays grow although nobody counts the failures.
[[nodiscard]] Duration retry_delay_after(const config::Retry& retry, Duration waited, double fraction);

}  // namespace demat::pipeline
