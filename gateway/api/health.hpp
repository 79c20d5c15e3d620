#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/clock.hpp"

namespace demat::api {

/// One dependency, as `/healthz?verbose` shows it.
struct HealthPart {
  std::string name;    ///< "store", "disk", "destination/helios/send"
  std::string state;   ///< ok, degraded (the gateway works, something does not), failed (deposits refused),
                       ///< off, unknown
  std::string code;    ///< why it is not ok; a code of docs/errors.md or an alarm
  std::string detail;  ///< technical, for operators
  std::optional<Instant> last_success;
};

/// The whole picture. `failed` only for what keeps deposits from being safe; a peer that is down only makes
/// it `degraded` (peers §3, Health).
struct Health {
  std::string state = "unknown";
  Instant now{};
  Instant started_at{};
  std::uint64_t generation = 0;  ///< of the configuration: 1 since the start, 2 after the first reload
  Instant config_loaded_at{};
  std::string config_sha256;
  bool config_changed = false;  ///< the file on disk is no longer the one in force
  std::size_t alarms = 0;       ///< that stand
  std::vector<HealthPart> parts;
};

}  // namespace demat::api
