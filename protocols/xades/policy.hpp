#pragma once

#include <string>

namespace demat::xades {

/// A signature policy: data, not code (signature 1.2). The Hélios policy .1.7 is `helios_policy_1_7()`.
struct Policy {
  std::string id;             ///< urn:oid:...
  std::string digest_method;  ///< URI
  std::string digest;         ///< base64
  std::string spuri;
  std::string description = "Politique de signature Helios de la DGFiP";
};

/// The policy in force since 1 September 2018 (v3 of 18 May 2018), as the DGFiP publishes it.
[[nodiscard]] Policy helios_policy_1_7();

}  // namespace demat::xades
