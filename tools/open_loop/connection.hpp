#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "tools/open_loop/options.hpp"

namespace open_loop {

struct Freed {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

/// Who we are and whom we trust. Throws when a file cannot be used.
[[nodiscard]] std::unique_ptr<SSL_CTX, Freed> make_context(const Options& options);

/// One kept TLS connection to 127.0.0.1, used by one thread; blocking. Failures are exceptions.
class Connection {
 public:
  Connection(SSL_CTX* context, const std::string& port);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Sends a request and reads its answer; returns the status.
  int exchange(const std::string& request);

 private:
  void read_more();

  int socket_ = -1;
  std::unique_ptr<SSL, Freed> ssl_;
  std::string buffer_;
};

}  // namespace open_loop
