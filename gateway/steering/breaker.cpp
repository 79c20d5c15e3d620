#include "gateway/steering/breaker.hpp"

#include <algorithm>

namespace demat::steering {
namespace {

constexpr std::size_t failing_probes = 2;
constexpr std::size_t most_doublings = 20;

}  // namespace

std::string_view to_string(BreakerState state) {
  switch (state) {
    case BreakerState::closed:
      return "closed";
    case BreakerState::open:
      return "open";
    case BreakerState::half_open:
      break;
  }
  return "half_open";
}

BreakerState Breaker::state(Instant now) const {
  if (!open_) return BreakerState::closed;
  // Farther away than any rest: the clock was set back meanwhile.
  const bool resting = now < until_ && until_ - now <= settings_.max_rest;
  return resting ? BreakerState::open : BreakerState::half_open;
}

bool Breaker::lets_through(Instant now) const {
  const auto current = state(now);
  return current == BreakerState::closed || (current == BreakerState::half_open && !probing_);
}

bool Breaker::began(Instant now) {
  if (state(now) != BreakerState::half_open) return false;
  probing_ = true;
  return true;
}

void Breaker::open(Instant now) {
  const auto doublings = std::min(rests_, most_doublings);
  const auto rest =
      std::min<std::chrono::milliseconds>(settings_.rest * (std::size_t{1} << doublings), settings_.max_rest);
  ++rests_;
  open_ = true;
  failures_ = 0;
  until_ = now + rest;
}

bool Breaker::ended(LinkOutcome outcome, bool probe, Instant now) {
  if (probe) probing_ = false;
  if (outcome == LinkOutcome::unknown || settings_.failures == 0) return false;
  if (outcome == LinkOutcome::well) {
    const bool back = open_;
    reset();
    return back;
  }
  // A flow that was under way when it opened says nothing new.
  if (open_ && !probe) return false;
  ++failures_;
  if (failures_ >= (open_ ? failing_probes : settings_.failures)) open(now);
  return false;
}

void Breaker::reset() {
  open_ = false;
  probing_ = false;
  failures_ = 0;
  rests_ = 0;
}

}  // namespace demat::steering
