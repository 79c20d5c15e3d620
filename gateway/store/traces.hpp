#pragma once

#include <string>

#include "gateway/store/care.hpp"
#include "gateway/store/connection.hpp"

namespace demat::store {

/// A page of the trace register, oldest first. Throws Refusal `store.bad_cursor`.
[[nodiscard]] Page<Trace> list_traces(Connection& db, const TraceFilter& filter, const std::string& cursor,
                                      std::size_t limit);

/// The register as text: head, one piece per trace, foot. CSV is RFC 4180 with a byte order mark, so that
/// spreadsheets read the accents; a cell that they would take for a formula gets an apostrophe before it.
[[nodiscard]] std::string trace_head(TraceFormat format, const TraceFilter& filter,
                                     const std::string& environment, Instant now);
[[nodiscard]] std::string trace_text(TraceFormat format, const Trace& trace);
[[nodiscard]] std::string trace_foot(TraceFormat format);

}  // namespace demat::store
