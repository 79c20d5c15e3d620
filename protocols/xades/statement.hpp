#pragma once

#include "protocols/xades/certificate.hpp"
#include "protocols/xades/structure.hpp"
#include "protocols/xades/verify.hpp"

namespace demat::xades {

/// Reads the SignedSignatureProperties into `report`: time, policy, place, role (H3, signature 1.9, RV5,
/// RV11). What is wrong or tolerated goes to `report.findings`.
void check_statement(const SignatureParts& parts, const VerifyOptions& options, SignatureReport& report);

/// The certificate of KeyInfo that SigningCertificate designates (RV2, T35, T39), with its strength and its
/// period checked; null when there is none. Call it after check_statement.
[[nodiscard]] CertificatePtr bound_certificate(const SignatureParts& parts, CertificateCache& cache,
                                               SignatureReport& report);

}  // namespace demat::xades
