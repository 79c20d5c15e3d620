#pragma once

#include <functional>
#include <future>
#include <list>
#include <memory>
#include <mutex>

#include "gateway/generation.hpp"
#include "gateway/pipeline/pipeline.hpp"

namespace demat {

/// The pipeline at work with the generation it was made for. A reload hands over: the old one takes no new
/// work and ends what it is doing under its own settings. The new one starts when the old one has ended, or
/// after a short grace beside it, so that one long transfer never holds everything up: leases and the flows
/// in hand, which all pipelines share, keep a flow out of two hands. Thread-safe.
class Engine {
 public:
  using Make = std::function<std::unique_ptr<pipeline::Pipeline>(const Generation&)>;
  /// How long a reload waits for running work before the new pipeline starts beside it.
  static constexpr std::chrono::seconds grace{2};

  explicit Engine(Make make) : make_(std::move(make)) {}
  ~Engine() { stop(); }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Hands over to a pipeline of this generation. Does nothing after stop().
  void run(GenerationPtr generation);
  /// There may be work. Never blocks for long; unheard between two pipelines, as the next one looks by
  /// itself.
  void wake();
  void wake_check();
  /// Lets running work end, for good, that of retired pipelines too. Idempotent.
  void stop();
  /// Calls `look` with the running pipeline, if there is one.
  void visit(const std::function<void(const pipeline::Pipeline&)>& look) const;

 private:
  struct Running {
    GenerationPtr generation;  ///< outlives the pipeline, which refers to it
    std::unique_ptr<pipeline::Pipeline> pipeline;
  };
  [[nodiscard]] std::shared_ptr<Running> running() const;
  void retire(std::shared_ptr<Running> old);

  Make make_;
  mutable std::mutex mutex_;  ///< guards running_ and stopped_; never held while waiting
  std::mutex handing_over_;   ///< held while pipelines end and start; guards retired_
  std::shared_ptr<Running> running_;
  std::list<std::future<void>> retired_;  ///< each waits for its pipeline when dropped
  bool stopped_ = false;
};

}  // namespace demat
