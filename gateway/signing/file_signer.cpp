#include "gateway/signing/file_signer.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <utility>

#include "gateway/signing/errors.hpp"
#include "gateway/signing/key_file.hpp"
#include "protocols/base/digest.hpp"
#include "protocols/base/owned.hpp"

namespace demat::signing {
namespace {

using KeyPtr = Owned<EVP_PKEY, EVP_PKEY_free>;
using Pkcs12Ptr = Owned<PKCS12, PKCS12_free>;
using ContextPtr = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

class FileSigner final : public Signer {
 public:
  FileSigner(KeyPtr key, Bytes certificate, ContextPtr ready, std::string file)
      : key_(std::move(key)),
        certificate_(std::move(certificate)),
        ready_(std::move(ready)),
        file_(std::move(file)) {}

  [[nodiscard]] const Bytes& certificate_der() const override { return certificate_; }

  [[nodiscard]] Result<Bytes> sign(std::string_view signed_info) const override {
    Digester digester(Digester::Algorithm::sha256);
    digester.update(signed_info);
    const Bytes digest = digester.finish();
    const ContextPtr context(EVP_PKEY_CTX_dup(ready_.get()));
    Bytes value(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())));
    std::size_t size = value.size();
    if (!context || EVP_PKEY_sign(context.get(), value.data(), &size, digest.data(), digest.size()) != 1)
      return failure(key_failed(openssl_reason()));
    value.resize(size);
    return value;
  }

  [[nodiscard]] KeyOrigin origin() const override { return {.file = file_}; }

 private:
  KeyPtr key_;
  Bytes certificate_;
  ContextPtr ready_;  ///< copied for each signature: setting one up costs a tenth of an RSA
  std::string file_;
};

/// Set up for RSA with PKCS #1 padding over a SHA-256 digest; null when OpenSSL will not.
ContextPtr ready_to_sign(EVP_PKEY* key) {
  ContextPtr context(EVP_PKEY_CTX_new(key, nullptr));
  const bool ready = context && EVP_PKEY_sign_init(context.get()) == 1 &&
                     EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
                     EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) == 1;
  return ready ? std::move(context) : nullptr;
}

/// What to give, and whether it was asked for: then the key is encrypted.
struct Asked {
  const std::string& passphrase;
  bool asked = false;
};

/// OpenSSL's callback: without it an encrypted key would be asked for on the terminal.
int give_passphrase(char* buffer, int size, int /*writing*/, void* user) {
  auto& request = *static_cast<Asked*>(user);
  request.asked = true;
  const auto& passphrase = request.passphrase;
  if (passphrase.empty() || passphrase.size() > static_cast<std::size_t>(size)) return -1;
  std::copy(passphrase.begin(), passphrase.end(), buffer);
  return static_cast<int>(passphrase.size());
}

/// Whether an algorithm was missing (the queue is emptied then).
bool is_unsupported_error() {
  for (const auto code : {ERR_peek_error(), ERR_peek_last_error()}) {
    if (ERR_GET_REASON(code) != ERR_R_UNSUPPORTED && ERR_GET_REASON(code) != EVP_R_UNSUPPORTED_ALGORITHM)
      continue;
    ERR_clear_error();
    return true;
  }
  return false;
}

Result<KeyPtr> read_pem_key(const PemFiles& files) {
  auto bio = open_file(files.key, Content::secret);
  if (!bio) return failure(std::move(bio.error()));
  Asked request{files.passphrase};
  KeyPtr key(PEM_read_bio_PrivateKey(bio->get(), nullptr, give_passphrase, &request));
  if (key) return key;
  // Not by the error: once in 256 times a wrong passphrase decrypts to something, and that is no key.
  if (request.asked) {
    ERR_clear_error();
    return failure(key_passphrase(files.key));
  }
  return failure(key_malformed(files.key, openssl_reason()));
}

/// The checks that both kinds of file share.
Result<std::shared_ptr<const Signer>> make_signer(KeyPtr key, X509Ptr certificate,
                                                  const std::filesystem::path& key_file,
                                                  const std::filesystem::path& certificate_file,
                                                  CertificateUse use) {
  Bytes der = der_of(certificate.get());
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    ERR_clear_error();
    return failure(key_mismatch(certificate_file));
  }
  if (auto status = check_leaf(der, {.use = use}, certificate_file.string()); !status)
    return failure(std::move(status.error()));
  auto ready = ready_to_sign(key.get());
  if (!ready) return failure(key_failed(openssl_reason()));
  return std::make_shared<const FileSigner>(std::move(key), std::move(der), std::move(ready),
                                            key_file.filename().string());
}

}  // namespace

Result<std::shared_ptr<const Signer>> load_signer(const PemFiles& files, CertificateUse use) {
  ERR_clear_error();
  auto key = read_pem_key(files);
  if (!key) return failure(std::move(key.error()));
  auto certificate = read_pem_certificate(files.certificate);
  if (!certificate) return failure(std::move(certificate.error()));
  return make_signer(std::move(*key), std::move(*certificate), files.key, files.certificate, use);
}

Result<std::shared_ptr<const Signer>> load_signer(const Pkcs12File& file, CertificateUse use) {
  ERR_clear_error();
  auto bio = open_file(file.file, Content::secret);
  if (!bio) return failure(std::move(bio.error()));
  const Pkcs12Ptr container(d2i_PKCS12_bio(bio->get(), nullptr));
  if (!container) return failure(key_malformed(file.file, openssl_reason()));
  if (PKCS12_verify_mac(container.get(), file.passphrase.c_str(), static_cast<int>(file.passphrase.size())) !=
      1) {
    ERR_clear_error();
    return failure(key_passphrase(file.file));
  }
  EVP_PKEY* raw_key = nullptr;
  X509* raw_certificate = nullptr;
  const int parsed =
      PKCS12_parse(container.get(), file.passphrase.c_str(), &raw_key, &raw_certificate, nullptr);
  KeyPtr key(raw_key);
  X509Ptr certificate(raw_certificate);
  if (parsed != 1 && is_unsupported_error()) return failure(key_legacy(file.file));
  if (parsed != 1 || !key) return failure(key_malformed(file.file, openssl_reason()));
  if (!certificate) return failure(key_certificate(file.file.string(), "no certificate for the key"));
  return make_signer(std::move(key), std::move(certificate), file.file, file.file, use);
}

}  // namespace demat::signing
