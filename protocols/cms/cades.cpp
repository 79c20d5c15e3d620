#include "protocols/cms/cades.hpp"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "protocols/cms/bound_certificate.hpp"
#include "protocols/cms/handles.hpp"

namespace demat::cms {
namespace {

using TimePtr = Owned<ASN1_TIME, ASN1_TIME_free>;
using ContextPtr = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using PairPtr = Owned<ECDSA_SIG, ECDSA_SIG_free>;

constexpr unsigned detached_cades = CMS_PARTIAL | CMS_BINARY | CMS_DETACHED | CMS_CADES | CMS_NOSMIMECAP;
constexpr std::size_t p256_bytes = 32;

Error unusable_certificate(std::string_view detail) {
  ERR_clear_error();
  return waiting_error(
      "cades.certificate",
      "Le certificat de signature de la passerelle n'est pas utilisable : prévenez l'exploitant.",
      "The gateway's signing certificate cannot be used: tell the operator.", detail);
}

Error not_confirmed() {
  ERR_clear_error();
  return waiting_error(
      "cades.self_check",
      "La signature que la passerelle vient de produire ne se vérifie pas : rien n'est émis, "
      "prévenez l'exploitant.",
      "The signature just made by the gateway does not verify: nothing is sent, tell the operator.");
}

Result<Bytes> digest_of_content(const ByteSource& content) {
  Digester digester(Digester::Algorithm::sha256);
  std::vector<char> piece(65'536);
  for (std::size_t offset = 0;;) {
    const auto got = content.read(offset, piece);
    if (!got) return failure(got.error());
    if (*got == 0) return digester.finish();
    digester.update({piece.data(), *got});
    offset += *got;
  }
}

CertificatePtr parse_certificate(const Bytes& der) {
  const unsigned char* at = der.data();
  CertificatePtr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  return certificate && at == der.data() + der.size() ? std::move(certificate) : nullptr;
}

/// A length in DER, up to 64 KiB: attributes are far below.
void put_length(Bytes& out, std::size_t length) {
  if (length >= 256) {
    out.insert(out.end(), {0x82, static_cast<std::uint8_t>(length >> 8)});
  } else if (length >= 128) {
    out.push_back(0x81);
  }
  out.push_back(static_cast<std::uint8_t>(length & 0xFF));
}

/// What is signed: the attributes as a SET OF in DER (RFC 5652 5.4), which sorts them by their bytes.
Bytes signed_attributes(const CMS_SignerInfo* info) {
  std::vector<Bytes> attributes;
  std::size_t length = 0;
  for (int i = 0; i < CMS_signed_get_attr_count(info); ++i) {
    attributes.push_back(der_of(CMS_signed_get_attr(info, i), i2d_X509_ATTRIBUTE));
    length += attributes.back().size();
  }
  std::ranges::sort(attributes);
  Bytes out{0x31};
  put_length(out, length);
  for (const auto& one : attributes)
    out.insert(out.end(), one.begin(), one.end());
  return out;
}

bool state_content(CMS_SignerInfo* info, const Bytes& digest, std::chrono::sys_seconds when) {
  const TimePtr time(ASN1_TIME_set(nullptr, when.time_since_epoch().count()));
  return time &&
         CMS_signed_add1_attr_by_NID(info, NID_pkcs9_contentType, V_ASN1_OBJECT, OBJ_nid2obj(NID_pkcs7_data),
                                     -1) == 1 &&
         CMS_signed_add1_attr_by_NID(info, NID_pkcs9_signingTime, time->type, time.get(), -1) == 1 &&
         CMS_signed_add1_attr_by_NID(info, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, digest.data(),
                                     static_cast<int>(digest.size())) == 1;
}

/// What XMLDSig wants (r||s) as CMS wants it: a SEQUENCE of two INTEGERs.
Bytes as_der_pair(const Bytes& value) {
  if (value.size() != 2 * p256_bytes) return {};
  PairPtr pair(ECDSA_SIG_new());
  BIGNUM* const r = BN_bin2bn(value.data(), p256_bytes, nullptr);
  BIGNUM* const s = BN_bin2bn(value.data() + p256_bytes, p256_bytes, nullptr);
  if (!pair || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return {};
  }
  return der_of(pair.get(), i2d_ECDSA_SIG);
}

bool is_value_of(const Bytes& value, const Bytes& attributes, EVP_PKEY* key) {
  const ContextPtr context(EVP_MD_CTX_new());
  return context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), value.data(), value.size(), attributes.data(), attributes.size()) ==
             1;
}

/// The value in its DER form, verified.
Result<Bytes> value_over(const Bytes& attributes, const CadesRequest& request, EVP_PKEY* key) {
  auto value = request.sign(as_text(attributes));
  if (!value) return failure(value.error());
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC) *value = as_der_pair(*value);
  if (value->empty() || !is_value_of(*value, attributes, key)) return failure(not_confirmed());
  return value;
}

