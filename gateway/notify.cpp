#include "gateway/notify.hpp"

#include <systemd/sd-daemon.h>
#include <time.h>

#include <cstdint>

namespace demat {
namespace {

/// Microseconds of CLOCK_MONOTONIC, which the manager wants with RELOADING=1.
std::uint64_t monotonic_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000U +
         static_cast<std::uint64_t>(now.tv_nsec) / 1'000U;
}

/// A status is one line.
std::string one_line(std::string text) {
  for (char& c : text)
    if (c == '\n' || c == '\r') c = ' ';
  return text;
}

/// Without a manager this does nothing; a manager that does not listen is no reason to stop working.
void tell(const std::string& message) {
  sd_notify(0, message.c_str());
}

}  // namespace

ServiceManager::ServiceManager() {
  std::uint64_t limit = 0;
  if (sd_watchdog_enabled(0, &limit) > 0) watchdog_ = std::chrono::microseconds(limit);
}

void ServiceManager::ready(const std::string& status) const {
  tell("READY=1\nSTATUS=" + one_line(status));
}

void ServiceManager::reloading() const {
  tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_microseconds()));
}

void ServiceManager::stopping(const std::string& status) const {
  tell("STOPPING=1\nSTATUS=" + one_line(status));
}

void ServiceManager::status(const std::string& status) const {
  tell("STATUS=" + one_line(status));
}

void ServiceManager::alive() const {
  tell("WATCHDOG=1");
}

void ServiceManager::extend(std::chrono::microseconds time) const {
  tell("EXTEND_TIMEOUT_USEC=" + std::to_string(time.count()));
}

}  // namespace demat
