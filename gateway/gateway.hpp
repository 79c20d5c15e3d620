#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "gateway/generation.hpp"
#include "gateway/notify.hpp"
#include "protocols/base/result.hpp"

namespace demat {

/// A running gateway: the parts in dependency order, ended in reverse.
class Gateway {
 public:
  /// Opens, recovers, starts everything; returns when the doors are open. `settings` is what `source` holds.
  [[nodiscard]] static Result<std::unique_ptr<Gateway>> start(const ConfigSource& source,
                                                              const config::Settings& settings,
                                                              const ServiceManager& manager);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  /// Reads the configuration again, in a thread of its own; returns at once. What is wrong in the file leaves
  /// everything as it was and is told (`gateway.reload_refused`).
  void reload();
  /// Empty while everything takes its turns; else what hangs. Waits at most `patience`.
  [[nodiscard]] std::string hangs(std::chrono::milliseconds patience) const;
  /// What hung until now, and what hangs now; either may be empty.
  void tell_hanging(std::string_view before, std::string_view now);
  /// Closes the doors, finishes running requests, lets running work end.
  void stop();
  /// How long stop() may take when all goes well: the longest transfer and its connection.
  [[nodiscard]] std::chrono::milliseconds drain_time() const;
  /// Says in the log that the end is not waited for any longer.
  void tell_forced_end(std::string_view because);

 private:
  struct Parts;
  explicit Gateway(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace demat
