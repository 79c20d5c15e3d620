#pragma once

#include <cstdint>

#include "gateway/base/clock.hpp"
#include "gateway/config/settings.hpp"

namespace demat::pipeline {

/// How long to wait after the `failures`-th failure in a row (1-based): exponential, capped, with jitter so
/// that many flows do not come back at once (stack rule 17). `fraction` in [0, 1) is the dice.
[[nodiscard]] Duration retry_delay(const config::Retry& retry, std::uint32_t failures, double fraction);

}  // namespace demat::pipeline
