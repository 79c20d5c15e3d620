#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "protocols/base/result.hpp"

namespace demat {

/// A moment in UTC with microseconds: the only time the gateway stores.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

/// The door to the wall clock; tests replace it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
};

/// "2026-03-01T12:34:56.123456Z"
[[nodiscard]] std::string to_iso8601(Instant instant);
/// "2026-03-01T13:34:56.123456+01:00": local time in Paris with its offset, for registers that people read.
[[nodiscard]] std::string to_iso8601_paris(Instant instant);
/// Accepts a date alone or a date and time in UTC, with or without fraction.
[[nodiscard]] Result<Instant> from_iso8601(std::string_view text);

/// The calendar day in Europe/Paris, "260301": counters of names run per Paris day (decisions, Windows). The
/// rule for summer time is the Union's, computed here, so that no time zone file is needed.
[[nodiscard]] std::string paris_yymmdd(Instant instant);

}  // namespace demat
