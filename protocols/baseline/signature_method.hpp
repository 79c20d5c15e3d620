#pragma once

// Inner header: signature algorithms beyond the one of Hélios.

#include <optional>
#include <span>
#include <string_view>

#include "protocols/xades/certificate.hpp"

namespace demat::baseline {

enum class Scheme { rsa, rsa_pss, ecdsa };

/// A signature algorithm of XML-DSig 1.1 and RFC 6931.
struct SignatureMethod {
  std::string_view uri;
  Scheme scheme;
  Digester::Algorithm digest;
  std::string_view digest_name;  ///< as OpenSSL calls it
};

/// RSA PKCS#1 v1.5 and PSS, ECDSA, each with SHA-256, 384 and 512; nothing for any other.
[[nodiscard]] std::optional<SignatureMethod> signature_method(std::string_view uri);

/// What is wrong with the key of `certificate` for `method`.
enum class KeyFault {
  none,
  other_kind,  ///< the method is not for it, or it is on no named curve of 256 to 521 bits
  weak,        ///< RSA below 2048 bits, or exponent below 65537 (signature RS6, T47)
  unusual,     ///< RSA that costs too much to verify with
};
[[nodiscard]] KeyFault key_fault(const SignatureMethod& method, const xades::Certificate& certificate);

/// Whether `value` (for ECDSA r||s, XML-DSig 6.4.3) is that of `data` by the key of `certificate`.
/// Precondition: key_fault() is none.
[[nodiscard]] bool verifies(const SignatureMethod& method, const xades::Certificate& certificate,
                            std::string_view data, std::span<const std::uint8_t> value);

}  // namespace demat::baseline
