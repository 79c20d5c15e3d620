#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include "gateway/transport/errors.hpp"
#include "protocols/base/result.hpp"

namespace demat::transport {

/// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }
  void reset() { Descriptor().swap(*this); }

 private:
  void swap(Descriptor& other) { std::swap(fd_, other.fd_); }
  int fd_ = -1;
};

/// Why a connection could not be made.
struct ConnectFailure {
  Fault fault = Fault::unreachable;
  std::string detail;
};

/// A blocking TCP connection with TCP_NODELAY (stack N2); every address of the host is tried within `limit`.
[[nodiscard]] tl::expected<Descriptor, ConnectFailure> connect_tcp(const std::string& host,
                                                                   std::uint16_t port,
                                                                   std::chrono::milliseconds limit);

/// The same on a local socket.
[[nodiscard]] tl::expected<Descriptor, ConnectFailure> connect_local(const std::filesystem::path& path);

}  // namespace demat::transport
