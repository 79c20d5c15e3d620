#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "gateway/generation.hpp"
#include "gateway/pipeline/pipeline.hpp"

namespace demat {

/// The pipeline at work with the generation it was made for. A reload hands over: the old one takes no new
/// work and ends what it is doing, then the new one starts, so that no flow is in two hands. Thread-safe.
class Engine {
 public:
  using Make = std::function<std::unique_ptr<pipeline::Pipeline>(const Generation&)>;

  explicit Engine(Make make) : make_(std::move(make)) {}
  ~Engine() { stop(); }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Hands over to a pipeline of this generation; waits for running sends and checks. Does nothing after
  /// stop(). One caller at a time.
  void run(GenerationPtr generation);
  /// There may be work. Never blocks for long; unheard between two pipelines, as the next one looks by
  /// itself.
  void wake();
  /// Lets running work end, for good. Idempotent; may be called while run() waits.
  void stop();
  /// Calls `look` with the running pipeline, if there is one.
  void visit(const std::function<void(const pipeline::Pipeline&)>& look) const;

 private:
  struct Running {
    GenerationPtr generation;  ///< outlives the pipeline, which refers to it
    std::unique_ptr<pipeline::Pipeline> pipeline;
  };
  [[nodiscard]] std::shared_ptr<Running> running() const;

  Make make_;
  mutable std::mutex mutex_;  ///< guards running_ and stopped_; never held while waiting
  std::mutex handing_over_;   ///< held while pipelines end and start
  std::shared_ptr<Running> running_;
  bool stopped_ = false;
};

}  // namespace demat
