#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "gateway/signing/leaf.hpp"
#include "gateway/signing/signer.hpp"
#include "protocols/base/result.hpp"

namespace demat::signing {

/// A key and its certificate in PEM files (they may be one file). The first certificate of the file counts.
struct PemFiles {
  std::filesystem::path key;
  std::filesystem::path certificate;
  std::string passphrase;  ///< of the key; empty when it is not encrypted
};

/// A PKCS#12 file (.p12, .pfx) with one key and its certificate.
struct Pkcs12File {
  std::filesystem::path file;
  std::string passphrase;
};

/// Loads a signer through OpenSSL. The private key only ever lives in OpenSSL's own structures.
///
/// Errors: `signing.key.unreadable` (waiting: the file may come back), and permanently
/// `signing.key.permissions` (the key file is open to its group or to others, helios R-28),
/// `signing.key.passphrase`, `signing.key.malformed`,
/// `signing.key.legacy` (a PKCS#12 in an encryption that OpenSSL 3 no longer reads),
/// `signing.key.certificate` (unreadable, or its dates are), `signing.key.mismatch` (the certificate is
/// another key's), and those of check_leaf.
[[nodiscard]] Result<std::shared_ptr<const Signer>> load_signer(
    const PemFiles& files, CertificateUse use = CertificateUse::signature);
[[nodiscard]] Result<std::shared_ptr<const Signer>> load_signer(
    const Pkcs12File& file, CertificateUse use = CertificateUse::signature);

}  // namespace demat::signing
