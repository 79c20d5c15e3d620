#include "gateway/pipeline/work_budget.hpp"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace demat::pipeline {
namespace {

/// A freed tree of a hundred million bytes stays with the allocator otherwise.
void give_memory_back() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

}  // namespace

WorkBudget::Part::~Part() {
  if (budget_ != nullptr) budget_->release(bytes_);
}

bool WorkBudget::fits(std::size_t bytes) const {
  return is_large(bytes) ? !large_taken_ : bytes <= shared_ - used_;
}

WorkBudget::Part WorkBudget::take(std::size_t bytes) {
  if (is_large(bytes))
    large_taken_ = true;
  else
    used_ += bytes;
  return {this, bytes};
}

WorkBudget::Part WorkBudget::try_acquire(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  const auto ahead = is_large(bytes) ? waiting_large_ : waiting_;
  if (ahead > 0 || !fits(bytes)) return {};
  return take(bytes);
}

WorkBudget::Part WorkBudget::acquire(std::size_t bytes, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  auto& waiting = is_large(bytes) ? waiting_large_ : waiting_;
  ++waiting;
  const bool room = freed_.wait_for(lock, patience, [&] { return fits(bytes); });
  --waiting;
  if (!room) return {};
  return take(bytes);
}

void WorkBudget::release(std::size_t bytes) {
  if (is_large(bytes)) give_memory_back();  // before the next large one comes
  {
    const std::lock_guard lock(mutex_);
    if (is_large(bytes))
      large_taken_ = false;
    else
      used_ -= bytes;
  }
  freed_.notify_all();
}

}  // namespace demat::pipeline
