#pragma once

#include <openssl/bio.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>

#include "protocols/base/digest.hpp"
#include "protocols/base/owned.hpp"
#include "protocols/base/result.hpp"

/// How this folder reads files; for its own sources only.
namespace demat::signing {

using X509Ptr = Owned<X509, X509_free>;
using BioPtr = Owned<BIO, BIO_free>;

/// Who but the owner may reach a file.
enum class Content {
  secret,        ///< nobody
  group_secret,  ///< its group may read: what systemd's credentials look like
  open,
};

/// A descriptor for reading, closed on exec; the caller closes it. The mode checked is that of the very file
/// that is read, not of the name. Errors: `signing.key.unreadable` (waiting), `signing.key.permissions`.
[[nodiscard]] Result<int> open_descriptor(const std::filesystem::path& path, Content content);
[[nodiscard]] Result<BioPtr> open_file(const std::filesystem::path& path, Content content);

/// The first certificate of a PEM file. Errors: `signing.key.unreadable`, `signing.key.certificate`.
[[nodiscard]] Result<X509Ptr> read_pem_certificate(const std::filesystem::path& path);
[[nodiscard]] Bytes der_of(X509* certificate);

/// OpenSSL's first queued reason, which it forgets: no later call may see our errors.
[[nodiscard]] std::string openssl_reason();

}  // namespace demat::signing
