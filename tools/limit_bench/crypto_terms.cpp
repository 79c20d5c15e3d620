#include <openssl/rsa.h>

#include "tools/limit_bench/terms.hpp"

namespace limit_bench {
namespace {

using DigestContext = demat::Owned<EVP_MD_CTX, EVP_MD_CTX_free>;

const unsigned char* octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

Identity make_identity() {
  Identity identity;
  identity.key.reset(EVP_RSA_gen(2048));
  identity.certificate.reset(X509_new());
  X509* x509 = identity.certificate.get();
  require(identity.key != nullptr && x509 != nullptr, "key");
  X509_set_version(x509, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
  X509_gmtime_adj(X509_getm_notAfter(x509), 86'400);
  X509_set_pubkey(x509, identity.key.get());
  X509_NAME* name = X509_get_subject_name(x509);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, octets("limit bench"), -1, -1, 0);
  X509_set_issuer_name(x509, name);
  require(X509_sign(x509, identity.key.get(), EVP_sha256()) > 0, "certificate");
  identity.der.resize(static_cast<std::size_t>(i2d_X509(x509, nullptr)));
  unsigned char* out = identity.der.data();
  require(i2d_X509(x509, &out) > 0, "certificate");
  return identity;
}

std::vector<std::uint8_t> rsa_sign(EVP_PKEY* key, std::string_view bytes) {
  const DigestContext context(EVP_MD_CTX_new());
  std::size_t size = 0;
  require(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
              EVP_DigestSign(context.get(), nullptr, &size, octets(bytes), bytes.size()) == 1,
          "signature");
  std::vector<std::uint8_t> value(size);
  require(EVP_DigestSign(context.get(), value.data(), &size, octets(bytes), bytes.size()) == 1, "signature");
  value.resize(size);
  return value;
}

bool rsa_verify(EVP_PKEY* key, std::string_view bytes, const std::vector<std::uint8_t>& signature) {
  const DigestContext context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), octets(bytes), bytes.size()) ==
             1;
}

double sha256_term(const Effort& effort, const std::string& bytes) {
  return micros(effort, CLOCK_THREAD_CPUTIME_ID, [&] {
    unsigned char value[EVP_MAX_MD_SIZE];
    require(EVP_Digest(bytes.data(), bytes.size(), value, nullptr, EVP_sha256(), nullptr) == 1, "digest");
  });
}

double sha1_term(const Effort& effort, const std::string& bytes) {
  return micros(effort, CLOCK_THREAD_CPUTIME_ID, [&] {
    unsigned char value[EVP_MAX_MD_SIZE];
    require(EVP_Digest(bytes.data(), bytes.size(), value, nullptr, EVP_sha1(), nullptr) == 1, "digest");
  });
}

double rsa_term(const Effort& effort, const Identity& identity) {
  const std::string signed_info(1'200, 'i');
  return micros(effort, CLOCK_THREAD_CPUTIME_ID,
                [&] { require(!rsa_sign(identity.key.get(), signed_info).empty(), "signature"); });
}

double splice_term(const Effort& effort, const std::string& bytes, std::string_view inserted) {
  const std::size_t middle = bytes.size() / 2;
  return micros(effort, CLOCK_THREAD_CPUTIME_ID, [&] {
    std::string out;
    out.reserve(bytes.size() + inserted.size());
    out.append(bytes, 0, middle).append(inserted).append(bytes, middle);
    require(out.size() == bytes.size() + inserted.size(), "splice");
  });
}

}  // namespace limit_bench
