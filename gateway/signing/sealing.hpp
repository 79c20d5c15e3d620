#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "gateway/signing/key_ring.hpp"
#include "protocols/base/result.hpp"
#include "protocols/xades/splice.hpp"
#include "protocols/xades/verify.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::signing {

/// A signed file that may leave, and what its own verification said (kept as evidence, signature RV15).
struct Sealed {
  std::string bytes;
  xades::DocumentReport report;
};

/// Signs `bytes` (from which `document` was parsed) under a profile at time `now`, then verifies the output
/// before anyone else sees it (signature §9.2, RS11). Errors: those of xades::sign_pes and
/// xades::verify_own_output, `signing.key.period` (RS5), and what Signer::ready and Signer::sign say.
[[nodiscard]] Result<Sealed> seal(const SigningProfile& profile, const xml::Document& document,
                                  std::string_view bytes, xades::Instant now);

/// The same for a document that is not in memory as a whole (xml::parse_lean): nothing is as large as the
/// file.
struct SealedSource {
  xades::SplicedSource bytes;  ///< refers to `source`
  xades::DocumentReport report;
};
[[nodiscard]] Result<SealedSource> seal(const SigningProfile& profile, const xml::Document& document,
                                        const ByteSource& source, xades::Instant now);

/// Whether seal() could sign this document, without the key: nothing is signed, no token is asked. Errors:
/// those of xades::plan_signatures and `signing.key.period`.
[[nodiscard]] Status rehearse(const SigningProfile& profile, const xml::Document& document, std::size_t size,
                              xades::Instant now);

}  // namespace demat::signing
