#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <utility>

namespace demat::pipeline {

/// Tells sleeping workers that there may be work. Thread-safe; `raise` never blocks for long.
class Signal {
 public:
  void raise() {
    {
      const std::lock_guard lock(mutex_);
      ++generation_;
    }
    condition_.notify_all();
  }

  /// Tells one of them, for work that one can do. Who is awake looks again before it sleeps.
  void raise_one() {
    {
      const std::lock_guard lock(mutex_);
      ++generation_;
    }
    condition_.notify_one();
  }

  /// Sleeps until raised since `seen` (which is updated), the time is over, or stop is asked.
  void wait(std::stop_token stop, std::chrono::milliseconds at_most, std::uint64_t& seen) {
    std::unique_lock lock(mutex_);
    condition_.wait_for(lock, std::move(stop), at_most, [&] { return generation_ != seen; });
    seen = generation_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any condition_;
  std::uint64_t generation_ = 0;
};

}  // namespace demat::pipeline
