#pragma once

#include "gateway/pipeline/numbers_reader.hpp"
#include "gateway/store/change.hpp"
#include "gateway/store/store.hpp"

namespace demat::pipeline {

/// Code of the finding that a return has an acquit already.
inline constexpr std::string_view second_acquit = "pes.retour.history";

/// What earlier flows of the authority say of this one.
struct HistoryVerdict {
  store::Recorded recorded;  ///< to be kept if the flow is accepted
  Report report;             ///< the weight of findings is that of the rules' table
};

/// Looks up what a flow numbers among the flows before it (helios P11, P24, 1.6, 3.1, 9.3; signature T50). At
/// most rules::max_hits findings for each rule. Error: the store's.
[[nodiscard]] Result<HistoryVerdict> look_up(store::Store& store, const flow::Flow& flow,
                                             flow::Numbers numbers);

}  // namespace demat::pipeline
