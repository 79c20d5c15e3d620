#pragma once

// Inner header: the elements of a XAdES 1.3.2 signature, by their names.

#include <initializer_list>
#include <optional>
#include <string_view>

#include "protocols/base/digest.hpp"
#include "protocols/xml/canonical.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::baseline {

using xml::Element;

[[nodiscard]] bool is(const Element& element, std::string_view name, std::string_view ns);

/// The single element at the end of a chain of XAdES names; nothing when one is absent or repeated.
[[nodiscard]] std::optional<Element> only(const Element& from, std::initializer_list<std::string_view> names);
[[nodiscard]] std::optional<Element> only_ds(const Element& from, std::string_view name);
/// Text of what only() finds, without the blanks around it; empty when there is none.
[[nodiscard]] std::string text_of(const Element& from, std::initializer_list<std::string_view> names);

/// DigestMethod and DigestValue, in ds: from XAdES 1.3.2 on.
struct StatedDigest {
  Digester::Algorithm algorithm;
  Bytes value;
};
/// Nothing when it is not well stated, or by another algorithm than those of SHA-2.
[[nodiscard]] std::optional<StatedDigest> digest_in(const Element& holder);

/// Whether the transforms of a reference are exactly these, in this order, without parameters.
[[nodiscard]] bool transforms_are(const Element& reference, std::initializer_list<std::string_view> wanted);

/// The canonical form of that name, without comments; nothing for any other.
[[nodiscard]] std::optional<xml::C14n> canonical_form(std::string_view uri);

}  // namespace demat::baseline
