#include "protocols/xades/certificate.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <mutex>

#include "protocols/base/digest.hpp"
#include "protocols/base/owned.hpp"
#include "protocols/xades/certificate_shelf.hpp"
#include "protocols/xades/issuer_name.hpp"

namespace demat::xades {
namespace {

using KeyContextPtr = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
struct OpensslTextFree {
  void operator()(void* text) const { OPENSSL_free(text); }
};
using BignumPtr = Owned<BIGNUM, BN_free>;

constexpr int minimum_rsa_bits = 2048;
constexpr unsigned long minimum_exponent = 65537;
constexpr int maximum_rsa_bits = 8192;
constexpr int maximum_exponent_bits = 64;

Error unreadable(std::string_view detail) {
  return permanent_error("xades.certificate_unreadable", "Le certificat du signataire est illisible.",
                         "The signer's certificate cannot be read.", detail);
}

/// Set up for RSA with PKCS #1 padding over a SHA-256 digest; null when the key will not do.
KeyContextPtr ready_to_verify(EVP_PKEY* key) {
  KeyContextPtr context(EVP_PKEY_CTX_new(key, nullptr));
  const bool ready = context && EVP_PKEY_is_a(key, "RSA") == 1 && EVP_PKEY_verify_init(context.get()) == 1 &&
                     EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
                     EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) == 1;
  return ready ? std::move(context) : nullptr;
}

bool is_strong_rsa(EVP_PKEY* key) {
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA || EVP_PKEY_get_bits(key) < minimum_rsa_bits) return false;
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &raw) != 1) return false;
  const BignumPtr exponent(raw);
  return BN_num_bits(exponent.get()) > 32 || BN_get_word(exponent.get()) >= minimum_exponent;
}

bool is_usual_rsa(EVP_PKEY* key) {
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA || EVP_PKEY_get_bits(key) > maximum_rsa_bits) return false;
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &raw) != 1) return false;
  const BignumPtr exponent(raw);
  return BN_num_bits(exponent.get()) <= maximum_exponent_bits && BN_is_odd(exponent.get()) == 1;
}

/// Whether the outer encoding is DER: BER would let one certificate have many digests.
bool is_der(X509* certificate, const Bytes& bytes) {
  unsigned char* raw = nullptr;
  const int size = i2d_X509(certificate, &raw);
  const std::unique_ptr<unsigned char, OpensslTextFree> again(raw);
  return size >= 0 && std::equal(bytes.begin(), bytes.end(), raw, raw + size);
}

bool to_instant(const ASN1_TIME* time, Instant& out) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return false;
  const std::chrono::year_month_day date{std::chrono::year{parts.tm_year + 1900},
                                         std::chrono::month{static_cast<unsigned>(parts.tm_mon + 1)},
                                         std::chrono::day{static_cast<unsigned>(parts.tm_mday)}};
  out = std::chrono::sys_days{date} + std::chrono::hours{parts.tm_hour} + std::chrono::minutes{parts.tm_min} +
        std::chrono::seconds{parts.tm_sec};
  return date.ok();
}

}  // namespace

struct Certificate::Impl {
  Bytes der;
  Owned<X509, X509_free> x509;
  EVP_PKEY* key = nullptr;  ///< owned by x509
  KeyContextPtr ready;      ///< to verify with, copied for each use; null: not a usual RSA key
  bool usual_rsa = false;
  bool strong_rsa = false;
  Instant not_before;
  Instant not_after;
  std::once_flag issuer_made;
  std::string issuer;  ///< made when first asked for
};

