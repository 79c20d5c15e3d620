#include "gateway/transport/watchdog.hpp"

#include <sys/socket.h>

namespace demat::transport {

Watchdog::Watchdog() : thread_([this] { run(); }) {}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Watchdog::arm(int fd, std::chrono::milliseconds limit) {
  const std::lock_guard lock(mutex_);
  fd_ = fd;
  expired_ = false;
  deadline_ = std::chrono::steady_clock::now() + limit;
  // Mostly the thread sleeps towards an earlier end and will look again by itself.
  if (deadline_ < wakes_at_) changed_.notify_all();
}

bool Watchdog::disarm() {
  const std::lock_guard lock(mutex_);
  fd_ = -1;
  return expired_;
}

void Watchdog::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (fd_ < 0) {
      wakes_at_ = std::chrono::steady_clock::time_point::max();
      changed_.wait(lock);
      continue;
    }
    if (std::chrono::steady_clock::now() < deadline_) {
      wakes_at_ = deadline_;
      changed_.wait_until(lock, wakes_at_);
      continue;
    }
    // Under the lock: disarm() cannot return, and so the descriptor cannot be closed, before this is done.
    ::shutdown(fd_, SHUT_RDWR);
    expired_ = true;
    fd_ = -1;
  }
}

}  // namespace demat::transport
