#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/base/clock.hpp"
#include "protocols/base/digest.hpp"

namespace demat::papers {

/// What the signed attributes say of the signer's certificate (signingCertificate, RFC 5035).
enum class NamedCertificate {
  none,  ///< nothing: who holds the key may say later that another certificate was meant
  same,
  other,  ///< another one: the signature does not hold
};

/// Who signed, as the certificate says. No judgement on the certificate: chain, revocation and policy are
/// somebody else's work, from `certificate_der`.
struct Signer {
  std::string subject;  ///< RFC 2253, UTF-8
  std::string issuer;
  std::string serial;  ///< upper-case hexadecimal
  Instant not_before{};
  Instant not_after{};
  std::optional<Instant> signed_at;  ///< as claimed by the signed attributes; a time stamp's own time
  std::string digest;                ///< OpenSSL's name: "SHA256"
  Bytes certificate_der;             ///< empty when the certificate is not inside
  std::vector<Bytes> offered;        ///< the other certificates inside: for building a chain, not believed
  NamedCertificate named = NamedCertificate::none;
  Bytes stamp_token;  ///< time stamp of the signature (id-aa-timeStampToken), unverified; empty: none
  Bytes value;        ///< the signature value: what the token must have stamped

  /// Whether the certificate was in its validity when the signature says it was made (actes §8-27); the
  /// claim is not proof. Nothing without a claim.
  [[nodiscard]] std::optional<bool> in_validity_when_signed() const {
    if (!signed_at || certificate_der.empty()) return std::nullopt;
    return *signed_at >= not_before && *signed_at <= not_after;
  }
};

}  // namespace demat::papers
