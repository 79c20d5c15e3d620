#include "protocols/trust/ocsp_reading.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <cctype>

namespace demat::trust {
namespace {

using ResponsePtr = Owned<OCSP_RESPONSE, OCSP_RESPONSE_free>;
using CertIdPtr = Owned<OCSP_CERTID, OCSP_CERTID_free>;
using TimePtr = Owned<ASN1_GENERALIZEDTIME, ASN1_GENERALIZEDTIME_free>;

std::string hexadecimal(const ASN1_STRING* bytes) {
  auto text = hex({ASN1_STRING_get0_data(bytes), static_cast<std::size_t>(ASN1_STRING_length(bytes))});
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string responder_name(const OCSP_BASICRESP* response) {
  const ASN1_OCTET_STRING* key = nullptr;
  const X509_NAME* name = nullptr;
  if (OCSP_resp_get0_id(response, &key, &name) != 1) return {};
  return name != nullptr ? display_name(name) : hexadecimal(key);
}

const char* status_text(int status) {
  if (status == V_OCSP_CERTSTATUS_GOOD) return "good";
  if (status == V_OCSP_CERTSTATUS_REVOKED) return "revoked";
  return "unknown";
}

/// The identifier that a responder would make of a certificate, with the digest that it has used. SHA-1 is
/// usual here and proves nothing by itself: the response is signed.
CertIdPtr same_kind_of_id(const OCSP_CERTID* theirs, const X509* issuer, const ASN1_INTEGER* serial) {
  ASN1_OBJECT* algorithm = nullptr;
  OCSP_id_get0_info(nullptr, &algorithm, nullptr, nullptr, const_cast<OCSP_CERTID*>(theirs));
  const EVP_MD* const digest = algorithm == nullptr ? nullptr : EVP_get_digestbyobj(algorithm);
  if (digest == nullptr) return nullptr;
  return CertIdPtr(OCSP_cert_id_new(digest, X509_get_subject_name(issuer), X509_get0_pubkey_bitstr(issuer),
                                    const_cast<ASN1_INTEGER*>(serial)));
}

bool is_sound(int signature_nid) {
  const std::string digest = digest_of_signature(signature_nid);
  return digest.starts_with("SHA") && digest != "SHA1";
}

bool is_digest_sound(const OCSP_BASICRESP* response) {
  const ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, OCSP_resp_get0_tbs_sigalg(response));
  return is_sound(OBJ_obj2nid(algorithm));
}

constexpr int least_security = 112;  ///< bits: RSA 2048 (signature RV4)

/// Whether the issuer made this certificate for answering in its name, and it was valid when it did.
bool is_delegate(X509* responder, X509* issuer, const OCSP_BASICRESP* response) {
  if (X509_check_issued(issuer, responder) != X509_V_OK) return false;
  if (!is_sound(X509_get_signature_nid(responder))) return false;
  if (EVP_PKEY_get_security_bits(X509_get0_pubkey(responder)) < least_security) return false;
  if (X509_verify(responder, X509_get0_pubkey(issuer)) != 1) return false;
  const auto extended = X509_get_extended_key_usage(responder);
  if (extended == UINT32_MAX || (extended & XKU_OCSP_SIGN) == 0) return false;
  const auto usage = X509_get_key_usage(responder);
  if (usage != UINT32_MAX && (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0) return false;
  const auto produced = instant_of(OCSP_resp_get0_produced_at(response));
  const auto from = instant_of(X509_get0_notBefore(responder));
  const auto until = instant_of(X509_get0_notAfter(responder));
  return produced && from && until && *produced >= *from && *produced <= *until;
}

bool is_signature_good(OCSP_BASICRESP* response, STACK_OF(X509) * signers, unsigned long flags) {
  // No store: who may sign is decided here, and not by a path to whatever anchor.
  const bool good = OCSP_basic_verify(response, signers, nullptr, OCSP_NOVERIFY | flags) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace

OcspPtr parse_ocsp(std::span<const std::uint8_t> der) {
  const unsigned char* at = der.data();
  const ResponsePtr response(d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(der.size())));
  const bool whole = response && at == der.data() + der.size();
  OcspPtr basic;
  if (whole && OCSP_response_status(response.get()) == OCSP_RESPONSE_STATUS_SUCCESSFUL)
    basic.reset(OCSP_response_get1_basic(response.get()));
  ERR_clear_error();
  if (!basic || OCSP_resp_count(basic.get()) < 1) return nullptr;
  // Read now, so that later use by several threads only reads.
  const STACK_OF(X509)* const inside = OCSP_resp_get0_certs(basic.get());
  for (int i = 0; i < sk_X509_num(inside); ++i)
    X509_check_purpose(sk_X509_value(inside, i), -1, 0);
  return basic;
}

std::vector<OcspAnswer> answers_of(OCSP_BASICRESP* response, const std::string& file) {
  std::vector<OcspAnswer> out;
  const std::string responder = responder_name(response);
  for (int i = 0; i < OCSP_resp_count(response); ++i) {
    OcspAnswer one;
    one.single = OCSP_resp_get0(response, i);
    ASN1_GENERALIZEDTIME *revoked = nullptr, *from = nullptr, *until = nullptr;
    int reason = -1;
    const int status = OCSP_single_get0_status(one.single, &reason, &revoked, &from, &until);
    ASN1_INTEGER* serial = nullptr;
    OCSP_id_get0_info(nullptr, nullptr, nullptr, &serial,
                      const_cast<OCSP_CERTID*>(OCSP_SINGLERESP_get0_id(one.single)));
    one.facts = {
        file, responder, hexadecimal(serial), status_text(status), instant_of(from), instant_of(until),
        false};
    one.revoked_at = instant_of(revoked);
    one.reason = reason;
    const TimePtr cutoff(static_cast<ASN1_GENERALIZEDTIME*>(
        OCSP_SINGLERESP_get1_ext_d2i(one.single, NID_id_pkix_OCSP_archiveCutoff, nullptr, nullptr)));
    one.archive_cutoff = instant_of(cutoff.get());
    out.push_back(std::move(one));
  }
  return out;
}

bool is_about(const OcspAnswer& answer, const X509* certificate, const X509* issuer) {
  const OCSP_CERTID* const theirs = OCSP_SINGLERESP_get0_id(answer.single);
  const auto ours = same_kind_of_id(theirs, issuer, X509_get0_serialNumber(certificate));
  return ours && OCSP_id_cmp(ours.get(), theirs) == 0;
}

bool is_of_issuer(const OcspAnswer& answer, const X509* issuer) {
  const OCSP_CERTID* const theirs = OCSP_SINGLERESP_get0_id(answer.single);
  const auto ours = same_kind_of_id(theirs, issuer, X509_get0_serialNumber(issuer));
  return ours && OCSP_id_issuer_cmp(ours.get(), theirs) == 0;
}

X509* responder_of(OCSP_BASICRESP* response, X509* issuer) {
  if (!is_digest_sound(response)) return nullptr;
  const StackPtr issuers(sk_X509_new_null());
  sk_X509_push(issuers.get(), issuer);
  X509* signer = nullptr;
  if (OCSP_resp_get0_signer(response, &signer, issuers.get()) == 1 && signer == issuer &&
      is_signature_good(response, issuers.get(), OCSP_NOINTERN))
    return issuer;
  const bool named = OCSP_resp_get0_signer(response, &signer, nullptr) == 1 && signer != nullptr;
  const bool good = named && is_delegate(signer, issuer, response) && is_signature_good(response, nullptr, 0);
  ERR_clear_error();
  return good ? signer : nullptr;
}

}  // namespace demat::trust
