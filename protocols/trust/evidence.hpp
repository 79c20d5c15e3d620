#pragma once

#include <memory>
#include <string>

#include "protocols/base/digest.hpp"
#include "protocols/base/identifiers.hpp"

namespace demat::trust {

enum class EvidenceKind { crl, ocsp };
[[nodiscard]] const char* to_string(EvidenceKind kind);
/// "application/pkix-crl", "application/ocsp-response".
[[nodiscard]] const char* media_type_of(EvidenceKind kind);

/// Bytes that a judgement rests on and that cannot be had again later (signature RV15). Shared with the
/// profile, never copied: a large CRL has megabytes.
struct Evidence {
  EvidenceKind kind = EvidenceKind::crl;
  Sha256 sha256;  ///< of the bytes
  Sha1 sha1;      ///< of the bytes
  std::shared_ptr<const Bytes> bytes;
};
[[nodiscard]] Evidence evidence_of(EvidenceKind kind, Bytes bytes);

}  // namespace demat::trust
