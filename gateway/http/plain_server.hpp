#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "gateway/http/router.hpp"
#include "protocols/base/result.hpp"

namespace demat::http {

/// A tiny HTTP/1.1 listener in clear for /livez, /readyz and /metrics on a local address: GET only, one
/// request per connection, handlers run on its own thread.
class PlainServer {
 public:
  /// `listen` is "address:port", port 0 for any free one. Errors: `http.listen`.
  [[nodiscard]] static Result<std::unique_ptr<PlainServer>> start(const std::string& listen, Router router);
  ~PlainServer();  ///< stops
  PlainServer(const PlainServer&) = delete;
  PlainServer& operator=(const PlainServer&) = delete;
  [[nodiscard]] std::uint16_t port() const;
  void stop();

 private:
  struct Impl;
  explicit PlainServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace demat::http
