#pragma once

#include <chrono>
#include <string>

namespace demat {

/// Talks to the service manager (sd_notify(3)); silent when there is none. One for the process, made before
/// any thread.
class ServiceManager {
 public:
  /// Reads NOTIFY_SOCKET and WATCHDOG_USEC.
  ServiceManager();

  /// The doors are open; also ends what reloading() began.
  void ready(const std::string& status) const;
  /// A reload begins; ready() ends it.
  void reloading() const;
  void stopping(const std::string& status) const;
  void status(const std::string& status) const;
  /// The process lives: to be called oftener than `watchdog()`.
  void alive() const;
  /// Asks for more time to start or stop.
  void extend(std::chrono::microseconds time) const;
  /// After this time without alive() the manager ends the process; zero: no watchdog.
  [[nodiscard]] std::chrono::microseconds watchdog() const { return watchdog_; }

 private:
  std::chrono::microseconds watchdog_{0};
};

}  // namespace demat
