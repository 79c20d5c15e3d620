#include "protocols/cms/bound_certificate.hpp"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include <algorithm>
#include <optional>

#include "protocols/cms/handles.hpp"

namespace demat::cms {
namespace {

using Der = std::span<const std::uint8_t>;
using AlgorithmPtr = Owned<X509_ALGOR, X509_ALGOR_free>;

/// Takes one element with this tag off the front of `from`: its content.
std::optional<Der> take(Der& from, int wanted) {
  const unsigned char* at = from.data();
  long length = 0;
  int tag = 0;
  int kind = 0;
  const int result = ASN1_get_object(&at, &length, &tag, &kind, static_cast<long>(from.size()));
  ERR_clear_error();
  // 0x80: an error; an indefinite length (bit 0) is no DER.
  if ((result & 0x81) != 0 || tag != wanted || kind != V_ASN1_UNIVERSAL) return std::nullopt;
  const Der content(at, static_cast<std::size_t>(length));
  from = from.subspan(static_cast<std::size_t>(at - from.data()) + content.size());
  return content;
}

bool starts_with(Der der, int tag) {
  return !der.empty() && (der.front() & 0x1F) == tag;
}

/// The digest of ESSCertIDv2, whose default is SHA-256; ESSCertID has none to state.
std::optional<Digester::Algorithm> stated_digest(Der& id, bool second_version) {
  if (!second_version) return Digester::Algorithm::sha1;
  if (!starts_with(id, V_ASN1_SEQUENCE)) return Digester::Algorithm::sha256;
  const unsigned char* at = id.data();
  const AlgorithmPtr algorithm(d2i_X509_ALGOR(nullptr, &at, static_cast<long>(id.size())));
  ERR_clear_error();
  if (!algorithm) return std::nullopt;
  id = id.subspan(static_cast<std::size_t>(at - id.data()));
  return digest_of(algorithm.get());
}

/// SEQUENCE { SEQUENCE OF SEQUENCE { hashAlgorithm?, certHash, issuerSerial? }, policies? }
Binding compare(Der attribute, bool second_version, Der certificate) {
  const auto whole = take(attribute, V_ASN1_SEQUENCE);
  Der inner = whole.value_or(Der{});
  const auto list = take(inner, V_ASN1_SEQUENCE);
  Der entries = list.value_or(Der{});
  const auto first = take(entries, V_ASN1_SEQUENCE);
  if (!first || !attribute.empty()) return Binding::unreadable;
  Der id = *first;
  const auto algorithm = stated_digest(id, second_version);
  const auto stated = take(id, V_ASN1_OCTET_STRING);
  if (!algorithm || !stated) return Binding::unreadable;
  Digester digester(*algorithm);
  digester.update(as_text(certificate));
  return std::ranges::equal(digester.finish(), *stated) ? Binding::bound : Binding::different;
}

Binding attribute_binding(const CMS_SignerInfo* info, int nid, Der certificate) {
  const int at = CMS_signed_get_attr_by_NID(info, nid, -1);
  if (at < 0) return Binding::absent;
  X509_ATTRIBUTE* const attribute = CMS_signed_get_attr(info, at);
  const ASN1_TYPE* const value = X509_ATTRIBUTE_get0_type(attribute, 0);
  // One attribute with one value (RFC 5035 5.4.1): a second one would speak for another certificate.
  if (CMS_signed_get_attr_by_NID(info, nid, at) >= 0 || X509_ATTRIBUTE_count(attribute) != 1 ||
      value == nullptr || value->type != V_ASN1_SEQUENCE)
    return Binding::unreadable;
  return compare(bytes_of(value->value.sequence), nid == NID_id_smime_aa_signingCertificateV2, certificate);
}

}  // namespace

Binding binding_of(const CMS_SignerInfo* info, std::span<const std::uint8_t> certificate_der) {
  const auto second = attribute_binding(info, NID_id_smime_aa_signingCertificateV2, certificate_der);
  const auto first = attribute_binding(info, NID_id_smime_aa_signingCertificate, certificate_der);
  if (second == Binding::absent) return first;
  if (second != Binding::bound || first == Binding::absent) return second;
  return first;
}

}  // namespace demat::cms
