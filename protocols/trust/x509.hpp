#pragma once

// Inner header: what this folder's .cpp files share of OpenSSL. Nobody else includes it.

#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "protocols/base/digest.hpp"
#include "protocols/base/owned.hpp"
#include "protocols/trust/rules.hpp"

namespace demat::trust {

using X509Ptr = Owned<X509, X509_free>;
using CrlPtr = Owned<X509_CRL, X509_CRL_free>;
using StorePtr = Owned<X509_STORE, X509_STORE_free>;
using StoreContextPtr = Owned<X509_STORE_CTX, X509_STORE_CTX_free>;
using IntegerPtr = Owned<ASN1_INTEGER, ASN1_INTEGER_free>;
using ExtensionSourcePtr = Owned<GENERAL_NAMES, GENERAL_NAMES_free>;

/// A sk_X509 that owns nothing but its own array.
struct StackFree {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
using StackPtr = std::unique_ptr<STACK_OF(X509), StackFree>;

/// One more owner of a certificate.
[[nodiscard]] X509Ptr shared(X509* certificate);

/// Exactly one certificate, its extensions read already so that later use only reads; null otherwise.
[[nodiscard]] X509Ptr parse_certificate(std::span<const std::uint8_t> der);
/// Exactly one CRL; null otherwise.
[[nodiscard]] CrlPtr parse_crl(std::span<const std::uint8_t> der);

[[nodiscard]] Bytes der_of(const X509* certificate);
[[nodiscard]] Sha256 fingerprint(std::span<const std::uint8_t> der);
[[nodiscard]] std::optional<Instant> instant_of(const ASN1_TIME* time);
/// RFC 2253, UTF-8, control characters escaped.
[[nodiscard]] std::string name_text(const X509_NAME* name);
/// Common name of the subject, else the whole subject; control characters made harmless, cut to a length fit
/// for a sentence.
[[nodiscard]] std::string display_name(const X509* certificate);
[[nodiscard]] std::string display_name(const X509_NAME* name);
/// The first value of that kind in a name, cleaned in the same way; empty when there is none.
[[nodiscard]] std::string part_of(const X509_NAME* name, int nid);
[[nodiscard]] std::string decimal(const ASN1_INTEGER* number);
/// OID in numbers.
[[nodiscard]] std::string oid_text(const ASN1_OBJECT* object);
/// OpenSSL's short name of the digest in a signature algorithm ("SHA256"); empty when it has none.
[[nodiscard]] std::string digest_of_signature(int signature_nid);

}  // namespace demat::trust
