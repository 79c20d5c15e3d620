#pragma once

// Inner header: facts of a certificate that OpenSSL holds already.

#include "protocols/trust/facts.hpp"
#include "protocols/trust/x509.hpp"

namespace demat::trust {

[[nodiscard]] CertificateFacts facts_of(X509* certificate);

}  // namespace demat::trust
