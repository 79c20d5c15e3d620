#pragma once

#include <array>
#include <optional>
#include <string>

#include "gateway/base/paris.hpp"
#include "gateway/config/settings.hpp"

namespace demat::config {

/// The times of a Window, read. Everything is in the clock and calendar of Paris.
struct WindowTimes {
  std::array<bool, 7> days{};  ///< Monday first; the day on which the window opens
  int from = 0;                ///< minutes since midnight
  int to = 1440;               ///< excluded; not after `from`: on the next day
  std::optional<ParisDay> first_day;
  std::optional<ParisDay> last_day;

  [[nodiscard]] bool opens_on(ParisDay day) const;
  [[nodiscard]] bool over_midnight() const { return to <= from; }
};

/// Error: `config.window`, whose detail is the name of the key at fault.
[[nodiscard]] Result<WindowTimes> times_of(const Window& window);

/// True when there is a minute that both cover.
[[nodiscard]] bool overlap(const WindowTimes& a, const WindowTimes& b);

}  // namespace demat::config
