#pragma once

#include <algorithm>
#include <list>
#include <mutex>
#include <vector>

#include "gateway/store/change.hpp"

namespace demat::pipeline {

/// The flows that threads of this process are working on at this moment, whatever became of their leases. One
/// daemon per store: what is not here is not being worked on. Thread-safe; outlives its holds.
class InHand {
 public:
  /// The flow is in hand as long as this lives.
  class Hold {
   public:
    Hold(InHand& hand, std::list<store::Lease>::iterator place) : hand_(hand), place_(place) {}
    ~Hold() {
      const std::lock_guard lock(hand_.mutex_);
      hand_.leases_.erase(place_);
    }
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    InHand& hand_;
    std::list<store::Lease>::iterator place_;
  };

  [[nodiscard]] Hold take(const store::Lease& lease) {
    const std::lock_guard lock(mutex_);
    return Hold(*this, leases_.insert(leases_.end(), lease));
  }
  /// The same, at the end of `holds`.
  void take(const store::Lease& lease, std::list<Hold>& holds) {
    const std::lock_guard lock(mutex_);
    holds.emplace_back(*this, leases_.insert(leases_.end(), lease));
  }
  [[nodiscard]] bool contains(const FlowId& flow) const {
    const std::lock_guard lock(mutex_);
    return std::any_of(leases_.begin(), leases_.end(),
                       [&flow](const store::Lease& lease) { return lease.flow == flow; });
  }
  [[nodiscard]] std::vector<store::Lease> leases() const {
    const std::lock_guard lock(mutex_);
    return {leases_.begin(), leases_.end()};
  }

 private:
  mutable std::mutex mutex_;
  std::list<store::Lease> leases_;
};

}  // namespace demat::pipeline
