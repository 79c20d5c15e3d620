#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocols/base/digest.hpp"
#include "protocols/base/finding.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::xades {

/// One ds:Reference that passed the whitelist.
struct ReferenceParts {
  std::string uri;
  std::string prefixes;  ///< PrefixList of exclusive canonicalisation
  Bytes digest;          ///< SHA-256, as the signature states it
  bool declares_enveloped = false;
};

/// A ds:Signature that has exactly the shape of the Hélios profile (signature S1): every member is what the
/// cryptographic checks need, and nothing else of the signature is ever used.
struct SignatureParts {
  xml::Element signature;
  xml::Element parent;  ///< the element it covers
  xml::Element signed_info;
  xml::Element signed_properties;
  std::string id;
  std::string xades_ns;
  ReferenceParts content;
  ReferenceParts properties;
  Bytes signature_value;
  std::vector<Bytes> certificates;  ///< DER, of KeyInfo; at least one
};

/// Reads one signature against the whitelist, before any cryptography (signature §9.1). What is wrong or
/// tolerated goes to `findings`; nothing is returned when one of them is an error.
[[nodiscard]] std::optional<SignatureParts> read_structure(const xml::Element& signature,
                                                           std::vector<Finding>& findings);

}  // namespace demat::xades
