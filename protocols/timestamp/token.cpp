#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>

#include "protocols/cms/bound_certificate.hpp"
#include "protocols/timestamp/errors.hpp"
#include "protocols/timestamp/timestamp.hpp"
#include "protocols/timestamp/tsa.hpp"

namespace demat::timestamp {
namespace {

using Binding = cms::Binding;

bool is_stamp(const CMS_ContentInfo* cms) {
  return OBJ_obj2nid(CMS_get0_eContentType(const_cast<CMS_ContentInfo*>(cms))) == NID_id_smime_ct_TSTInfo;
}

/// The only signer (RFC 3161 2.4.2: "MUST NOT contain any signatures other than that of the TSA"); null.
CMS_SignerInfo* only_signer(CMS_ContentInfo* cms) {
  auto* const infos = CMS_get0_SignerInfos(cms);
  return infos != nullptr && sk_CMS_SignerInfo_num(infos) == 1 ? sk_CMS_SignerInfo_value(infos, 0) : nullptr;
}

/// The signed content type is that of the content: else a signature over other attributes would serve.
bool states_its_type(const CMS_SignerInfo* info) {
  const int at = CMS_signed_get_attr_by_NID(info, NID_pkcs9_contentType, -1);
  X509_ATTRIBUTE* const attribute = at < 0 ? nullptr : CMS_signed_get_attr(info, at);
  const ASN1_TYPE* const value = attribute != nullptr ? X509_ATTRIBUTE_get0_type(attribute, 0) : nullptr;
  return value != nullptr && value->type == V_ASN1_OBJECT &&
         OBJ_obj2nid(value->value.object) == NID_id_smime_ct_TSTInfo;
}

/// RFC 3161 2.3: the usage is there, critical, and the only one.
bool is_for_stamps(const X509* certificate) {
  const int at = X509_get_ext_by_NID(certificate, NID_ext_key_usage, -1);
  if (at < 0 || X509_EXTENSION_get_critical(X509_get_ext(certificate, at)) == 0) return false;
  const Owned<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free> usage(
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr)));
  ERR_clear_error();
  return usage && sk_ASN1_OBJECT_num(usage.get()) == 1 &&
         OBJ_obj2nid(sk_ASN1_OBJECT_value(usage.get(), 0)) == NID_time_stamp;
}

std::string signature_digest(CMS_SignerInfo* info) {
  X509_ALGOR* digest = nullptr;
  CMS_SignerInfo_get0_algs(info, nullptr, nullptr, &digest, nullptr);
  const ASN1_OBJECT* name = nullptr;
  if (digest != nullptr) X509_ALGOR_get0(&name, nullptr, nullptr, digest);
  return name != nullptr ? OBJ_nid2sn(OBJ_obj2nid(name)) : "";
}

Status check_signature(CMS_ContentInfo* cms, CMS_SignerInfo* info, Stamp& stamp) {
  constexpr unsigned flags = CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY;
  const bool holds = CMS_verify(cms, nullptr, nullptr, nullptr, nullptr, flags) == 1;
  X509* signer = nullptr;
  CMS_SignerInfo_get0_algs(info, nullptr, &signer, nullptr, nullptr);
  ERR_clear_error();
  if (signer == nullptr) return failure(token_certificate("none"));
  if (!holds || !states_its_type(info)) return failure(token_signature());
  stamp.certificate_der = cms::der_of(signer, i2d_X509);
  switch (cms::binding_of(info, stamp.certificate_der)) {
    case Binding::bound:
      break;
    case Binding::absent:
      return failure(token_certificate("signingCertificate is missing"));
    case Binding::different:
      return failure(token_certificate("signingCertificate names another certificate"));
    case Binding::unreadable:
      return failure(token_certificate("signingCertificate is unreadable"));
  }
  if (!is_for_stamps(signer)) return failure(token_usage());
  stamp.digest = signature_digest(info);
  const cms::CertificatesPtr all(CMS_get1_certs(cms));
  for (int i = 0; all && i < sk_X509_num(all.get()); ++i)
    stamp.certificates.push_back(cms::der_of(sk_X509_value(all.get(), i), i2d_X509));
  return {};
}

