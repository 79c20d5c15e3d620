#pragma once

#include <string>
#include <string_view>

#include "protocols/base/digest.hpp"
#include "protocols/base/result.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::xml {

enum class C14n { exclusive, exclusive_with_comments, inclusive, inclusive_with_comments };

/// Canonical form of the subtree at `apex`, without the subtrees rooted at `left_out` (enveloped-signature
/// transform: pass the Signature element). `inclusive_prefixes` is the PrefixList of exclusive c14n, space
/// separated. Linear in the size of the subtree (stack X13).
[[nodiscard]] Result<std::string> canonical(const Document& document, const Element& apex, C14n method,
                                            const Element* left_out = nullptr,
                                            std::string_view inclusive_prefixes = {});

/// The same straight into a digest, without keeping the text.
[[nodiscard]] Result<Bytes> canonical_digest(const Document& document, const Element& apex, C14n method,
                                             Digester::Algorithm algorithm, const Element* left_out = nullptr,
                                             std::string_view inclusive_prefixes = {});

}  // namespace demat::xml
