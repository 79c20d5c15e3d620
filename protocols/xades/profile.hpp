#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "protocols/base/digest.hpp"
#include "protocols/base/finding.hpp"
#include "protocols/base/result.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::xades {

using Instant = std::chrono::sys_seconds;

/// A signature policy: data, not code (signature 1.2). The Hélios policy .1.7 is `helios_policy_1_7()`.
struct Policy {
  std::string id;             ///< urn:oid:...
  std::string digest_method;  ///< URI
  std::string digest;         ///< base64
  std::string spuri;
};
[[nodiscard]] Policy helios_policy_1_7();

/// Who signs, as stated in the SignedProperties.
struct SignerStatement {
  std::string role;         ///< ClaimedRole, never blank
  std::string city;
  std::string postal_code;
  std::string country = "France";
};

/// Gives the raw signature value (RSA PKCS#1 v1.5 with SHA-256) over these canonical SignedInfo bytes. A key in a
/// token and a key in a file look the same (stack X10).
using SignBytes = std::function<Result<Bytes>(std::string_view signed_info)>;

struct SignRequest {
  Policy policy;
  SignerStatement statement;
  Instant signing_time;          ///< UTC
  Bytes certificate_der;
  SignBytes sign;
};

/// Signs a PES_Aller: per bordereau when all have an Id, else globally on the root's Id, else `xades.no_id`
/// (helios 5.2, decisions). The result is the original bytes with the Signature elements inserted textually;
/// every other byte is unchanged. Already signed: `xades.already_signed`.
[[nodiscard]] Result<std::string> sign_pes(const xml::Document& document, std::string_view bytes,
                                           const SignRequest& request);

enum class Indication { passed, failed, indeterminate };
[[nodiscard]] const char* to_string(Indication indication);

/// One verified signature.
struct SignatureReport {
  std::string id;
  Indication indication = Indication::failed;
  std::string signed_element;   ///< path of the element it covers
  std::string signing_time;     ///< as stated
  std::string role;
  std::string policy_id;
  std::string certificate_sha256;
  std::vector<Finding> findings;
};

struct DocumentReport {
  std::vector<SignatureReport> signatures;
  bool every_bordereau_covered = false;
  [[nodiscard]] bool passed() const;
  [[nodiscard]] Report findings() const;
};

struct VerifyOptions {
  Instant now;
  std::vector<Policy> accepted_policies;
};

/// Verifies every ds:Signature of a PES_Aller cryptographically and structurally: it sits in one of the two places
/// of helios 5.2, the signed element is its parent, the references are exactly that element and the
/// SignedProperties, Ids are unique, algorithms and transforms are on the whitelist, the key is that of
/// SigningCertificate (helios 5.5, signature RV1..). Trust and revocation are the caller's (gateway/signing).
[[nodiscard]] Result<DocumentReport> verify_pes(const xml::Document& document, const VerifyOptions& options);

}  // namespace demat::xades
