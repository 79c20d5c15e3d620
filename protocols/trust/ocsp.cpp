#include "protocols/trust/ocsp.hpp"

#include <openssl/err.h>

#include <algorithm>

#include "protocols/trust/errors.hpp"
#include "protocols/trust/ocsp_reading.hpp"

namespace demat::trust {
namespace {

using RequestPtr = Owned<OCSP_REQUEST, OCSP_REQUEST_free>;
using CertIdPtr = Owned<OCSP_CERTID, OCSP_CERTID_free>;

}  // namespace

Result<Bytes> ocsp_request(std::span<const std::uint8_t> certificate_der,
                           std::span<const std::uint8_t> issuer_der) {
  const auto certificate = parse_certificate(certificate_der);
  const auto issuer = parse_certificate(issuer_der);
  if (!certificate || !issuer) return failure(certificate_unreadable());
  // SHA-1 identifies here, as every responder expects (RFC 5019 2.1.1).
  CertIdPtr id(OCSP_cert_to_id(EVP_sha1(), certificate.get(), issuer.get()));
  const RequestPtr request(OCSP_REQUEST_new());
  if (!id || !request || OCSP_request_add0_id(request.get(), id.get()) == nullptr) {
    ERR_clear_error();
    return failure(certificate_unreadable());
  }
  static_cast<void>(id.release());  // the request's own now
  Bytes der(static_cast<std::size_t>(std::max(0, i2d_OCSP_REQUEST(request.get(), nullptr))));
  unsigned char* at = der.data();
  i2d_OCSP_REQUEST(request.get(), &at);
  return der;
}

Result<OcspFacts> check_ocsp_response(std::span<const std::uint8_t> response_der,
                                      std::span<const std::uint8_t> certificate_der,
                                      std::span<const std::uint8_t> issuer_der) {
  const auto certificate = parse_certificate(certificate_der);
  const auto issuer = parse_certificate(issuer_der);
  if (!certificate || !issuer) return failure(certificate_unreadable());
  const auto response = parse_ocsp(response_der);
  if (!response) return failure(ocsp_unreadable());
  auto answers = answers_of(response.get(), {});
  const auto at = std::ranges::find_if(
      answers, [&](const OcspAnswer& one) { return is_about(one, certificate.get(), issuer.get()); });
  if (at == answers.end()) return failure(ocsp_of_another());
  if (responder_of(response.get(), issuer.get()) == nullptr) return failure(ocsp_not_authentic());
  at->facts.authentic = true;
  return at->facts;
}

}  // namespace demat::trust
