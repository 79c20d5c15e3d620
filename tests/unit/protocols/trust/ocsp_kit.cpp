#include "ocsp_kit.hpp"

#include <openssl/ocsp.h>

#include <stdexcept>

#include "protocols/base/owned.hpp"

namespace demat::test {
namespace {

using TimePtr = Owned<ASN1_GENERALIZEDTIME, ASN1_GENERALIZEDTIME_free>;

void need(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(std::string("ocsp kit: ") + what);
}

TimePtr time_of(const std::string& text) {
  if (text.empty()) return nullptr;
  TimePtr time(ASN1_GENERALIZEDTIME_new());
  need(ASN1_GENERALIZEDTIME_set_string(time.get(), text.c_str()) == 1, "time");
  return time;
}

int status_of(const std::string& text) {
  if (text == "good") return V_OCSP_CERTSTATUS_GOOD;
  return text == "revoked" ? V_OCSP_CERTSTATUS_REVOKED : V_OCSP_CERTSTATUS_UNKNOWN;
}

}  // namespace

Bytes make_ocsp(const OcspWish& wish, const Holder& responder) {
  const Owned<OCSP_BASICRESP, OCSP_BASICRESP_free> basic(OCSP_BASICRESP_new());
  const Owned<OCSP_CERTID, OCSP_CERTID_free> id(OCSP_cert_to_id(EVP_get_digestbyname(wish.id_digest.c_str()),
                                                                wish.about->certificate.get(),
                                                                wish.issuer->certificate.get()));
  const bool revoked = wish.status == "revoked";
  const auto since = time_of(revoked ? wish.revoked_at : "");
  const auto from = time_of(wish.this_update), until = time_of(wish.next_update);
  auto* const single = OCSP_basic_add1_status(basic.get(), id.get(), status_of(wish.status), wish.reason,
                                              since.get(), from.get(), until.get());
  need(single != nullptr, "answer");
  if (const auto cutoff = time_of(wish.archive_cutoff))
    need(OCSP_SINGLERESP_add1_ext_i2d(single, NID_id_pkix_OCSP_archiveCutoff, cutoff.get(), 0, 0) == 1,
         "archive cutoff");
  const unsigned long flags =
      (wish.by_key ? OCSP_RESPID_KEY : 0UL) | (wish.with_certificate ? 0UL : OCSP_NOCERTS);
  need(OCSP_basic_sign(basic.get(), responder.certificate.get(), responder.key.get(),
                       EVP_get_digestbyname(wish.sign_digest.c_str()), nullptr, flags) == 1,
       "sign");
  const Owned<OCSP_RESPONSE, OCSP_RESPONSE_free> response(
      OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
  Bytes der(static_cast<std::size_t>(i2d_OCSP_RESPONSE(response.get(), nullptr)));
  unsigned char* place = der.data();
  i2d_OCSP_RESPONSE(response.get(), &place);
  return der;
}

}  // namespace demat::test
