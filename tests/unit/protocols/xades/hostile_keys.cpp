// Attacks of our own by keys and certificates.

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <stdexcept>

#include "hostile_kit.hpp"
#include "protocols/xml/canonical.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::test::hostile {
namespace {

using Number = std::unique_ptr<BIGNUM, decltype([](BIGNUM* n) { BN_free(n); })>;

void need(bool ok) {
  if (!ok) throw std::runtime_error("hostile kit: key");
}

Number modulus_of(const Identity& identity) {
  BIGNUM* raw = nullptr;
  need(EVP_PKEY_get_bn_param(identity.key.get(), OSSL_PKEY_PARAM_RSA_N, &raw) == 1);
  return Number(raw);
}

/// A certificate over a public key of these numbers, signed by the ordinary key.
Bytes certificate_over(const BIGNUM* modulus, const BIGNUM* exponent) {
  using Builder =
      std::unique_ptr<OSSL_PARAM_BLD, decltype([](OSSL_PARAM_BLD* b) { OSSL_PARAM_BLD_free(b); })>;
  using Parameters = std::unique_ptr<OSSL_PARAM, decltype([](OSSL_PARAM* p) { OSSL_PARAM_free(p); })>;
  using Context = std::unique_ptr<EVP_PKEY_CTX, decltype([](EVP_PKEY_CTX* c) { EVP_PKEY_CTX_free(c); })>;
  const Builder builder(OSSL_PARAM_BLD_new());
  need(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus) == 1);
  need(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent) == 1);
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const Context context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  need(EVP_PKEY_fromdata_init(context.get()) == 1);
  need(EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1);
  const std::unique_ptr<EVP_PKEY, KeyFree> owner(key);
  return recertified_for(key, ordinary_identity(), {});
}

Number number(const char* hexadecimal) {
  BIGNUM* raw = nullptr;
  need(BN_hex2bn(&raw, hexadecimal) > 0);
  return Number(raw);
}

/// An odd number of so many bits; nobody knows its factors, and nobody has to.
Number odd(int bits) {
  Number value(BN_new());
  need(BN_rand(value.get(), bits, BN_RAND_TOP_TWO, BN_RAND_BOTTOM_ODD) == 1);
  return value;
}

/// With e = 1 the signature is its own padding: anybody writes it.
std::string forged_for_exponent_one() {
  const auto modulus = modulus_of(ordinary_identity());
  const auto bytes = resigned(dressed(one_signed(), certificate_over(modulus.get(), number("1").get())));
  const auto document = xml::parse(bytes);
  const auto info = document->all("SignedInfo", "http://www.w3.org/2000/09/xmldsig#").front();
  Digester digester(Digester::Algorithm::sha256);
  digester.update(*xml::canonical(*document, info, xml::C14n::exclusive));
  const Bytes digest = digester.finish();
  constexpr unsigned char prefix[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                      0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
  Bytes padded(256, 0xFF);
  padded[0] = 0;
  padded[1] = 1;
  padded[256 - 32 - sizeof prefix - 1] = 0;
  std::copy(std::begin(prefix), std::end(prefix), padded.end() - 32 - sizeof prefix);
  std::copy(digest.begin(), digest.end(), padded.end() - 32);
  const auto open = between(bytes, "<ds:SignatureValue ", ">");
  return replaced(bytes, between(bytes, open, "</"), open + base64(padded) + "</");
}

/// The same certificate with its outer length written in the indefinite form: BER, not DER.
Bytes as_ber(const Bytes& der) {
  Bytes ber = {0x30, 0x80};
  ber.insert(ber.end(), der.begin() + 4, der.end());  // 30 82 hh ll
  ber.insert(ber.end(), {0x00, 0x00});
  return ber;
}

std::string with_certificates(const std::string& before, const std::string& after = {}) {
  return replaced(replaced(one_signed(), "<ds:X509Data>", "<ds:X509Data>" + before), "</ds:X509Data>",
                  after + "</ds:X509Data>");
}

std::string many_certificates(const std::string& der, int count) {
  std::string all;
  for (int i = 0; i < count; ++i)
    all += "<ds:X509Certificate>" + der + "</ds:X509Certificate>";
  return all;
}

}  // namespace

