#pragma once

#include <string>

#include "gateway/signing/token_signer.hpp"
#include "signing_kit.hpp"

namespace demat::test {

/// A SoftHSM token with keys made in it, and certificates issued for them by a throw-away authority. One at a
/// time in a process: SoftHSM is told by the environment where its tokens are.
class TokenRig {
 public:
  static constexpr const char* pin = "648219";

  TokenRig();
  ~TokenRig();
  TokenRig(const TokenRig&) = delete;
  TokenRig& operator=(const TokenRig&) = delete;

  /// Empty when SoftHSM and pkcs11-tool are there, else what is missing.
  [[nodiscard]] static std::string missing();
  [[nodiscard]] static std::filesystem::path module();

  /// A key pair made in the token: "rsa:3072", "EC:prime256v1". `options`: more of pkcs11-tool's.
  void make_key(const std::string& type, const std::string& label, const std::string& id,
                const std::string& options = {}) const;
  /// Brings a key from outside, so that it is not one that never left.
  void import_key(const Identity& identity, const std::string& label, const std::string& id) const;
  /// The certificate of a key, PEM in a file; `wish` says its usage and dates.
  std::filesystem::path issue(const std::string& id, const IdentityWish& wish = {}) const;
  /// Puts that certificate into the token, in place of what was there.
  void store_certificate(const std::filesystem::path& pem, const std::string& label,
                         const std::string& id) const;

  /// Takes the token away, and brings it back.
  void pull() const;
  void plug() const;

  std::filesystem::path write_pin(const std::string& value) const {
    return folder_.write("pin", value + "\n");
  }
  /// The key of that label with the right PIN.
  [[nodiscard]] signing::TokenKey key(const std::string& label) const;
  [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }

 private:
  void tool(const std::string& arguments) const;
  TemporaryFolder folder_;
};

}  // namespace demat::test
