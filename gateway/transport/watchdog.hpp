#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace demat::transport {

/// Cuts a socket when an operation takes too long: libssh has no deadline of its own on reads (R11, helios
/// B31). One thread, started with the object. arm() and disarm() belong to one user.
class Watchdog {
 public:
  Watchdog();
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// `fd` (borrowed) is shut down unless disarm() comes within `limit`.
  void arm(int fd, std::chrono::milliseconds limit);
  /// Returns true when the limit was hit since arm().
  bool disarm();

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  bool expired_ = false;
  int fd_ = -1;  ///< -1: not armed
  std::chrono::steady_clock::time_point deadline_;
  std::chrono::steady_clock::time_point wakes_at_ = std::chrono::steady_clock::time_point::max();
  std::thread thread_;
};

}  // namespace demat::transport
