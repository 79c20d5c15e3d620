#pragma once

#include "gateway/base/clock.hpp"
#include "gateway/flow/flow.hpp"
#include "gateway/observe/alarms.hpp"
#include "gateway/observe/log.hpp"
#include "gateway/observe/metrics.hpp"
#include "gateway/observe/vitals.hpp"

namespace demat::pipeline {

/// Says to log and metrics what the store has just made true: one structured line per state change, with flow
/// id and request id (stack rule 21). Thread-safe.
class Recorder {
 public:
  Recorder(observe::Logger& log, observe::Metrics& metrics) : log_(log), metrics_(metrics) {}

  /// After a committed change.
  void changed(const flow::Flow& before, const flow::Flow& after);
  /// A flow waits; says why.
  void waits(const flow::Flow& flow, const Error& error);
  /// It stands until it is resolved; the log tells it the first time and again after its cool-down, and the
  /// counter counts what the log tells.
  void alarm(std::string_view code, const flow::Flow& flow, std::string_view detail);
  /// `step`: how pressing it is; a step up is told at once.
  void alarm(std::string_view code, std::string_view subject, std::string_view detail,
             std::uint32_t step = 0);
  /// It is so no more; nothing happens when it did not stand.
  void resolved(std::string_view code, std::string_view subject);
  /// For a watcher that knows all subjects a code still stands for: the others are resolved.
  void resolved_others(std::string_view code, const std::vector<std::string>& still);
  void resolved(const std::vector<observe::Alarm>& ended);
  /// The store refused a change because somebody else was faster; expected, so only a debug line.
  void overtaken(const flow::Flow& flow, const Error& error);

  [[nodiscard]] observe::Logger& log() { return log_; }
  [[nodiscard]] observe::Metrics& metrics() { return metrics_; }
  [[nodiscard]] observe::Alarms& alarms() { return alarms_; }
  [[nodiscard]] observe::Vitals& vitals() { return vitals_; }

 private:
  void end_what_progress_ends(const flow::Flow& after);

  observe::Logger& log_;
  observe::Metrics& metrics_;
  SystemClock clock_;
  observe::Alarms alarms_;
  observe::Vitals vitals_;
};

/// True for the store's answers that only mean "somebody else was faster".
[[nodiscard]] bool is_overtaken(const Error& error);

}  // namespace demat::pipeline