std::optional<std::chrono::milliseconds> accuracy_of(const TS_ACCURACY* accuracy) {
  if (accuracy == nullptr) return std::nullopt;
  const auto value = [](const ASN1_INTEGER* number) {
    return number != nullptr ? std::clamp(ASN1_INTEGER_get(number), 0L, 86'400L) : 0L;
  };
  // Microseconds are below what a signature's time is stated in.
  return std::chrono::seconds(value(TS_ACCURACY_get_seconds(accuracy))) +
         std::chrono::milliseconds(value(TS_ACCURACY_get_millis(accuracy)));
}

std::string hexadecimal(const ASN1_INTEGER* number) {
  std::string text = hex(magnitude(number));
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c; });
  return text.empty() ? "00" : text;
}

Status read_info(const TS_TST_INFO* read, Stamp& stamp) {
  // The accessors take no const, but change nothing.
  auto* const info = const_cast<TS_TST_INFO*>(read);
  std::tm parts{};
  if (TS_TST_INFO_get_version(info) != 1 || ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &parts) != 1)
    return failure(token_unreadable("version or time"));
  for (int i = 0; i < TS_TST_INFO_get_ext_count(info); ++i)
    if (X509_EXTENSION_get_critical(TS_TST_INFO_get_ext(info, i)) != 0)
      return failure(token_unreadable("critical extension"));
  stamp.time = Instant(std::chrono::seconds(timegm(&parts)));
  stamp.accuracy = accuracy_of(TS_TST_INFO_get_accuracy(info));
  stamp.serial = hexadecimal(TS_TST_INFO_get_serial(info));
  stamp.policy = oid_text(TS_TST_INFO_get_policy_id(info));
  stamp.nonce = magnitude(TS_TST_INFO_get_nonce(info));
  TS_MSG_IMPRINT* const imprint = TS_TST_INFO_get_msg_imprint(info);
  const auto algorithm = cms::digest_of(TS_MSG_IMPRINT_get_algo(imprint));
  if (!algorithm) return failure(token_algorithm());
  stamp.imprint_algorithm = *algorithm;
  const auto digest = cms::bytes_of(TS_MSG_IMPRINT_get_msg(imprint));
  stamp.imprint.assign(digest.begin(), digest.end());
  return {};
}

Status read_content(CMS_ContentInfo* cms, Stamp& stamp) {
  ASN1_OCTET_STRING** const content = CMS_get0_content(cms);
  const auto der = cms::bytes_of(content != nullptr ? *content : nullptr);
  const unsigned char* at = der.data();
  const InfoPtr info(d2i_TS_TST_INFO(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  if (!info || at != der.data() + der.size()) return failure(token_unreadable("TSTInfo"));
  return read_info(info.get(), stamp);
}

}  // namespace

Result<Stamp> verify_token(std::span<const std::uint8_t> token, const DigestOf& digest) {
  if (token.size() > max_token) return failure(token_unreadable("size"));
  const auto cms = cms::parse_signed_data(token);
  if (!cms || !is_stamp(cms.get())) return failure(token_unreadable());
  CMS_SignerInfo* const info = only_signer(cms.get());
  if (info == nullptr) return failure(token_unreadable("number of signers"));
  Stamp stamp;
  if (auto status = read_content(cms.get(), stamp); !status) return failure(status.error());
  if (auto status = check_signature(cms.get(), info, stamp); !status) return failure(status.error());
  const auto expected = digest(stamp.imprint_algorithm);
  if (!expected) return failure(expected.error());
  if (*expected != stamp.imprint || expected->empty()) return failure(token_imprint());
  return stamp;
}

Result<Stamp> verify_token(std::span<const std::uint8_t> token, std::string_view stamped) {
  return verify_token(token, [&](Digester::Algorithm algorithm) -> Result<Bytes> {
    Digester digester(algorithm);
    digester.update(stamped);
    return digester.finish();
  });
}

}  // namespace demat::timestamp
