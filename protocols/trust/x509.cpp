#include "protocols/trust/x509.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "protocols/base/utf8.hpp"

namespace demat::trust {
namespace {

using BioPtr = Owned<BIO, BIO_free>;
using BignumPtr = Owned<BIGNUM, BN_free>;

void free_text(void* text) {
  OPENSSL_free(text);
}

constexpr std::size_t longest_name = 160;  ///< bytes: the name comes from whoever made the certificate

std::string harmless(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return utf8_shortened(text, longest_name);
}

}  // namespace

X509Ptr shared(X509* certificate) {
  X509_up_ref(certificate);
  return X509Ptr(certificate);
}

X509Ptr parse_certificate(std::span<const std::uint8_t> der) {
  const unsigned char* at = der.data();
  X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  const bool whole = certificate && at == der.data() + der.size();
  if (whole) X509_check_purpose(certificate.get(), -1, 0);
  ERR_clear_error();
  if (!whole || X509_get0_pubkey(certificate.get()) == nullptr) return nullptr;
  return certificate;
}

CrlPtr parse_crl(std::span<const std::uint8_t> der) {
  const unsigned char* at = der.data();
  CrlPtr crl(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  return crl && at == der.data() + der.size() ? std::move(crl) : nullptr;
}

Bytes der_of(const X509* certificate) {
  Bytes der(static_cast<std::size_t>(std::max(0, i2d_X509(certificate, nullptr))));
  unsigned char* at = der.data();
  i2d_X509(certificate, &at);
  return der;
}

Sha256 fingerprint(std::span<const std::uint8_t> der) {
  return sha256(as_text(der));
}

std::optional<Instant> instant_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return Instant(std::chrono::seconds(timegm(&parts)));
}

std::string name_text(const X509_NAME* name) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0) return {};
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string part_of(const X509_NAME* name, int nid) {
  const int index = X509_NAME_get_index_by_NID(name, nid, -1);
  if (index < 0) return {};
  unsigned char* raw = nullptr;
  const int size = ASN1_STRING_to_UTF8(&raw, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
  if (size < 0) return {};
  const Owned<unsigned char, free_text> text(raw);
  return harmless({reinterpret_cast<const char*>(text.get()), static_cast<std::size_t>(size)});
}

std::string display_name(const X509_NAME* name) {
  std::string common = part_of(name, NID_commonName);
  return common.empty() ? harmless(name_text(name)) : common;
}

std::string display_name(const X509* certificate) {
  return display_name(X509_get_subject_name(certificate));
}

std::string decimal(const ASN1_INTEGER* number) {
  if (number == nullptr) return {};
  const BignumPtr value(ASN1_INTEGER_to_BN(number, nullptr));
  if (!value) return {};
  const Owned<char, free_text> text(BN_bn2dec(value.get()));
  return text ? std::string(text.get()) : std::string();
}

std::string oid_text(const ASN1_OBJECT* object) {
  std::array<char, 128> text{};
  const int size = OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  return size > 0 && size < static_cast<int>(text.size()) ? std::string(text.data()) : std::string();
}

std::string digest_of_signature(int signature_nid) {
  int digest = NID_undef;
  if (OBJ_find_sigid_algs(signature_nid, &digest, nullptr) != 1 || digest == NID_undef) return {};
  return OBJ_nid2sn(digest);
}

}  // namespace demat::trust
