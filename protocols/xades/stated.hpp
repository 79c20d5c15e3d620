#pragma once

#include <string>
#include <vector>

namespace demat::xades {

/// One ds:Reference as the signature states it, and what was found there (signature R4).
struct ReferenceFacts {
  std::string uri;
  std::string element;  ///< path of what it resolves to; or "SignedProperties"
  std::vector<std::string> transforms;
  std::string digest_method;  ///< URI, like the transforms
  std::string expected;       ///< base64
  std::string computed;
  bool ok = false;
};

/// The signature policy as stated, and the digest that is known for it (signature R10).
struct PolicyFacts {
  std::string description;
  std::string digest;    ///< base64, as stated
  std::string expected;  ///< base64; empty for a policy that is not known
  std::string spuri;
};

/// SignatureProductionPlace.
struct PlaceFacts {
  std::string city;
  std::string postal_code;
  std::string country;
};

}  // namespace demat::xades
