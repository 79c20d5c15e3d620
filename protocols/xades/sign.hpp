#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "protocols/base/digest.hpp"
#include "protocols/base/result.hpp"
#include "protocols/xades/certificate.hpp"
#include "protocols/xades/instant.hpp"
#include "protocols/xades/policy.hpp"
#include "protocols/xades/splice.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::xades {

/// Who signs, as stated in the SignedProperties. UTF-8; every member is required (H3).
struct SignerStatement {
  std::string role;  ///< ClaimedRole, never blank
  std::string city;
  std::string postal_code;
  std::string country = "France";
};

/// Gives the raw signature value (RSA PKCS#1 v1.5 with SHA-256) over these canonical SignedInfo bytes. A key
/// in a token and a key in a file look the same (stack X10).
using SignBytes = std::function<Result<Bytes>(std::string_view signed_info)>;

struct SignRequest {
  Policy policy;
  SignerStatement statement;
  Instant signing_time;  ///< UTC
  Bytes certificate_der;
  SignBytes sign;
  /// The same certificate parsed, when the caller has it at hand; it only spares time.
  CertificatePtr certificate = nullptr;
};

/// The signatures that sign_pes() adds and where; `size` is that of the bytes `document` was parsed from. For
/// documents that are not in memory as a whole: see SplicedSource. Errors: those of sign_pes().
[[nodiscard]] Result<std::vector<Insertion>> plan_signatures(const xml::Document& document, std::size_t size,
                                                             const SignRequest& request);

/// Whether there is something in the document to sign and a place for it: the errors of sign_pes() that are
/// about the document.
[[nodiscard]] Status check_signable(const xml::Document& document, std::size_t size);

/// Signs a PES_Aller: per bordereau when all have an Id, else globally on the root's Id, else `xades.no_id`
/// (helios 5.2, decisions). The result is the original bytes with the Signature elements inserted textually;
/// every other byte is unchanged. `bytes` are those `document` was parsed from.
///
/// Permanent errors: `xades.not_pes_aller`, `xades.already_signed`, `xades.nothing_to_sign` (no bordereau),
/// `xades.no_id`, `xades.duplicate_id`, `xades.instruction`, `xades.relative_namespace`,
/// `xades.too_many_signatures`, `xades.encoding`, `xades.statement`. Waiting errors, which an operator mends:
/// `xades.policy_not_in_force`, `xades.signer_certificate` (unreadable, weak, not RSA, not valid at the
/// signing time), and whatever `request.sign` returns. InfoDematerialisee is the business of the PES rules.
/// Thread-safe as far as `request.sign` is.
[[nodiscard]] Result<std::string> sign_pes(const xml::Document& document, std::string_view bytes,
                                           const SignRequest& request);

}  // namespace demat::xades
