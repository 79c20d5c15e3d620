#pragma once

#include <span>

#include "protocols/trust/profile.hpp"

namespace demat::trust {

// OCSP as bytes (RFC 6960): what to ask, and whether an answer may be kept. Whoever fetches puts the answer
// as a file into `ocsp/` of a profile's folder, where `judge` finds it by the certificate it speaks of.

/// The request about one certificate, without nonce: answers are kept and shared. Errors:
/// `trust.certificate_unreadable`.
[[nodiscard]] Result<Bytes> ocsp_request(std::span<const std::uint8_t> certificate_der,
                                         std::span<const std::uint8_t> issuer_der);

/// What a response says about that certificate, once it is known to come from who may say it: the issuer, or
/// a responder with the usage OCSPSigning that the issuer has certified. Freshness is left to the rules of a
/// profile. Errors: `trust.certificate_unreadable`, `trust.ocsp_unreadable`, `trust.ocsp_of_another`,
/// `trust.ocsp_not_authentic`.
[[nodiscard]] Result<OcspFacts> check_ocsp_response(std::span<const std::uint8_t> response_der,
                                                    std::span<const std::uint8_t> certificate_der,
                                                    std::span<const std::uint8_t> issuer_der);

}  // namespace demat::trust
