#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocols/base/byte_source.hpp"
#include "protocols/baseline/baseline.hpp"

/// XAdES of EN 319 132-1 beside a file: ds:Signature is a document of its own (signature A7).
namespace demat::baseline {

/// The XML of a detached signature, as it is or as base64 of it; nothing when `given` is neither (PKCS#7).
[[nodiscard]] std::optional<std::string> detached_xml(std::string_view given);

/// Verifies a signature over the bytes of `content`, read once as a stream: ds:Signature at the root and no
/// other one inside, exactly two references (the first without URI and transforms: the digest of the bytes;
/// the other to SignedProperties, by its Type), the certificate designated by SigningCertificateV2 (or
/// SigningCertificate) and the key that made the value. RSA (2048 bits at least) and ECDSA on named curves,
/// with SHA-2. Nothing is looked up: a reference with a URI leads nowhere. Period and usage of the
/// certificate are the caller's to judge, like its trust and that of the time stamps. Findings as
/// verify_baseline() gives them, and `xades.detached_reference`, `xades.detached_content`,
/// `xades.detached_algorithm`. Errors: those of `content`, and our own means. Thread-safe.
[[nodiscard]] Result<BaselineReport> verify_detached(const xml::Document& signature,
                                                     const ByteSource& content);

}  // namespace demat::baseline
