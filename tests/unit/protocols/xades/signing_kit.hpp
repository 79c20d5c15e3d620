#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/xades/profile.hpp"

namespace demat::test {

struct KeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct CertificateFree {
  void operator()(X509* certificate) const { X509_free(certificate); }
};

/// A key and a self-signed certificate made for one run of the tests.
struct Identity {
  std::unique_ptr<EVP_PKEY, KeyFree> key;
  std::unique_ptr<X509, CertificateFree> certificate;
  Bytes der;

  [[nodiscard]] xades::SignBytes signer() const;
  /// PEM of the key, encrypted when `passphrase` is not empty.
  [[nodiscard]] std::string key_pem(const std::string& passphrase = {}) const;
  [[nodiscard]] std::string certificate_pem() const;
  [[nodiscard]] Bytes pkcs12(const std::string& passphrase) const;
};

struct NamePart {
  const char* type;  ///< as OpenSSL names it
  std::string value;
};

struct IdentityWish {
  unsigned rsa_bits = 2048;
  unsigned exponent = 65537;
  bool elliptic = false;
  std::vector<NamePart> name = {{"C", "FR"}, {"O", "COMMUNE D ESSAI"}, {"CN", "Signataire d'essai"}};
  std::string serial = "1234567890123456789012345678901234567890";
  std::string not_before = "20240101000000Z";
  std::string not_after = "20440101000000Z";
  std::optional<std::string> key_usage = "critical,nonRepudiation";
  std::size_t filler = 0;  ///< bytes of an extension that nobody knows
};
[[nodiscard]] Identity make_identity(const IdentityWish& wish = {});
/// Another self-signed certificate for the key of `identity`, DER; what the wish says of keys does not count.
[[nodiscard]] Bytes recertified(const Identity& identity, const IdentityWish& wish);
/// A certificate for somebody's public key, signed by `identity`, DER.
[[nodiscard]] Bytes recertified_for(EVP_PKEY* key, const Identity& identity, const IdentityWish& wish);
/// The ordinary RSA-2048 identity, made once per process.
[[nodiscard]] const Identity& ordinary_identity();

inline constexpr std::string_view signing_time_text = "2026-01-15T10:30:00Z";
[[nodiscard]] xades::Instant signing_time();

[[nodiscard]] xades::SignRequest make_request(const Identity& identity);
[[nodiscard]] xades::VerifyOptions make_options(xades::Engine engine = xades::Engine::xmlsec);

/// A small PES_Aller that the State's schema accepts.
struct PesWish {
  std::string encoding = "ISO-8859-1";
  std::string root_id;                               ///< no attribute when empty
  std::vector<std::string> depense_ids = {"BORD1"};  ///< one bordereau each; an empty Id gives no attribute
  std::vector<std::string> recette_ids;
  std::string root_declarations;  ///< further attributes of the root
};
[[nodiscard]] std::string make_pes(const PesWish& wish = {});

/// `text` with the only occurrence of `from` replaced; a test that replaces nothing must not pass.
[[nodiscard]] std::string replaced(std::string text, std::string_view from, std::string_view to);

/// The folder of shared facts and fixtures (DEMAT_SHARED, else ../shared beside the sources); empty when
/// absent.
[[nodiscard]] std::filesystem::path shared_folder();

[[nodiscard]] std::string read_file(const std::filesystem::path& path);

/// A folder that goes away with its owner.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Writes a file readable by its owner only.
  std::filesystem::path write(const std::string& name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

[[nodiscard]] bool has_tool(const std::string& name);
/// Runs a command; its exit code and what it said.
struct Ran {
  int code = -1;
  std::string output;
};
[[nodiscard]] Ran run(const std::string& command);

}  // namespace demat::test
