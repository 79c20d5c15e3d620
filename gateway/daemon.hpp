#pragma once

#include <chrono>
#include <optional>

#include "gateway/generation.hpp"
#include "protocols/base/result.hpp"

namespace demat {

struct ServeOptions {
  /// How long running work may take to end after SIGTERM; unset: as long as the longest transfer may take.
  std::optional<std::chrono::seconds> drain;
};

/// `dematd serve`: opens the store, recovers, starts the pipeline and the doors, and runs until SIGTERM or
/// SIGINT. SIGHUP reads the configuration again. Stopping takes no new work; running work is finished and
/// recorded. After the drain time, or at a second SIGTERM or SIGINT, the process ends at once with 1, as
/// after a power cut: nothing is lost, what was being sent becomes `uncertain` at the next start. Tells the
/// service manager what it does (sd_notify) and answers its watchdog as long as everything takes its turns.
[[nodiscard]] Status serve_until_stopped(const ConfigSource& source, const config::Settings& settings,
                                         const ServeOptions& options = {});

/// `dematd check-config`: what `serve` would refuse to start with, without starting.
[[nodiscard]] Status check_configuration(const config::Settings& settings);

}  // namespace demat
