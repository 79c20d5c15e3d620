#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/config/window_times.hpp"

namespace demat::steering {

/// What the windows of a destination say about one moment.
struct WindowState {
  bool open = true;
  std::string name;          ///< the window that is open; empty: none, or none defined
  std::uint64_t budget = 0;  ///< bytes that the slot may take; 0: no bound
  Instant slot{};            ///< the hour of the clock, as the moment it begins
  Instant slot_end{};
  std::optional<Instant> next;  ///< when `open` changes; nothing: not within a year
};

/// The windows of one destination (decisions, Windows): none = always open; some = open inside them only.
/// Immutable, thread-safe.
class Windows {
 public:
  Windows() = default;
  /// Takes those of `destination`. Windows whose times cannot be read keep it closed at all times: the
  /// configuration was checked, and sending outside of what was agreed is the worse fault.
  Windows(const std::vector<config::Window>& all, std::string_view destination);

  [[nodiscard]] bool defined() const { return defined_; }
  [[nodiscard]] WindowState at(Instant now) const;

 private:
  struct One {
    std::string name;
    std::uint64_t budget = 0;
    config::WindowTimes times;
  };
  [[nodiscard]] const One* covering(Instant now) const;
  [[nodiscard]] std::optional<Instant> next_change(Instant now, bool open) const;

  bool defined_ = false;
  std::vector<One> windows_;
};

/// Whether `bytes` may still go into a slot that has taken `used` of `budget`: they fit, or the slot is empty
/// (a file larger than the budget takes a whole slot).
[[nodiscard]] bool fits(std::uint64_t bytes, std::uint64_t used, std::uint64_t budget);

}  // namespace demat::steering
