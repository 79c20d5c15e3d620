#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocols/base/digest.hpp"
#include "protocols/xades/instant.hpp"
#include "protocols/xades/names.hpp"

namespace demat::xades {

/// The digest of a policy's document.
struct PolicyDigest {
  std::string method;  ///< URI
  std::string value;   ///< base64
};

/// A signature policy: data, not code (signature 1.2). What is known of it, how signatures under it are made,
/// and what becomes of those that arrive. Those of Hélios are `helios_policies()`.
struct Policy {
  std::string id;             ///< urn:oid:...
  std::string digest_method;  ///< URI
  std::string digest;         ///< base64; what our signatures state
  std::string spuri;
  std::string description = "Politique de signature Helios de la DGFiP";
  std::string name{};  ///< how the configuration calls it: "helios-7"

  // What arrives (signature RV11).
  std::vector<PolicyDigest> accepted{};  ///< further digests that are met; a warning
  std::optional<Instant> from{};         ///< first moment in force; none: always
  std::optional<Instant> until{};        ///< first moment when it is not any more
  bool other_digest_fails = true;        ///< false: a digest that is not listed is a warning
  bool out_of_force_fails = true;        ///< false: signed at another time is a warning

  // What we make.
  std::string xades_ns{names::xades_1_2_2};  ///< 1.2.2 or 1.1.1, whose layouts are the same
  std::string id_pattern = "{id}_SIG_{n}";   ///< of the signature, from that of the element and a number
  Digester::Algorithm certificate_digest = Digester::Algorithm::sha256;

  [[nodiscard]] bool in_force(Instant when) const {
    return (!from || when >= *from) && (!until || when < *until);
  }
};

/// The policy in force since 1 September 2018 (v3 of 18 May 2018), as the DGFiP publishes it.
[[nodiscard]] Policy helios_policy_1_7();
/// Its predecessor (v1 of 9 February 2011), refused from 1 September 2018 on.
[[nodiscard]] Policy helios_policy_1_4();
/// Both, the one in force first.
[[nodiscard]] std::vector<Policy> helios_policies();

}  // namespace demat::xades
