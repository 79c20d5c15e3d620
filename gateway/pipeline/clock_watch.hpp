#pragma once

#include <chrono>
#include <functional>

#include "gateway/base/clock.hpp"

namespace demat::pipeline {

/// Notices steps of the wall clock (NTP, a machine that slept) by comparing it with the monotonic one. Leases
/// and waits are kept as wall-clock moments, so whoever keeps them must hear of a step. Not thread-safe.
class ClockWatch {
 public:
  using Wall = std::function<Instant()>;
  using Steady = std::function<Duration()>;
  /// Slewing and slow machines stay below this.
  static constexpr std::chrono::seconds tolerance{2};

  ClockWatch(Wall wall, Steady steady)
      : wall_(std::move(wall)), steady_(std::move(steady)), last_(difference()) {}

  /// How far the wall clock has jumped since the last call: negative when it went back, zero within the
  /// tolerance.
  [[nodiscard]] Duration step() {
    const auto now = difference();
    const auto moved = now - last_;
    if (std::chrono::abs(moved) < tolerance) return Duration{0};
    last_ = now;
    return moved;
  }

 private:
  [[nodiscard]] Duration difference() const { return wall_().time_since_epoch() - steady_(); }

  Wall wall_;
  Steady steady_;
  Duration last_;
};

}  // namespace demat::pipeline
