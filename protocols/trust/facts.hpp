#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "protocols/base/digest.hpp"
#include "protocols/base/result.hpp"
#include "protocols/trust/rules.hpp"

namespace demat::trust {

/// What a certificate says about itself (signature R6, R7). Names come from whoever made it: personal data,
/// for reports, never for logs.
struct CertificateFacts {
  std::string subject;  ///< RFC 2253, UTF-8
  std::string issuer;
  std::string name;         ///< common name, else the subject: how a sentence calls it
  std::string issuer_name;  ///< the same of the issuer
  std::string given_name;
  std::string surname;
  std::string organisation;
  std::string siren;  ///< of OU "0002 …" or organizationIdentifier; empty when neither tells
  std::string email;
  std::string serial_decimal;
  std::string serial;  ///< upper-case hexadecimal
  std::string sha256;  ///< of the DER
  std::string sha1;
  Instant not_before{};
  Instant not_after{};
  std::string key_kind;  ///< "RSA", "EC"
  int key_bits = 0;
  std::string signature_digest;  ///< with which its issuer signed it: "SHA256"
  std::vector<std::string> key_usage;
  std::vector<std::string> extended_key_usage;
  std::vector<std::string> policies;  ///< OIDs
  bool authority = false;             ///< may issue certificates
  bool qualified = false;             ///< says so of itself (QcCompliance)
  bool qualified_device = false;      ///< QcSSCD
};

/// Errors: `trust.certificate_unreadable` (permanent).
[[nodiscard]] Result<CertificateFacts> describe(std::span<const std::uint8_t> der);

}  // namespace demat::trust
