#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/clock.hpp"

namespace demat::observe {

/// Something a person must look at, as long as it stands.
struct Alarm {
  std::string code;     ///< stable, dotted, from a closed set: it becomes a metric's label
  std::string subject;  ///< what it is about: a flow's id, a destination, a certificate
  std::string detail;   ///< technical, of the last time
  Instant since{};
  Instant last{};
  std::uint64_t count = 0;  ///< how often it was raised
  std::uint32_t step = 0;   ///< how pressing it has become; a higher one is told at once
};

/// The alarms that stand, for CLI, health, metrics and log to tell the same story (R17: cool-down, resolved).
/// At most `most` are kept: more of one code then count under the subject "*". Thread-safe.
class Alarms {
 public:
  struct Options {
    std::chrono::seconds cool_down =
        std::chrono::hours(1);  ///< an alarm that goes on is told again after this
    std::chrono::seconds memory =
        std::chrono::hours(72);  ///< one that was not raised again is over after this
    std::size_t most = 1'000;
  };
  Alarms() : Alarms(Options{}) {}
  explicit Alarms(Options options) : options_(options) {}
  Alarms(const Alarms&) = delete;
  Alarms& operator=(const Alarms&) = delete;

  /// It is so, again or for the first time. Gives the alarm when it is to be told now, nothing during its
  /// cool-down.
  std::optional<Alarm> raise(std::string_view code, std::string_view subject, std::string_view detail,
                             Instant now, std::uint32_t step = 0);
  /// It is so no more; gives what stood.
  std::optional<Alarm> resolve(std::string_view code, std::string_view subject);
  /// A watcher that knows all subjects of a code says which ones it still is so for; gives those that end.
  std::vector<Alarm> resolve_others(std::string_view code, const std::vector<std::string>& still);
  /// Ends what has not been raised for the time of Options::memory; gives it.
  std::vector<Alarm> forget(Instant now);

  [[nodiscard]] bool stands(std::string_view code, std::string_view subject) const;
  [[nodiscard]] std::vector<Alarm> standing() const;  ///< oldest first
  [[nodiscard]] std::map<std::string, std::size_t> counts() const;

 private:
  using Key = std::pair<std::string, std::string>;
  struct Entry {
    Alarm alarm;
    Instant told{};
  };
  [[nodiscard]] Key key_of(std::string_view code, std::string_view subject) const;

  const Options options_;
  mutable std::mutex mutex_;
  std::map<Key, Entry> entries_;
};

}  // namespace demat::observe
