#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/xades/instant.hpp"

namespace demat::trust {

using Instant = xades::Instant;

/// What a missing nonRepudiation usage comes to (signature RV6).
enum class NonRepudiation {
  tolerant,   ///< a warning, whether keyUsage leaves it out or is absent (TP1)
  if_stated,  ///< a failure when keyUsage is there without it, a warning when there is none
  strict,     ///< a failure in both cases (TP2, TP3)
};

/// What becomes of a certificate whose revocation cannot be told, for want of a fresh CRL or OCSP response.
enum class Revocation {
  required,  ///< indeterminate (signature RV8)
  warn,      ///< a warning; a certificate known to be revoked still fails
  off,       ///< nothing is looked at
};

/// By what the revocation of a signer may be told. That of the authorities above comes from either, but for
/// `crl`: OCSP responses are not looked at then.
enum class RevocationSource { either, crl, ocsp };

/// A digest algorithm that signatures may use.
struct DigestRule {
  std::string name;               ///< OpenSSL's: "SHA256"
  std::optional<Instant> before;  ///< good for signatures made before this only
};

/// Keys of one kind, from a size on.
struct KeyRule {
  std::string kind;  ///< "RSA", "EC"
  int bits = 0;
  std::optional<Instant> before;
};

/// Which cryptography was good when (signature RS6, RV12).
struct Algorithms {
  std::vector<DigestRule> digests;
  std::vector<KeyRule> keys;
  /// Archives are verified: what was good when it was signed, and is not any more, is indeterminate instead
  /// of failed.
  bool archive = false;
};

/// SHA-256 to 512, RSA from 2048 bits and EC from 256; SHA-1 until 1 September 2018 and RSA of 1024 bits
/// until 2011, for archives.
[[nodiscard]] Algorithms usual_algorithms();

/// The rules of a trust profile: values, without any certificate.
struct Rules {
  std::string level;  ///< what a certificate that passes is called in reports: "RGS **"; may be empty
  std::vector<std::string> policies;  ///< OIDs, one of which the signer's certificate carries; none: any
  NonRepudiation non_repudiation = NonRepudiation::if_stated;
  bool strict_x509 = false;  ///< X509_V_FLAG_X509_STRICT (signature RV4)
  int max_depth = 6;         ///< certificates between the signer's and the anchor
  Revocation revocation = Revocation::required;
  RevocationSource revocation_by = RevocationSource::either;
  std::chrono::seconds crl_max_age{
      std::chrono::hours(24)};  ///< since thisUpdate, also of OCSP responses; 0: nextUpdate alone counts
  std::chrono::seconds crl_grace{0};  ///< beyond nextUpdate and crl_max_age
  Algorithms algorithms = usual_algorithms();
};

/// The same text for the same rules, whatever the order of OIDs: input of a profile's version.
[[nodiscard]] std::string canonical_text(const Rules& rules);

}  // namespace demat::trust
