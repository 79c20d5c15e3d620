#pragma once

#include <functional>
#include <string>

#include "protocols/baseline/detached.hpp"
#include "signing_kit.hpp"

namespace demat::test {

/// A XAdES beside a file as a test wants it, in the layout of A7 (signature.md).
struct DetachedWish {
  std::string content = "un acte\n";
  const Identity* signer = nullptr;  ///< null: the ordinary one
  std::string method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
  Digester::Algorithm digest = Digester::Algorithm::sha256;              ///< of the content
  Digester::Algorithm certificate_digest = Digester::Algorithm::sha512;  ///< of CertDigest
  bool inclusive = false;  ///< inclusive canonicalisation everywhere
  /// A time stamp over these bytes; empty: none.
  std::function<Bytes(std::string_view value)> stamp{};
  /// What the signer himself writes otherwise: changes the text before digests and value are made.
  std::function<std::string(std::string text)> otherwise{};
};

/// The signature's XML, signed truthfully.
[[nodiscard]] std::string make_detached(const DetachedWish& wish = {});

/// IssuerSerial of RFC 5035 of a certificate, DER; `serial` null: its own.
[[nodiscard]] Bytes issuer_serial_of(X509* certificate, const ASN1_INTEGER* serial = nullptr);

}  // namespace demat::test
