#include "gateway/trust/pace.hpp"

#include <algorithm>

namespace demat::trust_desk {

std::chrono::sys_seconds next_look(const Pace& pace, std::chrono::sys_seconds now, double chance) {
  using std::chrono::duration;
  using std::chrono::seconds;
  const auto every = std::max(pace.every, seconds(1));
  const auto shortest = std::min(every, first_pause);
  seconds pause = every;
  if (pace.failures > 0) {
    const auto doublings = std::min<std::size_t>(pace.failures - 1, 16);
    pause = std::min<seconds>(every, shortest * (1LL << doublings));
  } else if (pace.next_update) {
    pause = std::clamp<seconds>((*pace.next_update - now) / 2, shortest, every);
  }
  const duration<double> varied = pause * (0.9 + 0.2 * chance);
  return now + std::max(std::chrono::duration_cast<seconds>(varied), seconds(1));
}

}  // namespace demat::trust_desk
