#pragma once

#include <chrono>
#include <list>
#include <mutex>
#include <string>
#include <string_view>

namespace demat::pipeline {

/// When each worker last began a turn, so that one that hangs in a library call is seen. Thread-safe;
/// outlives its beats.
class Pulse {
  struct Worker {
    std::string name;
    std::chrono::milliseconds patience;
    std::chrono::steady_clock::time_point began;
  };

 public:
  /// One worker, as long as this lives.
  class Beat {
   public:
    Beat(Pulse& pulse, std::string_view name, std::chrono::milliseconds patience) : pulse_(pulse) {
      const std::lock_guard lock(pulse_.mutex_);
      place_ = pulse_.workers_.insert(pulse_.workers_.end(),
                                      {std::string(name), patience, std::chrono::steady_clock::now()});
    }
    ~Beat() {
      const std::lock_guard lock(pulse_.mutex_);
      pulse_.workers_.erase(place_);
    }
    Beat(const Beat&) = delete;
    Beat& operator=(const Beat&) = delete;
    /// A turn begins.
    void turn() {
      const std::lock_guard lock(pulse_.mutex_);
      place_->began = std::chrono::steady_clock::now();
    }

   private:
    Pulse& pulse_;
    std::list<Worker>::iterator place_;
  };

  /// A worker whose turn takes longer than its patience; empty when there is none.
  [[nodiscard]] std::string late() const {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    for (const auto& worker : workers_)
      if (now - worker.began > worker.patience) return worker.name;
    return {};
  }

 private:
  mutable std::mutex mutex_;
  std::list<Worker> workers_;
};

}  // namespace demat::pipeline
