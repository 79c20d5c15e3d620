#pragma once

#include "protocols/base/result.hpp"
#include "protocols/xml/events.hpp"
#include "protocols/xml/parser.hpp"
#include "protocols/xml/source.hpp"

namespace demat::xml::detail {

/// Reads `source` through the guard and libxml2's SAX2 parser, in memory that does not depend on its size.
/// Stops, successfully, when the sink wants no more; what a sink throws comes out here.
[[nodiscard]] Status run_sax(const ByteSource& source, const ParseLimits& limits, EventSink& sink);

}  // namespace demat::xml::detail
