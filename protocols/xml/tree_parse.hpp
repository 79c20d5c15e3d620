#pragma once

#include <string_view>

#include "protocols/base/result.hpp"
#include "protocols/xml/document_state.hpp"
#include "protocols/xml/events.hpp"
#include "protocols/xml/tree_builder.hpp"

namespace demat::xml::detail {

/// Parses `bytes` into `state`, and feeds `also` (which may be null) with the same events. `state.bytes` is a
/// view of `bytes`.
[[nodiscard]] Status run_tree(std::string_view bytes, const ParseLimits& limits, DocumentState& state,
                              EventSink* also);

/// Completes a tree after its parse. Throws when parser and guard have not seen the same elements: then no
/// byte offset could be trusted.
void finish_tree(DocumentState& state, TreeBuilder& builder, std::size_t scanned_elements,
                 std::string_view head);

/// Makes `state` independent of the bytes it was parsed from.
void keep_bytes(DocumentState& state);

/// Whether `text` holds nothing but base64 digits, padding and white space.
[[nodiscard]] bool is_base64_text(std::string_view text);

}  // namespace demat::xml::detail
