#pragma once

// Inner header: which certificate a signature designates, and those that come with it.

#include <optional>
#include <vector>

#include "protocols/baseline/reading.hpp"
#include "protocols/xades/certificate.hpp"

namespace demat::baseline {

inline constexpr std::size_t most_certificates = 32;

/// The Cert that designates the signer's certificate: the first of SigningCertificateV2, else of
/// SigningCertificate.
[[nodiscard]] std::optional<Element> designating(const Element& signed_signature_properties);

/// Decoded certificates of the only X509Data, in their order, what is no base64 as nothing; stops beyond
/// most_certificates. Nothing when there is not one X509Data.
[[nodiscard]] std::optional<std::vector<Bytes>> certificates_in(const Element& key_info);

/// The one with that digest; null when there is none.
[[nodiscard]] const Bytes* bound_by(const StatedDigest& digest, const std::vector<Bytes>& all);

/// Whether issuer and number, as far as `cert` states them, are those of the certificate (IssuerSerialV2, or
/// IssuerSerial).
[[nodiscard]] bool issuer_fits(const Element& cert, const xades::Certificate& certificate);

/// Adds what CertificateValues holds to `offered`, up to most_certificates: unsigned, for building a path.
void offer_values(const Element& qualifying, std::vector<Bytes>& offered);

}  // namespace demat::baseline
