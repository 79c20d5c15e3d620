#pragma once

#include "gateway/flow/flow.hpp"
#include "gateway/observe/log.hpp"
#include "gateway/observe/metrics.hpp"

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
  void alarm(std::string_view code, const flow::Flow& flow, std::string_view detail);
  void alarm(std::string_view code, std::string_view subject, std::string_view detail);
  /// The store refused a change because somebody else was faster; expected, so only a debug line.
  void overtaken(const flow::Flow& flow, const Error& error);

  [[nodiscard]] observe::Logger& log() { return log_; }
  [[nodiscard]] observe::Metrics& metrics() { return metrics_; }

 private:
  observe::Logger& log_;
  observe::Metrics& metrics_;
};

/// True for the store's answers that only mean "somebody else was faster".
[[nodiscard]] bool is_overtaken(const Error& error);

}  // namespace demat::pipeline
