#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/flow/flow.hpp"
#include "protocols/pes/acquit.hpp"

namespace demat::pipeline {

/// Which flow an acquit answers, and by which step of the key; or why none.
struct Match {
  std::optional<flow::Flow> flow;
  std::string rule;  ///< "full_key", "codcol_nomfic", "nomfic", "none", "no_nomfic", "ambiguous"
};

/// The stepwise key of helios 8.1: (IdPost, CodCol, CodBud, NomFic), then (CodCol, NomFic), then NomFic alone
/// when the acquit carries no usable CodCol. Within a step, flows still waiting for an answer come before
/// answered ones, those of the acquit's destination before others, then the most recently sent. Candidates of
/// two authorities in the deciding group match nothing: an answer never goes to the wrong body.
[[nodiscard]] Match match_acquit(const pes::Header& acquit, const DestinationName& destination,
                                 std::vector<flow::Flow> candidates);

/// The trigger a verdict stands for.
[[nodiscard]] flow::Trigger trigger_of(pes::AcquitVerdict verdict);

}  // namespace demat::pipeline
