#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "gateway/transport/curl_handle.hpp"
#include "protocols/base/result.hpp"

namespace demat::transport {

/// A TLS connection for a protocol of our own: libcurl connects and verifies (authority and host name), the
/// bytes are the caller's. Deadlines are points in time, so that an endless trickle ends too. Not
/// thread-safe. Errors: those of transport.
class TlsStream {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  struct Place {
    std::string destination;  ///< its configured name, for errors
    std::string host;
    std::uint16_t port = 0;
    std::string ca;  ///< PEM file; required
    std::string max_tls;
    std::chrono::milliseconds connect_timeout{0};
  };

  explicit TlsStream(Place place) : place_(std::move(place)) {}

  [[nodiscard]] Status open();
  [[nodiscard]] bool is_open() const { return handle_ != nullptr; }
  void close() { handle_.reset(); }

  [[nodiscard]] Status write(std::string_view bytes, Deadline deadline);
  /// At least one byte; `transport.interrupted` at the end of the stream.
  [[nodiscard]] Result<std::size_t> read(std::span<char> buffer, Deadline deadline);

 private:
  [[nodiscard]] Status wait(short events, Deadline deadline) const;

  Place place_;
  CurlEasy handle_;
};

}  // namespace demat::transport
