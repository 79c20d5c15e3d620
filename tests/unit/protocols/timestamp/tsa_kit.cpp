#include "tsa_kit.hpp"

#include <openssl/ess.h>
#include <openssl/ts.h>

#include <stdexcept>

#include "protocols/cms/handles.hpp"

namespace demat::test {
namespace {

using InfoPtr = Owned<TS_TST_INFO, TS_TST_INFO_free>;

void need(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(std::string("tsa kit: ") + what);
}

int digest_nid(Digester::Algorithm algorithm) {
  switch (algorithm) {
    case Digester::Algorithm::sha1:
      return NID_sha1;
    case Digester::Algorithm::sha256:
      return NID_sha256;
    case Digester::Algorithm::sha384:
      return NID_sha384;
    case Digester::Algorithm::sha512:
      return NID_sha512;
  }
  return NID_undef;
}

Bytes digest_of(const TokenWish& wish) {
  if (wish.imprint) return *wish.imprint;
  Digester digester(wish.algorithm);
  digester.update(wish.stamped);
  return digester.finish();
}

void state_imprint(TS_TST_INFO* info, const TokenWish& wish) {
  const Owned<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free> imprint(TS_MSG_IMPRINT_new());
  const Owned<X509_ALGOR, X509_ALGOR_free> algorithm(X509_ALGOR_new());
  X509_ALGOR_set_md(algorithm.get(), EVP_get_digestbynid(digest_nid(wish.algorithm)));
  Bytes digest = digest_of(wish);
  need(TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1, "algorithm");
  need(TS_MSG_IMPRINT_set_msg(imprint.get(), digest.data(), static_cast<int>(digest.size())) == 1, "digest");
  need(TS_TST_INFO_set_msg_imprint(info, imprint.get()) == 1, "imprint");
}

void state_numbers(TS_TST_INFO* info, const TokenWish& wish) {
  const Owned<ASN1_INTEGER, ASN1_INTEGER_free> serial(ASN1_INTEGER_new());
  ASN1_INTEGER_set(serial.get(), 0xABCD);
  need(TS_TST_INFO_set_serial(info, serial.get()) == 1, "serial");
  if (wish.nonce.empty()) return;
  const Owned<BIGNUM, BN_free> number(
      BN_bin2bn(wish.nonce.data(), static_cast<int>(wish.nonce.size()), nullptr));
  const Owned<ASN1_INTEGER, ASN1_INTEGER_free> nonce(BN_to_ASN1_INTEGER(number.get(), nullptr));
  need(TS_TST_INFO_set_nonce(info, nonce.get()) == 1, "nonce");
}

void state_accuracy(TS_TST_INFO* info) {
  const Owned<TS_ACCURACY, TS_ACCURACY_free> accuracy(TS_ACCURACY_new());
  const Owned<ASN1_INTEGER, ASN1_INTEGER_free> seconds(ASN1_INTEGER_new());
  const Owned<ASN1_INTEGER, ASN1_INTEGER_free> millis(ASN1_INTEGER_new());
  ASN1_INTEGER_set(seconds.get(), 1);
  ASN1_INTEGER_set(millis.get(), 500);
  need(TS_ACCURACY_set_seconds(accuracy.get(), seconds.get()) == 1 &&
           TS_ACCURACY_set_millis(accuracy.get(), millis.get()) == 1 &&
           TS_TST_INFO_set_accuracy(info, accuracy.get()) == 1,
       "accuracy");
}

InfoPtr make_info(const TokenWish& wish) {
  InfoPtr info(TS_TST_INFO_new());
  need(TS_TST_INFO_set_version(info.get(), 1) == 1, "version");
  const Owned<ASN1_OBJECT, ASN1_OBJECT_free> policy(OBJ_txt2obj(wish.policy.c_str(), 1));
  need(policy && TS_TST_INFO_set_policy_id(info.get(), policy.get()) == 1, "policy");
  state_imprint(info.get(), wish);
  state_numbers(info.get(), wish);
  const Owned<ASN1_GENERALIZEDTIME, ASN1_GENERALIZEDTIME_free> time(ASN1_GENERALIZEDTIME_new());
  // Not by ..._set_string, which knows no fractions.
  need(ASN1_STRING_set(time.get(), wish.time.data(), static_cast<int>(wish.time.size())) == 1 &&
           TS_TST_INFO_set_time(info.get(), time.get()) == 1,
       "time");
  if (wish.accuracy) state_accuracy(info.get());
  return info;
}

void add_attribute(CMS_SignerInfo* info, int nid, const Bytes& der) {
  need(CMS_signed_add1_attr_by_NID(info, nid, V_ASN1_SEQUENCE, der.data(), static_cast<int>(der.size())) == 1,
       "attribute");
}

void name_first(CMS_SignerInfo* info, const X509* certificate) {
  const Owned<ESS_SIGNING_CERT, ESS_SIGNING_CERT_free> names(
      OSSL_ESS_signing_cert_new_init(certificate, nullptr, 1));
  add_attribute(info, NID_id_smime_aa_signingCertificate, cms::der_of(names.get(), i2d_ESS_SIGNING_CERT));
}

void name_second(CMS_SignerInfo* info, const X509* certificate) {
  const Owned<ESS_SIGNING_CERT_V2, ESS_SIGNING_CERT_V2_free> names(
      OSSL_ESS_signing_cert_v2_new_init(EVP_sha256(), certificate, nullptr, 1));
  add_attribute(info, NID_id_smime_aa_signingCertificateV2,
                cms::der_of(names.get(), i2d_ESS_SIGNING_CERT_V2));
}

void name_certificate(CMS_SignerInfo* info, TokenWish::Naming naming, const X509* certificate) {
  using Naming = TokenWish::Naming;
  if (naming == Naming::first || naming == Naming::both) name_first(info, certificate);
  if (naming == Naming::second || naming == Naming::both) name_second(info, certificate);
  if (naming == Naming::other) name_second(info, ordinary_pki().leaf.certificate.get());
  if (naming == Naming::nonsense)
    add_attribute(info, NID_id_smime_aa_signingCertificateV2, {0x30, 0x02, 0x05, 0x00});
}

/// PKIStatusInfo with text and reasons, which OpenSSL only writes from a request.
Bytes refusal(long status, int failure, const std::string& text) {
  Bytes status_der{0x02, 0x01, static_cast<std::uint8_t>(status)};
  status_der.insert(status_der.end(), {0x30, static_cast<std::uint8_t>(text.size() + 2), 0x0C,
                                       static_cast<std::uint8_t>(text.size())});
  status_der.insert(status_der.end(), text.begin(), text.end());
  if (failure >= 0) {
    Bytes bits(4, 0);
    bits[static_cast<std::size_t>(failure / 8)] = static_cast<std::uint8_t>(0x80U >> (failure % 8));
    status_der.insert(status_der.end(), {0x03, 0x05, 0x00});
    status_der.insert(status_der.end(), bits.begin(), bits.end());
  }
  Bytes out{0x30, static_cast<std::uint8_t>(status_der.size() + 2), 0x30,
            static_cast<std::uint8_t>(status_der.size())};
  out.insert(out.end(), status_der.begin(), status_der.end());
  return out;
}

}  // namespace

Bytes make_token(const TokenWish& wish, const Holder& authority) {
  const auto info = make_info(wish);
  const Bytes content = cms::der_of(info.get(), i2d_TS_TST_INFO);
  const unsigned whole = CMS_BINARY | CMS_PARTIAL | (wish.certificates ? 0U : CMS_NOCERTS);
  const cms::CmsPtr token(CMS_sign(nullptr, nullptr, nullptr, nullptr, whole));
  const cms::BioPtr in(BIO_new_mem_buf(content.data(), static_cast<int>(content.size())));
  const Owned<ASN1_OBJECT, ASN1_OBJECT_free> type(OBJ_dup(OBJ_nid2obj(wish.content_type)));
  need(token && CMS_set1_eContentType(token.get(), type.get()) == 1, "content type");
  CMS_SignerInfo* const signer =
      CMS_add1_signer(token.get(), authority.certificate.get(), authority.key.get(), EVP_sha256(), whole);
  need(signer != nullptr, "signer");
  name_certificate(signer, wish.naming, authority.certificate.get());
  if (wish.another_signer) {
    const auto& leaf = ordinary_pki().leaf;
    need(CMS_add1_signer(token.get(), leaf.certificate.get(), leaf.key.get(), EVP_sha256(), whole) != nullptr,
         "another signer");
  }
  need(CMS_final(token.get(), in.get(), nullptr, whole) == 1, "final");
  return cms::der_of(token.get(), i2d_CMS_ContentInfo);
}

Bytes make_response(const Bytes& token, long status, int failure, const std::string& text) {
  const Owned<TS_RESP, TS_RESP_free> response(TS_RESP_new());
  const Owned<TS_STATUS_INFO, TS_STATUS_INFO_free> info(TS_STATUS_INFO_new());
  TS_STATUS_INFO_set_status(info.get(), static_cast<int>(status));
  need(TS_RESP_set_status_info(response.get(), info.get()) == 1, "status");
  if (!token.empty()) {
    const unsigned char* at = token.data();
    PKCS7* const inside = d2i_PKCS7(nullptr, &at, static_cast<long>(token.size()));
    const cms::CmsPtr cms = cms::parse_signed_data(token);
    ASN1_OCTET_STRING** const content = CMS_get0_content(cms.get());
    const unsigned char* inner = ASN1_STRING_get0_data(*content);
    TS_RESP_set_tst_info(response.get(), inside,
                         d2i_TS_TST_INFO(nullptr, &inner, ASN1_STRING_length(*content)));
  }
  if (failure < 0 && text.empty()) return cms::der_of(response.get(), i2d_TS_RESP);
  return refusal(status, failure, text);
}

const Holder& ordinary_tsa() {
  static const Holder tsa = issue({.name = "Horodatage d'essai",
                                   .elliptic = false,
                                   .key_usage = "critical,digitalSignature",
                                   .extended_key_usage = "critical,timeStamping"},
                                  &ordinary_pki().sub);
  return tsa;
}

Bytes answer_request(std::span<const std::uint8_t> request, const Holder& authority,
                     const std::string& time) {
  const unsigned char* at = request.data();
  const Owned<TS_REQ, TS_REQ_free> asked(d2i_TS_REQ(nullptr, &at, static_cast<long>(request.size())));
  need(asked != nullptr, "request");
  TokenWish wish;
  const auto digest = cms::bytes_of(TS_MSG_IMPRINT_get_msg(TS_REQ_get_msg_imprint(asked.get())));
  wish.imprint = Bytes(digest.begin(), digest.end());
  wish.algorithm = cms::digest_of(TS_MSG_IMPRINT_get_algo(TS_REQ_get_msg_imprint(asked.get()))).value();
  const Owned<BIGNUM, BN_free> nonce(ASN1_INTEGER_to_BN(TS_REQ_get_nonce(asked.get()), nullptr));
  wish.nonce.resize(static_cast<std::size_t>(BN_num_bytes(nonce.get())));
  BN_bn2bin(nonce.get(), wish.nonce.data());
  wish.time = time;
  return make_response(make_token(wish, authority));
}

}  // namespace demat::test
