#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/flow/state.hpp"

namespace demat::observe {

/// A gauge read at scrape time.
struct Sample {
  std::string name;
  std::string help;
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;
};
using Collector = std::function<std::vector<Sample>()>;

/// Counters and histograms of the daemon, exposed as Prometheus text. Thread-safe.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void transition(flow::State from, flow::State to);
  void http_request(std::string_view route, std::string_view method, int status, double seconds);
  void stage(std::string_view stage, double seconds);  ///< check, sign, send, poll
  void attempt(std::string_view destination, std::string_view outcome, double seconds);
  void answer(std::string_view kind, std::string_view result);  ///< matched, orphan, available
  void alarm(std::string_view code);
  void answered_after(double seconds);  ///< from the transmission to the acquit
  void last_success(std::string_view destination, std::string_view what, double unix_seconds);

  /// Adds a source of gauges asked at each scrape (queue lengths, ages).
  void add_collector(Collector collector);
  [[nodiscard]] std::string expose() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace demat::observe
