#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>

namespace demat::pipeline {

/// Bytes of memory that documents held as a tree share; a heavier one passes alone (stack G7). About 15 MB of
/// XML at once beside one large file.
inline constexpr std::size_t shared_tree_memory = 268'435'456;

/// The memory that documents in work may take at once, over all threads (stack G7, signature 6.4). Documents
/// up to `shared` bytes of memory share that much; a heavier one has the single large place, so that one
/// large document never keeps small ones waiting and the total stays below `shared` and one largest
/// document. Thread-safe; outlives its parts.
class WorkBudget {
 public:
  /// A share of the budget, given back when dropped; after a large one the free memory goes back to the
  /// system.
  class Part {
   public:
    Part() = default;
    Part(Part&& other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
    Part& operator=(Part&& other) noexcept {
      std::swap(budget_, other.budget_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    ~Part();
    [[nodiscard]] explicit operator bool() const { return budget_ != nullptr; }

   private:
    friend class WorkBudget;
    Part(WorkBudget* budget, std::size_t bytes) : budget_(budget), bytes_(bytes) {}
    WorkBudget* budget_ = nullptr;
    std::size_t bytes_ = 0;
  };

  explicit WorkBudget(std::size_t shared) : shared_(shared) {}
  WorkBudget(const WorkBudget&) = delete;
  WorkBudget& operator=(const WorkBudget&) = delete;

  /// Empty when there is no room now, or when somebody waits already for the same kind of place.
  [[nodiscard]] Part try_acquire(std::size_t bytes);

  /// Waits for room, at most `patience`; empty when none came.
  [[nodiscard]] Part acquire(std::size_t bytes, std::chrono::milliseconds patience);

 private:
  [[nodiscard]] bool is_large(std::size_t bytes) const { return bytes > shared_; }
  [[nodiscard]] bool fits(std::size_t bytes) const;
  [[nodiscard]] Part take(std::size_t bytes);
  void release(std::size_t bytes);

  const std::size_t shared_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::size_t used_ = 0;
  bool large_taken_ = false;
  std::size_t waiting_ = 0;
  std::size_t waiting_large_ = 0;
};

}  // namespace demat::pipeline