Status add_stamp(CMS_SignerInfo* info, const Bytes& value, const CadesRequest& request) {
  if (!request.stamp) return {};
  const auto token = request.stamp(as_text(value));
  if (!token) return failure(token.error());
  const int added = CMS_unsigned_add1_attr_by_NID(info, NID_id_smime_aa_timeStampToken, V_ASN1_SEQUENCE,
                                                  token->data(), static_cast<int>(token->size()));
  return added == 1 ? Status() : failure(not_confirmed());
}

/// The attributes as they stand in the output, which may not differ from what was signed.
bool holds(const Bytes& der, const Bytes& attributes, const Bytes& certificate) {
  const auto cms = parse_signed_data(der);
  auto* const infos = cms ? CMS_get0_SignerInfos(cms.get()) : nullptr;
  if (infos == nullptr || sk_CMS_SignerInfo_num(infos) != 1) return false;
  CMS_SignerInfo* const info = sk_CMS_SignerInfo_value(infos, 0);
  if (CMS_set1_signers_certs(cms.get(), nullptr, 0) != 1 || CMS_SignerInfo_verify(info) != 1) return false;
  return signed_attributes(info) == attributes && binding_of(info, certificate) == Binding::bound;
}

}  // namespace

Result<Bytes> sign_detached(const ByteSource& content, const CadesRequest& request) {
  const auto certificate = parse_certificate(request.certificate_der);
  if (!certificate) return failure(unusable_certificate("unreadable"));
  EVP_PKEY* const key = X509_get0_pubkey(certificate.get());
  const int kind = key != nullptr ? EVP_PKEY_get_base_id(key) : EVP_PKEY_NONE;
  const bool p256 = kind == EVP_PKEY_EC && EVP_PKEY_get_bits(key) == 8 * static_cast<int>(p256_bytes);
  if (kind != EVP_PKEY_RSA && !p256) return failure(unusable_certificate("key"));
  const auto digest = digest_of_content(content);
  if (!digest) return failure(digest.error());

  const CmsPtr cms(CMS_sign(nullptr, nullptr, nullptr, nullptr, detached_cades));
  CMS_SignerInfo* const info =
      cms ? CMS_add1_signer(cms.get(), certificate.get(), key, EVP_sha256(), detached_cades) : nullptr;
  if (info == nullptr || !state_content(info, *digest, request.signing_time))
    return failure(unusable_certificate("attributes"));
  const Bytes attributes = signed_attributes(info);
  const auto value = value_over(attributes, request, key);
  if (!value) return failure(value.error());
  if (ASN1_STRING_set(CMS_SignerInfo_get0_signature(info), value->data(), static_cast<int>(value->size())) !=
      1)
    return failure(not_confirmed());
  if (auto status = add_stamp(info, *value, request); !status) return failure(status.error());
  Bytes der = der_of(cms.get(), i2d_CMS_ContentInfo);
  if (!holds(der, attributes, request.certificate_der)) return failure(not_confirmed());
  ERR_clear_error();
  return der;
}

}  // namespace demat::cms
