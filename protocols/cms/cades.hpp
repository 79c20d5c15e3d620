#pragma once

#include <chrono>
#include <functional>
#include <string_view>

#include "protocols/base/byte_source.hpp"
#include "protocols/base/digest.hpp"
#include "protocols/base/result.hpp"

namespace demat::cms {

/// A detached CAdES signature to make (signature A5): level B, or T when there is `stamp`.
struct CadesRequest {
  Bytes certificate_der;
  std::chrono::sys_seconds signing_time;  ///< as claimed
  /// The raw value over these bytes: RSA PKCS#1 v1.5 with SHA-256, or ECDSA with SHA-256 as r||s. A key in a
  /// file and one in a token look the same.
  std::function<Result<Bytes>(std::string_view signed_attributes)> sign;
  /// A time stamp token (DER) over the signature value; empty: level B.
  std::function<Result<Bytes>(std::string_view signature_value)> stamp{};
};

/// Signs `content` as it is (binary, detached, SHA-256): contentType, signingTime, messageDigest and
/// signingCertificateV2 are signed, the signer's certificate goes along. Gives the ContentInfo in DER, its
/// value verified again by its own certificate (signature RS11). Errors: `cades.certificate` (waiting: not
/// one, or a key that is neither RSA nor P-256), `cades.self_check` (waiting: the value is not the
/// certificate's), those of `content`, `sign` and `stamp`. Thread-safe as far as these are.
[[nodiscard]] Result<Bytes> sign_detached(const ByteSource& content, const CadesRequest& request);

}  // namespace demat::cms
