#pragma once

#include <openssl/cms.h>

#include <span>

#include "protocols/base/digest.hpp"

namespace demat::cms {

/// What the signed attributes say of the signer's certificate (RFC 5035, RFC 2634).
enum class Binding {
  bound,      ///< the first entry of signingCertificateV2, or of signingCertificate, is this certificate
  absent,     ///< neither attribute is there
  different,  ///< they name another certificate, or contradict each other
  unreadable  ///< not what the RFC describes, or a digest that is not accepted
};

/// Whether `info` is bound to the certificate of these bytes. The digest decides; when both attributes are
/// there, both must fit. signingCertificate has SHA-1, which is enough here: nobody finds a second preimage.
[[nodiscard]] Binding binding_of(const CMS_SignerInfo* info, std::span<const std::uint8_t> certificate_der);

}  // namespace demat::cms