std::vector<Case> key_cases() {
  return {
      {"I120", "ExponentOne", Outcome::failed, "xades.weak_key", Stock::unasked,
       [](auto&) { return forged_for_exponent_one(); }},
      {"I121", "EvenExponent", Outcome::failed, "xades.unusual_key", Stock::unasked,
       [](auto&) {
         return dressed(one_signed(),
                        certificate_over(modulus_of(ordinary_identity()).get(), number("10002").get()));
       }},
      {"I122", "ExponentAsLongAsTheKey", Outcome::failed, "xades.unusual_key", Stock::unasked,
       [](auto&) {
         return dressed(one_signed(),
                        certificate_over(modulus_of(ordinary_identity()).get(), odd(2047).get()));
       }},
      {"I123", "KeyOf16384Bits", Outcome::failed, "xades.unusual_key", Stock::unasked,
       [](auto&) {
         return dressed(one_signed(), certificate_over(odd(16384).get(), number("10001").get()));
       }},
      {"I124", "KeyOf100000Bits", Outcome::failed, "xades.unusual_key", Stock::unasked,
       [](auto&) {
         return dressed(one_signed(), certificate_over(odd(100'000).get(), number("10001").get()));
       }},
      {"I125", "NegativeSerialNumber", Outcome::passed, "", Stock::fooled,
       [](auto&) {
         return resigned(dressed(one_signed(), recertified(ordinary_identity(), {.serial = "-5"}), "-5"));
       }},
      {"I126", "BytesAfterTheCertificate", Outcome::failed, "xades.certificate_unreadable", Stock::fooled,
       [](auto&) {
         auto der = ordinary_identity().der;
         der.push_back(0);
         return resigned(dressed(one_signed(), der));
       }},
      {"I127", "CertificateInBer", Outcome::failed, "xades.certificate_unreadable", Stock::fooled,
       [](auto&) { return resigned(dressed(one_signed(), as_ber(ordinary_identity().der))); }},
      {"I128", "ExtensionOfOneMegabyte", Outcome::failed, "xades.certificate_unreadable", Stock::unasked,
       [](auto&) {
         return resigned(dressed(one_signed(), recertified(ordinary_identity(), {.filler = 1'000'000})));
       }},
      {"I129", "EllipticCertificateForAnRsaMethod", Outcome::failed, "xades.algorithm", Stock::unasked,
       [](auto&) {
         static const auto identity = make_identity({.elliptic = true});
         return resigned(dressed(one_signed(), identity.der));
       }},
      {"I130", "CertificateDigestInMd5", Outcome::failed, "xades.certificate_binding", Stock::fooled,
       [](auto&) {
         const auto old = between(one_signed(), "<xad:CertDigest>", "</xad:CertDigest>");
         return resigned(replaced(one_signed(), old,
                                  replaced(old, "http://www.w3.org/2001/04/xmlenc#sha256",
                                           "http://www.w3.org/2001/04/xmldsig-more#md5")));
       }},
      {"I131", "SecondCertIsTheAttackers", Outcome::failed, "xades.signature_value", Stock::unasked,
       [](auto&) {
         auto bytes =
             with_certificates("<ds:X509Certificate>" + base64(attacker().der) + "</ds:X509Certificate>");
         const auto cert = between(bytes, "<xad:Cert>", "</xad:Cert>");
         const auto digest = sha256_base64(as_text(ordinary_identity().der));
         bytes = replaced(bytes, "</xad:Cert>",
                          "</xad:Cert>" + replaced(cert, digest, sha256_base64(as_text(attacker().der))));
         return resigned(bytes, {.signer = &attacker()});
       }},
      {"I132", "ThousandsOfCertificates", Outcome::failed, "xades.structure", Stock::unasked,
       [](auto&) { return with_certificates(many_certificates(base64(attacker().der), 10'000)); }},
      {"I133", "ThousandsOfGarbageCertificates", Outcome::failed, "xades.structure", Stock::unasked,
       [](auto&) { return with_certificates(many_certificates("Z2FyYmFnZQ==", 100'000)); }},
      {"I134", "TwoBlocksOfCertificates", Outcome::failed, "xades.structure", Stock::unasked,
       [](auto&) {
         return replaced(
             one_signed(), "<ds:X509Data>",
             "<ds:X509Data>" + many_certificates(base64(attacker().der), 1) + "</ds:X509Data><ds:X509Data>");
       }},
      {"I135", "IssuerOfAMillionParts", Outcome::failed, "xades.issuer_serial", Stock::unasked,
       [](auto&) {
         std::string name = "CN=a";
         for (int i = 0; i < 1'000'000; ++i)
           name += ",CN=a";
         const auto old = between(one_signed(), "<ds:X509IssuerName>", "</ds:X509IssuerName>");
         return resigned(replaced(one_signed(), old, "<ds:X509IssuerName>" + name + "</ds:X509IssuerName>"));
       }},
      {"I136", "SerialOfAMillionDigits", Outcome::failed, "xades.issuer_serial", Stock::unasked,
       [](auto&) {
         return resigned(replaced(one_signed(), "<ds:X509SerialNumber>",
                                  "<ds:X509SerialNumber>" + std::string(1'000'000, '9')));
       }},
  };
}

}  // namespace demat::test::hostile
