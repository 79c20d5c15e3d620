#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "protocols/base/result.hpp"
#include "protocols/xml/document_state.hpp"
#include "protocols/xml/events.hpp"
#include "protocols/xml/parser.hpp"
#include "protocols/xml/source.hpp"

namespace demat::xml::detail {

/// Reads `source` through the guard and libxml2's SAX2 parser, in memory that does not depend on its size.
/// Stops, successfully, when the sink wants no more; what a sink throws comes out here.
[[nodiscard]] Status run_sax(const ByteSource& source, const ParseLimits& limits, EventSink& sink);

/// The same for bytes that lie in memory, in one piece and faster. The guard sees all of them before the
/// parser sees any. `names` receives the parser's dictionary, which holds every name that the sink was given.
[[nodiscard]] Status run_sax(std::string_view bytes, MarkupScanner& guard, EventSink& sink, DictPtr* names);

/// Reads `source` without the bytes of `holes`, which are given in order; line numbers stay those of the
/// source. The caller's guard has seen all of it.
[[nodiscard]] Status run_sax(const ByteSource& source, std::span<const Hole> holes, EventSink& sink,
                             DictPtr* names);

}  // namespace demat::xml::detail
