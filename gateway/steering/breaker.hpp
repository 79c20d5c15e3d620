#pragma once

#include <string_view>

#include "gateway/base/clock.hpp"
#include "gateway/config/settings.hpp"

namespace demat::steering {

/// What one try to send tells about the link.
enum class LinkOutcome {
  well,     ///< the peer answered, be it to refuse this one file
  trouble,  ///< no connection, no login, no end
  unknown,  ///< nothing was tried
};

enum class BreakerState { closed, open, half_open };
[[nodiscard]] std::string_view to_string(BreakerState state);

/// Opens after so many failures of the link in a row and rests, longer each time; then lets flows through one
/// at a time (half-open). The first that shows the link well closes it; it takes two different flows in
/// trouble to open it again, so that one file which breaks every connection cannot keep all others back. Not
/// thread-safe: the gate guards it.
class Breaker {
 public:
  explicit Breaker(const config::Breaker& settings) : settings_(settings) {}

  [[nodiscard]] BreakerState state(Instant now) const;
  /// Until when it is open; meaningful then.
  [[nodiscard]] Instant until() const { return until_; }
  /// Whether one more flow may be tried now.
  [[nodiscard]] bool lets_through(Instant now) const;
  /// A try begins; true when it is the one probe of a half-open breaker. Each is followed by one `ended`.
  [[nodiscard]] bool began(Instant now);
  /// True when the link has just come back.
  bool ended(LinkOutcome outcome, bool probe, Instant now);
  /// A person knows better: closed, nothing counted.
  void reset();

 private:
  void open(Instant now);

  config::Breaker settings_;
  bool open_ = false;
  bool probing_ = false;
  std::size_t failures_ = 0;  ///< in a row; of the probes while not closed
  std::size_t rests_ = 0;     ///< in a row
  Instant until_{};
};

}  // namespace demat::steering
