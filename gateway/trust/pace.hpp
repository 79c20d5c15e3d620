#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace demat::trust_desk {

/// When a place on the network is asked again.
struct Pace {
  std::chrono::seconds every{3'600};                    ///< at the latest
  std::size_t failures = 0;                             ///< since the last success
  std::optional<std::chrono::sys_seconds> next_update;  ///< when what we have is over
};

inline constexpr std::chrono::seconds first_pause{60};  ///< after a failure; then twice as long each time

/// Half of the time until it is over, within `every`; after failures ever more rarely. A tenth more or less
/// by `chance` (in [0, 1)), so that many gateways do not come at the same second.
[[nodiscard]] std::chrono::sys_seconds next_look(const Pace& pace, std::chrono::sys_seconds now,
                                                 double chance);

}  // namespace demat::trust_desk
