#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <memory>

#include "gateway/http/shared.hpp"

namespace demat::http {

/// One accepted connection, from the handshake to its end. Used on the I/O thread only.
class Connection {
 public:
  virtual ~Connection() = default;
  /// Runs until the connection ends, then calls `ended`. Keeps itself alive meanwhile.
  virtual void start(std::function<void()> ended) = 0;
  /// True while it waits for a next request and may be closed without harm.
  [[nodiscard]] virtual bool idle() const = 0;
  /// True while it sends a feed, which only ends with the connection.
  [[nodiscard]] virtual bool endless() const = 0;
  virtual void close() = 0;
};

/// `shared` must outlive the connection.
[[nodiscard]] std::shared_ptr<Connection> make_connection(boost::asio::ip::tcp::socket socket,
                                                          std::shared_ptr<boost::asio::ssl::context> tls,
                                                          Shared& shared);

}  // namespace demat::http
