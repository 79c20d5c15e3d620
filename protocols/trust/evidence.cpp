#include "protocols/trust/evidence.hpp"

namespace demat::trust {

const char* to_string(EvidenceKind kind) {
  return kind == EvidenceKind::crl ? "crl" : "ocsp";
}

const char* media_type_of(EvidenceKind kind) {
  return kind == EvidenceKind::crl ? "application/pkix-crl" : "application/ocsp-response";
}

Evidence evidence_of(EvidenceKind kind, Bytes bytes) {
  Evidence made{kind, sha256(as_text(bytes)), sha1(as_text(bytes)), nullptr};
  made.bytes = std::make_shared<const Bytes>(std::move(bytes));
  return made;
}

}  // namespace demat::trust
