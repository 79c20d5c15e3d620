#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "gateway/signing/leaf.hpp"
#include "gateway/signing/signer.hpp"
#include "protocols/base/result.hpp"

namespace demat::signing {

/// A private key in a PKCS#11 token (card, USB key, HSM) and where its certificate is.
struct TokenKey {
  std::filesystem::path module;       ///< the vendor's library
  std::string token;                  ///< label of the token; with an empty serial too: the only one there is
  std::string token_serial;           ///< its serial number
  std::string key;                    ///< label of the key; with an empty id too: the only one that signs
  std::string key_id;                 ///< its id in hexadecimal
  std::filesystem::path certificate;  ///< PEM; empty: the one in the token
  std::filesystem::path pin_file;     ///< read anew for each login; never kept
  bool group_may_read_pin = false;    ///< a systemd credential
  bool require_hardware = false;      ///< refuse a key that could ever be copied (signature RS1)
  LeafRules rules;
  bool combined_mechanism = true;  ///< false: hash here, as for tokens without CKM_SHA256_RSA_PKCS
};

/// The PKCS#11 modules of this process and their logins, shared by all signers and by one generation of the
/// configuration after the other: a module is initialised once per process, a login made once per token
/// (signature 6.5). Thread-safe. The process must not fork once there is one.
class Tokens {
 public:
  /// `restart_pause`: a module whose token is missing is started anew at most that often.
  explicit Tokens(std::chrono::milliseconds restart_pause = std::chrono::seconds(5));
  ~Tokens();
  Tokens(const Tokens&) = delete;
  Tokens& operator=(const Tokens&) = delete;

  /// A signer with that key. A token that is absent, locked or ill at this moment is no error: the signer
  /// waits for it, and `ready` tells. A PIN that was refused before may be tried once more if it is another
  /// one.
  ///
  /// Errors, which a person must mend: `signing.token.module`, `.several`, `.no_key`, `.no_certificate`,
  /// `.mechanism`, `signing.key.permissions` (of the PIN file), `.certificate`, `.not_hardware`, and those of
  /// check_leaf (permanent); `signing.key.unreadable`. A signer that finds one of them only later, with the
  /// token plugged in late, waits with it.
  [[nodiscard]] Result<std::shared_ptr<const Signer>> open(const TokenKey& key);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace demat::signing
