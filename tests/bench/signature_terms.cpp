#include "tests/bench/signature_terms.hpp"

#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

namespace limit_bench {
namespace {

using Store = demat::Owned<X509_STORE, X509_STORE_free>;
using Context = demat::Owned<X509_STORE_CTX, X509_STORE_CTX_free>;
struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};

Certificate read_pem(const std::string& path) {
  const demat::Owned<BIO, BIO_free> file(BIO_new_file(path.c_str(), "r"));
  Certificate certificate(file ? PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr) : nullptr);
  require(certificate != nullptr, path.c_str());
  return certificate;
}

std::vector<std::uint8_t> der_of(const X509* certificate) {
  std::vector<std::uint8_t> der(static_cast<std::size_t>(i2d_X509(certificate, nullptr)));
  unsigned char* out = der.data();
  require(i2d_X509(certificate, &out) > 0, "certificate");
  return der;
}

Certificate decoded(const std::vector<std::uint8_t>& der) {
  const unsigned char* at = der.data();
  Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  require(certificate != nullptr && X509_get0_pubkey(certificate.get()) != nullptr, "certificate");
  return certificate;
}

void find_path(X509_STORE* anchors, STACK_OF(X509) * issuers, X509* signer) {
  const Context context(X509_STORE_CTX_new());
  require(context && X509_STORE_CTX_init(context.get(), anchors, signer, issuers) == 1, "path");
  X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(context.get()), 2);
  require(X509_verify_cert(context.get()) == 1, "path");
}

}  // namespace

SignatureTerms signature_terms(const Effort& effort, const std::string& signed_bytes,
                               const PathFiles& files) {
  SignatureTerms terms;
  terms.parse = parse_term(effort, signed_bytes);
  terms.c14n = c14n_term(effort, signed_bytes);
  const Identity identity = make_identity();
  const std::string signed_info(1'200, 'i');
  const auto value = rsa_sign(identity.key.get(), signed_info);
  const auto cpu = [&](auto&& work) { return micros(effort, CLOCK_THREAD_CPUTIME_ID, work); };
  terms.rsa = cpu([&] { require(rsa_verify(identity.key.get(), signed_info, value), "RSA"); });

  const Store anchors(X509_STORE_new());
  const auto anchor = read_pem(files.anchor);
  require(X509_STORE_add_cert(anchors.get(), anchor.get()) == 1, "anchor");
  const auto issuer = read_pem(files.issuer);
  const std::unique_ptr<STACK_OF(X509), FreeStack> issuers(sk_X509_new_null());
  sk_X509_push(issuers.get(), issuer.get());
  const auto der = der_of(read_pem(files.signer).get());
  terms.path = cpu([&] { find_path(anchors.get(), issuers.get(), decoded(der).get()); });
  const auto signer = decoded(der);
  terms.path_decoded = cpu([&] { find_path(anchors.get(), issuers.get(), signer.get()); });
  return terms;
}

}  // namespace limit_bench
