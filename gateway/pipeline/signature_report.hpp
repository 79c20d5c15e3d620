#pragma once

#include "gateway/config/settings.hpp"
#include "gateway/store/store.hpp"
#include "gateway/trust/desk.hpp"

namespace demat::pipeline {

/// A claim that can go no further now, and when it is taken up again.
[[nodiscard]] store::Change waiting_change(const store::Claim& claim, const Error& error,
                                           const config::Retry& retry, Instant now);

/// Writes all of `source`, piece by piece when it is not in memory. Errors: those of reading and writing.
[[nodiscard]] Status append_all(store::PayloadWriter& writer, const ByteSource& source);

/// Adds the report about signatures to what is kept with the flow, and the revocation lists and OCSP
/// responses that it rests on (signature RV15); their bytes are in the store once, however many flows refer
/// to them. Errors: the store's.
[[nodiscard]] Status add_report(store::Store& store, store::Change& change,
                                const trust_desk::Decision& judged);

/// `waiting` with the report, unless one is kept already: whoever asks why a flow waits can read it, and a
/// long wait does not fill the store. Errors: the store's.
[[nodiscard]] Result<store::Change> with_first_report(store::Store& store, store::Change waiting,
                                                      const trust_desk::Decision& judged);

}  // namespace demat::pipeline
