#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "gateway/pipeline/dependencies.hpp"
#include "gateway/pipeline/signal.hpp"

namespace demat::pipeline {

/// Moves flows: bounded threads for checks, one group of senders and one poller per destination, one settler,
/// one keeper. Start once, stop once; a stop lets running work finish and records it.
class Pipeline {
 public:
  explicit Pipeline(Dependencies dependencies);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  void start();
  /// There may be work: a flow has come, or a verb moved one. Never blocks.
  void wake();
  /// No new work is taken; returns when every thread has ended.
  void stop();

 private:
  void run_checks(std::stop_token stop);
  void run_sender(std::stop_token stop, const config::Destination& destination, bool reconciles);
  void run_poller(std::stop_token stop, const config::Destination& destination);
  void run_settler(std::stop_token stop);
  void run_keeper(std::stop_token stop);
  [[nodiscard]] std::vector<store::Claim> claim(const std::vector<flow::State>& states,
                                                const std::string& destination, std::size_t limit,
                                                Duration lease);

  Dependencies deps_;
  std::string owner_;
  Signal to_check_;
  Signal to_send_;
  Signal to_settle_;
  std::vector<std::jthread> threads_;
};

}  // namespace demat::pipeline
