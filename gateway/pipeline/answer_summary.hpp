#pragma once

#include <string>
#include <vector>

#include "gateway/flow/answers.hpp"
#include "gateway/flow/numbers.hpp"
#include "protocols/pes/acquit.hpp"
#include "protocols/pes/retour.hpp"

namespace demat::pipeline {

/// The decoded acquit as JSON, for the row of the return and the API.
[[nodiscard]] std::string summary_of(const pes::Acquit& acquit);
[[nodiscard]] std::string summary_of(const pes::Retour& retour);

/// Every anomaly with its bordereau, pièce and line.
[[nodiscard]] std::vector<flow::AcquitAnomaly> anomalies_of(const pes::Acquit& acquit);

/// What it says of bordereaux, PJ and contracts: all that is turned down, and every contract.
[[nodiscard]] std::vector<flow::AnsweredPart> parts_of(const pes::Acquit& acquit);

}  // namespace demat::pipeline
