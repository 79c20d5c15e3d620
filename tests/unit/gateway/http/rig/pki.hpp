#pragma once

#include <string>

#include "tests/unit/gateway/http/rig/process.hpp"

namespace demat::test {

/// A throw-away PKI: ca.pem, server.pem/key for 127.0.0.1, and clients issued on demand.
class Pki {
 public:
  Pki();
  [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }
  /// Makes NAME.pem and NAME.key, signed by the CA; returns the SHA-256 of the certificate's DER.
  std::string issue_client(const std::string& name) const;
  /// NAME.pem and NAME.key from a CA that nobody trusts.
  void issue_rogue(const std::string& name) const;
  /// A new server certificate and key in place of the old ones.
  void issue_server(const std::string& common_name) const;

 private:
  void make_ca(const std::string& name) const;
  void issue(const std::string& name, const std::string& ca, const std::string& common_name,
             const std::string& extensions) const;
  TemporaryFolder folder_;
};

}  // namespace demat::test
