#include "gateway/signing/leaf.hpp"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>

#include "gateway/signing/errors.hpp"
#include "protocols/base/owned.hpp"
#include "protocols/xades/certificate.hpp"

namespace demat::signing {
namespace {

bool is_p256(EVP_PKEY* key) {
  std::array<char, 64> group{};
  std::size_t size = 0;
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
         EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) == 1 &&
         std::string_view(group.data(), size) == "prime256v1";
}

bool usage_fits(std::uint32_t usage, CertificateUse use) {
  if (usage == UINT32_MAX) return false;  // no extension: RS4 wants one
  if ((usage & KU_NON_REPUDIATION) != 0) return true;
  return use == CertificateUse::seal && (usage & KU_DIGITAL_SIGNATURE) != 0;
}

}  // namespace

Status check_leaf(std::span<const std::uint8_t> der, const LeafRules& rules, std::string_view name) {
  const auto parsed = xades::Certificate::from_der(der);
  if (!parsed) return failure(key_certificate(name, parsed.error().detail));
  const unsigned char* at = der.data();
  const Owned<X509, X509_free> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  const std::uint32_t usage = X509_get_key_usage(certificate.get());
  const std::uint32_t flags = X509_get_extension_flags(certificate.get());
  ERR_clear_error();
  const bool signs_others = usage != UINT32_MAX && (usage & (KU_KEY_CERT_SIGN | KU_CRL_SIGN)) != 0;
  if ((flags & EXFLAG_CA) != 0 || signs_others) return failure(key_of_authority(name));
  if ((flags & EXFLAG_INVALID) != 0) return failure(key_certificate(name, "extensions"));
  if (!usage_fits(usage, rules.use)) return failure(key_usage(name));
  const bool elliptic = rules.allow_p256 && is_p256(X509_get0_pubkey(certificate.get()));
  if (!elliptic && !parsed->has_strong_rsa_key()) return failure(key_weak(name));
  return {};
}

}  // namespace demat::signing
