#pragma once

#include <string_view>

#include "protocols/base/digest.hpp"
#include "protocols/base/result.hpp"
#include "protocols/xades/instant.hpp"

namespace demat::signing {

/// A private key that signs and the certificate that goes with it. A key in a file and a key in a token look
/// the same (signature 6.5). Implementations are immutable and thread-safe.
class Signer {
 public:
  Signer() = default;
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;
  virtual ~Signer() = default;

  [[nodiscard]] virtual const Bytes& certificate_der() const = 0;
  /// RSA PKCS#1 v1.5 with SHA-256 over these bytes (H5). Errors: `signing.key.failed` (waiting).
  [[nodiscard]] virtual Result<Bytes> sign(std::string_view signed_info) const = 0;
};

/// When the signer's certificate may be used; for start-up checks and alarms before it expires (signature
/// RS5).
struct Validity {
  xades::Instant not_before;
  xades::Instant not_after;
};
[[nodiscard]] Result<Validity> validity_of(const Signer& signer);

}  // namespace demat::signing
