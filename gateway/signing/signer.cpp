#include "gateway/signing/signer.hpp"

#include "protocols/xades/certificate.hpp"

namespace demat::signing {

Result<Validity> validity_of(const Signer& signer) {
  const auto certificate = xades::Certificate::from_der(signer.certificate_der());
  if (!certificate) return failure(certificate.error());
  return Validity{certificate->not_before(), certificate->not_after()};
}

}  // namespace demat::signing
