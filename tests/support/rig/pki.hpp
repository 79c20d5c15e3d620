#pragma once

#include <filesystem>
#include <string>

namespace demat::rig {

/// PEM files of one issued certificate.
struct Issued {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

enum class Usage { server, client, signer };

/// A throw-away authority in a folder, made with the openssl tool. Servers are for localhost and 127.0.0.1.
class Pki {
 public:
  explicit Pki(const std::filesystem::path& folder, const std::string& name = "Test CA");
  [[nodiscard]] std::filesystem::path ca() const { return folder_ / "ca.pem"; }
  /// EC P-256 for servers and clients, RSA-2048 for signers. `name` is the common name and the file name.
  [[nodiscard]] Issued issue(const std::string& name, Usage usage) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace demat::rig
