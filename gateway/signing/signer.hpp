#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "protocols/base/digest.hpp"
#include "protocols/base/result.hpp"
#include "protocols/xades/instant.hpp"

namespace demat::signing {

/// Where a private key lives; for the journal (signature RS2, RS14). Holds nothing secret.
struct KeyOrigin {
  bool in_token = false;
  std::string file;         ///< name of the key file without its folder; empty for a token
  std::string model;        ///< of the token; empty for a file, and as long as the token was not seen
  std::string serial;       ///< of the token
  std::string label;        ///< of the key in the token
  bool never_left = false;  ///< made in the token, sensitive and never extractable (RS1)
};

/// A private key that signs and the certificate that goes with it. A key in a file and a key in a token look
/// the same (signature 6.5). Implementations are thread-safe.
class Signer {
 public:
  Signer() = default;
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;
  virtual ~Signer() = default;

  /// Empty only as long as the certificate lies in a token that was never reached; it never changes once it
  /// is known.
  [[nodiscard]] virtual const Bytes& certificate_der() const = 0;
  /// RSA PKCS#1 v1.5 with SHA-256 over these bytes (H5); for an elliptic key, where one is allowed, ECDSA
  /// with SHA-256 as r||s, which is what XMLDSig wants. Errors: `signing.key.failed` and `signing.token.*`
  /// (waiting).
  [[nodiscard]] virtual Result<Bytes> sign(std::string_view signed_info) const = 0;
  /// Reaches for the key without using it: a token is opened when it was not. Errors: `signing.token.*`.
  [[nodiscard]] virtual Status ready() const { return {}; }
  [[nodiscard]] virtual KeyOrigin origin() const { return {}; }
};

/// Stands where the key is an agent's: no certificate, ready, and `signing.key.agent` (waiting) for whoever
/// would sign with it.
[[nodiscard]] std::shared_ptr<const Signer> agents_card();

/// When the signer's certificate may be used; for start-up checks and alarms before it expires (signature
/// RS5).
struct Validity {
  xades::Instant not_before;
  xades::Instant not_after;
};
[[nodiscard]] Result<Validity> validity_of(const Signer& signer);

}  // namespace demat::signing
