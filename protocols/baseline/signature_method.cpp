#include "protocols/baseline/signature_method.hpp"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>

#include "protocols/base/owned.hpp"

namespace demat::baseline {
namespace {

using enum Digester::Algorithm;

constexpr int least_curve_bits = 256;
constexpr int most_curve_bits = 521;

constexpr std::array methods = std::to_array<SignatureMethod>({
    {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", Scheme::rsa, sha256, "SHA256"},
    {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", Scheme::rsa, sha384, "SHA384"},
    {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", Scheme::rsa, sha512, "SHA512"},
    {"http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", Scheme::rsa_pss, sha256, "SHA256"},
    {"http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1", Scheme::rsa_pss, sha384, "SHA384"},
    {"http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1", Scheme::rsa_pss, sha512, "SHA512"},
    {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", Scheme::ecdsa, sha256, "SHA256"},
    {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", Scheme::ecdsa, sha384, "SHA384"},
    {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", Scheme::ecdsa, sha512, "SHA512"},
});

using ContextPtr = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using ValuePtr = Owned<ECDSA_SIG, ECDSA_SIG_free>;
struct TextFree {
  void operator()(unsigned char* text) const { OPENSSL_free(text); }
};

EVP_PKEY* key_of(const xades::Certificate& certificate) {
  return X509_get0_pubkey(certificate.native());
}

bool is_on_a_usual_curve(EVP_PKEY* key) {
  std::array<char, 80> name{};
  const int bits = EVP_PKEY_get_bits(key);
  return EVP_PKEY_is_a(key, "EC") == 1 && bits >= least_curve_bits && bits <= most_curve_bits &&
         EVP_PKEY_get_group_name(key, name.data(), name.size(), nullptr) == 1;
}

/// r||s, each as long as the order of the curve, as OpenSSL wants it; empty when it is not that.
Bytes der_of(std::span<const std::uint8_t> value, EVP_PKEY* key) {
  const auto half = static_cast<std::size_t>(EVP_PKEY_get_bits(key) + 7) / 8;
  if (value.size() != 2 * half) return {};
  const Owned<ECDSA_SIG, ECDSA_SIG_free> both(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(value.data(), static_cast<int>(half), nullptr);
  BIGNUM* s = BN_bin2bn(value.data() + half, static_cast<int>(half), nullptr);
  if (!both || ECDSA_SIG_set0(both.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return {};
  }
  unsigned char* raw = nullptr;
  const int size = i2d_ECDSA_SIG(both.get(), &raw);
  const std::unique_ptr<unsigned char, TextFree> der(raw);
  return size > 0 ? Bytes(raw, raw + size) : Bytes();
}

bool pad(EVP_PKEY_CTX* context, Scheme scheme) {
  if (scheme == Scheme::ecdsa) return true;
  if (scheme == Scheme::rsa) return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

}  // namespace

std::optional<SignatureMethod> signature_method(std::string_view uri) {
  const auto* const at = std::ranges::find(methods, uri, &SignatureMethod::uri);
  return at == methods.end() ? std::nullopt : std::optional(*at);
}

KeyFault key_fault(const SignatureMethod& method, const xades::Certificate& certificate) {
  if (method.scheme == Scheme::ecdsa) {
    const bool usual = is_on_a_usual_curve(key_of(certificate));
    ERR_clear_error();
    return usual ? KeyFault::none : KeyFault::other_kind;
  }
  if (!certificate.is_rsa()) return KeyFault::other_kind;
  if (!certificate.has_usual_rsa_key()) return KeyFault::unusual;
  return certificate.has_strong_rsa_key() ? KeyFault::none : KeyFault::weak;
}

bool verifies(const SignatureMethod& method, const xades::Certificate& certificate, std::string_view data,
              std::span<const std::uint8_t> value) {
  EVP_PKEY* const key = key_of(certificate);
  Digester digester(method.digest);
  digester.update(data);
  const Bytes digest = digester.finish();
  const bool pair = method.scheme == Scheme::ecdsa;
  const Bytes given = pair ? der_of(value, key) : Bytes(value.begin(), value.end());
  const ContextPtr context(EVP_PKEY_CTX_new(key, nullptr));
  const EVP_MD* const md = EVP_get_digestbyname(std::string(method.digest_name).c_str());
  const bool ok =
      context && !given.empty() && EVP_PKEY_verify_init(context.get()) == 1 &&
      pad(context.get(), method.scheme) && EVP_PKEY_CTX_set_signature_md(context.get(), md) == 1 &&
      EVP_PKEY_verify(context.get(), given.data(), given.size(), digest.data(), digest.size()) == 1;
  ERR_clear_error();
  return ok;
}

}  // namespace demat::baseline
