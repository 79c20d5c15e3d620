#pragma once

#include <string>
#include <vector>

#include "protocols/base/digest.hpp"
#include "protocols/base/result.hpp"
#include "protocols/xades/sign.hpp"

namespace demat::signing {

/// What both steps of a signature by an agent's own card have in common. The signing time and the certificate
/// are inside what is digested, so they are settled with the first step.
struct CardSignature {
  xades::Policy policy;
  xades::SignerStatement statement;
  xades::Instant signing_time;
  Bytes certificate_der;
};

/// One thing for the card to sign.
struct ToBeSigned {
  std::string element;      ///< Id of the element covered
  std::string signed_info;  ///< canonical SignedInfo: RSA PKCS#1 v1.5 with SHA-256 over these bytes (H5)
};

/// The first step: what there is to sign, in document order. `size` is that of the bytes `document` was
/// parsed from. Errors: those of xades::plan_signatures.
[[nodiscard]] Result<std::vector<ToBeSigned>> first_step(const CardSignature& card,
                                                         const xml::Document& document, std::size_t size);

/// What came back for one of them.
struct CardValue {
  std::string element;
  Sha256 signed_info;  ///< digest of what was handed out
  Bytes value;         ///< as the card made it
};

/// The second step: the signatures to insert. Each value is verified with the key of the certificate before
/// it is used. Errors (permanent): `signature.changed` (what is to be signed is no longer what was handed
/// out), `signature.value` (not made by that key over those bytes), and those of xades::plan_signatures.
[[nodiscard]] Result<std::vector<xades::Insertion>> second_step(const CardSignature& card,
                                                                const xml::Document& document,
                                                                std::size_t size,
                                                                const std::vector<CardValue>& values);

}  // namespace demat::signing
