#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "gateway/base/clock.hpp"
#include "gateway/pipeline/recorder.hpp"
#include "protocols/base/result.hpp"

namespace demat {

/// Work that comes back: a watcher, a purge turn, a look at certificates.
struct PeriodicTask {
  std::string name;  ///< lower-case, from a closed set: it becomes a metric's label
  std::chrono::milliseconds period;
  /// One turn. It looks at the token between two pieces of work and ends soon after a stop is asked. An error
  /// is logged as `task.failed` and the next turn comes at its time; what it throws is an alarm
  /// `task.broken`.
  std::function<Status(const std::stop_token&)> turn;
  std::chrono::milliseconds first_after{0};  ///< from the start to the first turn
  /// A turn may take this long; beyond it the task counts as hung (`PeriodicState::late`).
  std::chrono::milliseconds patience{std::chrono::minutes(10)};
};

/// What health and metrics tell about one task.
struct PeriodicState {
  std::string name;
  std::chrono::milliseconds period{};
  std::optional<Instant> last_success;
  std::optional<Instant> running_since;  ///< a turn is under way
  std::string last_error;                ///< code; empty when the last turn went well
  bool late = false;                     ///< the turn under way takes longer than its patience
};

/// Runs tasks, each on a thread of its own, so that a slow one never holds up another. Periods are measured
/// on the steady clock: a step of the wall clock moves nothing. Thread-safe.
class Periodic {
 public:
  /// References outlive this.
  Periodic(const Clock& clock, pipeline::Recorder& recorder);
  ~Periodic();  ///< stops
  Periodic(const Periodic&) = delete;
  Periodic& operator=(const Periodic&) = delete;

  /// Starts the task at once.
  void add(PeriodicTask task);
  /// The next turn of this task comes now (a reload, an operator's wish). Unknown names are ignored.
  void hurry(std::string_view name);
  [[nodiscard]] std::vector<PeriodicState> states() const;
  /// Asks every turn to end and waits for it. Idempotent.
  void stop();

 private:
  struct Runner;
  const Clock& clock_;
  pipeline::Recorder& recorder_;
  mutable std::mutex mutex_;  ///< guards runners_
  std::vector<std::unique_ptr<Runner>> runners_;
};

}  // namespace demat