Certificate::Certificate(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Certificate::~Certificate() = default;
Certificate::Certificate(Certificate&&) noexcept = default;
Certificate& Certificate::operator=(Certificate&&) noexcept = default;

Result<Certificate> Certificate::from_der(std::span<const std::uint8_t> der) {
  auto impl = std::make_unique<Impl>();
  impl->der.assign(der.begin(), der.end());
  const unsigned char* at = impl->der.data();
  impl->x509.reset(d2i_X509(nullptr, &at, static_cast<long>(impl->der.size())));
  if (!impl->x509 || at != impl->der.data() + impl->der.size() || !is_der(impl->x509.get(), impl->der)) {
    ERR_clear_error();
    return failure(unreadable("not a DER certificate"));
  }
  impl->key = X509_get0_pubkey(impl->x509.get());
  if (impl->key == nullptr) {
    ERR_clear_error();
    return failure(unreadable("public key"));
  }
  if (!to_instant(X509_get0_notBefore(impl->x509.get()), impl->not_before) ||
      !to_instant(X509_get0_notAfter(impl->x509.get()), impl->not_after))
    return failure(unreadable("validity"));
  // Fills OpenSSL's cache of extensions now, so that later const calls only read.
  X509_check_purpose(impl->x509.get(), -1, 0);
  impl->usual_rsa = is_usual_rsa(impl->key);
  impl->strong_rsa = is_strong_rsa(impl->key);
  if (impl->usual_rsa) impl->ready = ready_to_verify(impl->key);
  ERR_clear_error();
  return Certificate(std::move(impl));
}

x509_st* Certificate::native() const {
  return impl_->x509.get();
}
const Bytes& Certificate::der() const {
  return impl_->der;
}
const std::string& Certificate::issuer() const {
  std::call_once(impl_->issuer_made,
                 [&] { impl_->issuer = to_rfc2253(X509_get_issuer_name(impl_->x509.get())); });
  return impl_->issuer;
}
Instant Certificate::not_before() const {
  return impl_->not_before;
}
Instant Certificate::not_after() const {
  return impl_->not_after;
}
bool Certificate::is_rsa() const {
  return EVP_PKEY_get_base_id(impl_->key) == EVP_PKEY_RSA;
}
int Certificate::key_bits() const {
  return EVP_PKEY_get_bits(impl_->key);
}

std::string Certificate::serial_decimal() const {
  const BignumPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(impl_->x509.get()), nullptr));
  const std::unique_ptr<char, OpensslTextFree> text(BN_bn2dec(number.get()));
  return text ? std::string(text.get()) : std::string();
}

std::string Certificate::subject_common_name() const {
  const X509_NAME* const subject = X509_get_subject_name(impl_->x509.get());
  const int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (index < 0) return {};
  unsigned char* raw = nullptr;
  const int size = ASN1_STRING_to_UTF8(&raw, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)));
  const std::unique_ptr<unsigned char, OpensslTextFree> text(raw);
  if (size < 0) return {};
  return {reinterpret_cast<const char*>(text.get()), static_cast<std::size_t>(size)};
}

bool Certificate::has_usual_rsa_key() const {
  return impl_->usual_rsa;
}

bool Certificate::has_strong_rsa_key() const {
  return impl_->strong_rsa;
}

Certificate::NonRepudiation Certificate::non_repudiation() const {
  const auto usage = X509_get_key_usage(impl_->x509.get());
  if (usage == UINT32_MAX) return NonRepudiation::unspecified;
  return (usage & KU_NON_REPUDIATION) != 0 ? NonRepudiation::present : NonRepudiation::absent;
}

bool Certificate::issuer_is(std::string_view text) const {
  if (text == issuer()) return true;  // most signers write what we would
  const X509_NAME* const issuer = X509_get_issuer_name(impl_->x509.get());
  for (const bool reversed : {true, false}) {
    const NamePtr name = from_rfc2253(text, reversed);
    if (name && X509_NAME_cmp(name.get(), issuer) == 0) return true;
  }
  ERR_clear_error();
  return false;
}

bool Certificate::serial_is(std::string_view decimal) const {
  constexpr std::string_view spaces = " \t\r\n";
  const auto first = decimal.find_first_not_of(spaces);
  if (first == std::string_view::npos) return false;
  decimal = decimal.substr(first, decimal.find_last_not_of(spaces) - first + 1);
  const auto zeros = std::min(decimal.find_first_not_of('0'), decimal.size() - 1);
  return decimal.substr(zeros) == serial_decimal();
}

bool Certificate::verifies_rsa_sha256(std::string_view data, std::span<const std::uint8_t> signature) const {
  if (!is_rsa() || !impl_->ready) return false;
  Digester digester(Digester::Algorithm::sha256);
  digester.update(data);
  const Bytes digest = digester.finish();
  const KeyContextPtr context(EVP_PKEY_CTX_dup(impl_->ready.get()));
  const bool ok = context && EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(),
                                             digest.size()) == 1;
  ERR_clear_error();
  return ok;
}

Result<CertificatePtr> CertificateCache::get(const Bytes& der) {
  const auto at =
      std::find_if(known_.begin(), known_.end(), [&](const auto& one) { return one->der() == der; });
  if (at != known_.end()) return *at;
  if (shelf_ != nullptr) {
    auto shelved = shelf_->get(der);
    if (shelved) known_.push_back(*shelved);
    return shelved;
  }
  auto parsed = Certificate::from_der(der);
  if (!parsed) return failure(std::move(parsed.error()));
  known_.push_back(std::make_shared<const Certificate>(std::move(*parsed)));
  return known_.back();
}

}  // namespace demat::xades
