#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/clock.hpp"

namespace demat::observe {

/// How one dependency fares, by what its users saw.
struct Vital {
  std::optional<Instant> last_success;
  std::optional<Instant> last_failure;
  std::string failure;  ///< code of the last one; empty when the last use went well
  [[nodiscard]] bool well() const { return failure.empty(); }
};

/// When each dependency ("antivirus", "helios/send") last served and last failed. Thread-safe.
class Vitals {
 public:
  void well(std::string_view part, Instant now) {
    const std::lock_guard lock(mutex_);
    auto& vital = find(part);
    vital.last_success = now;
    vital.failure.clear();
  }
  void ill(std::string_view part, std::string_view code, Instant now) {
    const std::lock_guard lock(mutex_);
    auto& vital = find(part);
    vital.last_failure = now;
    vital.failure = code;
  }
  /// Empty when nothing was ever said about it.
  [[nodiscard]] Vital of(std::string_view part) const {
    const std::lock_guard lock(mutex_);
    const auto found = parts_.find(part);
    return found == parts_.end() ? Vital{} : found->second;
  }

 private:
  Vital& find(std::string_view part) {
    const auto found = parts_.find(part);
    return found != parts_.end() ? found->second : parts_[std::string(part)];
  }
  mutable std::mutex mutex_;
  std::map<std::string, Vital, std::less<>> parts_;
};

}  // namespace demat::observe
