#pragma once

// Owners of OpenSSL's structures, for .cpp files that speak CMS.

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/x509.h>

#include <memory>
#include <optional>
#include <span>

#include "protocols/base/digest.hpp"
#include "protocols/base/owned.hpp"

namespace demat::cms {

using BioPtr = Owned<BIO, BIO_free_all>;
using CmsPtr = Owned<CMS_ContentInfo, CMS_ContentInfo_free>;
using CertificatePtr = Owned<X509, X509_free>;

struct CertificatesFree {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};
using CertificatesPtr = std::unique_ptr<STACK_OF(X509), CertificatesFree>;

/// The SignedData at the start of `der`; what follows it may only be zeros (PDF pads with them). Null
/// otherwise.
[[nodiscard]] CmsPtr parse_signed_data(std::span<const std::uint8_t> der);
/// Of any OpenSSL structure with an i2d function.
template <class T, class Encode>
[[nodiscard]] Bytes der_of(const T* object, Encode encode) {
  const int size = encode(object, nullptr);
  Bytes der(size > 0 ? static_cast<std::size_t>(size) : 0);
  unsigned char* at = der.data();
  if (size > 0) encode(object, &at);
  return der;
}
[[nodiscard]] inline std::span<const std::uint8_t> bytes_of(const ASN1_STRING* text) {
  if (text == nullptr) return {};
  return {ASN1_STRING_get0_data(text), static_cast<std::size_t>(ASN1_STRING_length(text))};
}
/// The digest that OpenSSL calls so; nothing for those that we do not take.
[[nodiscard]] std::optional<Digester::Algorithm> digest_of(const X509_ALGOR* algorithm);

}  // namespace demat::cms
