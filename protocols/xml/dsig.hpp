#pragma once

#include <string>
#include <vector>

#include "protocols/base/digest.hpp"
#include "protocols/base/result.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::xml {

/// What xmlsec says about one ds:Signature: the verifier of record (stack §14).
struct DsigVerdict {
  bool valid = false;
  std::string reason;  ///< technical, when not valid
};

/// Verifies one ds:Signature of the document with libxmlsec1 against `certificate_der` alone: key material
/// found in the document is not trusted, references are limited to the same document, transforms and
/// algorithms to the whitelist of signature §9. Errors are `dsig.library` (waiting) only; a bad signature is
/// a verdict. A document that does not keep its bytes is never valid here: xmlsec needs the whole in memory.
/// Thread-safe.
[[nodiscard]] Result<DsigVerdict> verify_signature(const Document& document, const Element& signature,
                                                   const Bytes& certificate_der);

}  // namespace demat::xml
