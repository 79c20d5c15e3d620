#pragma once

#include <span>
#include <string_view>

#include "protocols/base/digest.hpp"
#include "protocols/base/result.hpp"

namespace demat::signing {

/// What a certificate stands for (signature RS4, RS15).
enum class CertificateUse {
  signature,  ///< a person's: nonRepudiation is required
  seal,       ///< of a server (cachet): digitalSignature will do
};

struct LeafRules {
  CertificateUse use = CertificateUse::signature;
  bool allow_p256 = false;  ///< ECDSA on P-256 beside RSA; never for Hélios (H5)
};

/// Whether a signing certificate may be used at all (signature RS4, RS6): not an authority's (CA:TRUE,
/// keyCertSign, cRLSign), the key usage is there, RSA of 2048 bits or more. Its dates are judged at the time
/// of signing. `name`: of the file or the key, for the message. Errors (permanent):
/// `signing.key.certificate`, `signing.key.authority`, `signing.key.usage`, `signing.key.weak`.
[[nodiscard]] Status check_leaf(std::span<const std::uint8_t> der, const LeafRules& rules,
                                std::string_view name);

}  // namespace demat::signing
