#pragma once

// Inner header: OCSP responses by OpenSSL.

#include <openssl/ocsp.h>

#include <set>
#include <string>
#include <vector>

#include "protocols/trust/profile.hpp"
#include "protocols/trust/x509.hpp"

namespace demat::trust {

using OcspPtr = Owned<OCSP_BASICRESP, OCSP_BASICRESP_free>;

/// What the responder says of one certificate, with the dates and the reason of a revocation.
struct OcspAnswer {
  OCSP_SINGLERESP* single = nullptr;  ///< owned by the response
  OcspFacts facts;
  std::optional<Instant> revoked_at;
  std::optional<Instant> archive_cutoff;  ///< certificates that ended since then are still known
  long reason = -1;                       ///< CRL_REASON_*; -1: none
};

/// Exactly one successful response with at least one answer; null otherwise.
[[nodiscard]] OcspPtr parse_ocsp(std::span<const std::uint8_t> der);
[[nodiscard]] std::vector<OcspAnswer> answers_of(OCSP_BASICRESP* response, const std::string& file);
/// Whether the answer is about this certificate of this issuer: the name and the key of the issuer and the
/// serial number (RFC 6960 4.1.1).
[[nodiscard]] bool is_about(const OcspAnswer& answer, const X509* certificate, const X509* issuer);
/// Whether the answer is about some certificate of this issuer.
[[nodiscard]] bool is_of_issuer(const OcspAnswer& answer, const X509* issuer);

/// The responder's certificate when `issuer` signed the response, or certified who did (RFC 6960 4.2.2.2);
/// null otherwise. Owned by the response, or `issuer` itself.
[[nodiscard]] X509* responder_of(OCSP_BASICRESP* response, X509* issuer);

}  // namespace demat::trust
