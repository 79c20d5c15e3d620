#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/unit/gateway/http/rig/pki.hpp"

namespace demat::test {

struct Reply {
  int curl_exit = 0;
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
  std::string err;
};

/// A real HTTPS client (curl) with the certificate of `client`; an empty name shows none.
class Client {
 public:
  Client(const Pki& pki, std::uint16_t port, std::string client = {})
      : pki_(pki), port_(port), client_(std::move(client)) {}
  [[nodiscard]] Reply call(const std::string& path, std::vector<std::string> options = {}) const;
  [[nodiscard]] Reply post(const std::string& path, const std::string& body, const std::string& type,
                           std::vector<std::string> options = {}) const;
  [[nodiscard]] std::string url(const std::string& path) const;
  [[nodiscard]] std::vector<std::string> tls_options() const;

  /// Sends bytes as they are through `openssl s_client` and returns everything that comes back.
  [[nodiscard]] std::string raw(const std::string& bytes) const;

 private:
  const Pki& pki_;
  std::uint16_t port_;
  std::string client_;
};

}  // namespace demat::test
