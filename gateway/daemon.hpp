#pragma once

#include "gateway/config/settings.hpp"
#include "protocols/base/result.hpp"

namespace demat {

/// `dematd serve`: opens the store, recovers, starts the pipeline and the doors, and runs until SIGTERM or
/// SIGINT. SIGHUP reads the certificates again and reopens the log. Stopping takes no new work; running work
/// is finished or recorded.
[[nodiscard]] Status serve_until_stopped(const config::Settings& settings);

/// `dematd check-config`: what `serve` would refuse to start with, without starting.
[[nodiscard]] Status check_configuration(const config::Settings& settings);

}  // namespace demat
