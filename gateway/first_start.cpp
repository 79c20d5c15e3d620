#include "gateway/first_start.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "gateway/store/sqlite_store.hpp"
#include "gateway/wiring.hpp"
#include "protocols/base/digest.hpp"
#include "protocols/base/owned.hpp"

namespace demat {
namespace {

Error bad_certificate(const std::filesystem::path& pem) {
  return permanent_error(
      "init.certificate", "Le certificat de l'exploitant est illisible : un fichier PEM est attendu.",
      "The operator's certificate cannot be read: a PEM file is expected.", pem.filename().string());
}

}  // namespace

Result<IdentityId> identity_of_certificate(const std::filesystem::path& pem) {
  const Owned<BIO, BIO_free> bio(BIO_new_file(pem.c_str(), "r"));
  if (!bio) return failure(bad_certificate(pem));
  const Owned<X509, X509_free> certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (!certificate) return failure(bad_certificate(pem));
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate.get(), &der);
  if (size <= 0) return failure(bad_certificate(pem));
  const std::string bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return IdentityId{sha256(bytes).str()};
}

Status first_start(const config::Settings& settings, const FirstOperator& first_operator) {
  const auto id = identity_of_certificate(first_operator.certificate);
  if (!id) return failure(id.error());
  const auto options = wiring::store_options(settings);
  if (auto status = store::create_sqlite_store(options); !status) return status;
  const SystemClock clock;
  auto store = store::open_sqlite_store(options, clock);
  if (!store) return failure(store.error());
  flow::Identity identity;
  identity.id = *id;
  identity.name = first_operator.name;
  identity.grants.insert({AuthorityId{}, flow::Role::platform_operator});
  return (*store)->put_identity(identity, "dematd init");
}

}  // namespace demat
