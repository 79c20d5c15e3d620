#pragma once

#include <netdb.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
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

struct AddressesFree {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, AddressesFree>;

/// Looks a host up; may block for as long as name servers take. Errors: a sentence. Thread-safe.
using Resolver =
    std::function<tl::expected<Addresses, std::string>(const std::string& host, const std::string& port)>;

/// The system's own (getaddrinfo).
[[nodiscard]] tl::expected<Addresses, std::string> resolve(const std::string& host, const std::string& port);

/// A blocking TCP connection with TCP_NODELAY (stack N2); the name is looked up and every address of the host
/// is tried within `limit` (R11). A name server that hangs keeps a thread of its own until it gives up (about
/// 30 s by glibc's defaults), never the caller.
[[nodiscard]] tl::expected<Descriptor, ConnectFailure> connect_tcp(const std::string& host,
                                                                   std::uint16_t port,
                                                                   std::chrono::milliseconds limit,
                                                                   const Resolver& resolver = resolve);

/// The same on a local socket. A server that takes no connections any more is `timeout`.
[[nodiscard]] tl::expected<Descriptor, ConnectFailure> connect_local(const std::filesystem::path& path,
                                                                     std::chrono::milliseconds limit);

}  // namespace demat::transport
