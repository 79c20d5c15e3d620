#pragma once

#include <string>
#include <string_view>

#include "protocols/base/finding.hpp"
#include "protocols/pes/acquit.hpp"

namespace demat::pes {

/// What an anomaly of an acquit means and what to do about it.
struct Explanation {
  Words meaning;
  Words remedy;        ///< empty when the code tells nothing to do
  bool known = false;  ///< false: made of the words of the code itself
};

/// NumAnoAck (helios 4.5) and the business code that begins a LibelleAnoAck, which says more and goes first.
/// Codes that we do not know, `GXML_…` above all (pes530 §10), are put into readable words and never refused.
/// Both empty: an empty explanation. Thread-safe.
[[nodiscard]] Explanation explain(std::string_view num_ano_ack, std::string_view business_code = {});
[[nodiscard]] inline Explanation explain(const Anomaly& anomaly) {
  return explain(anomaly.num_ano_ack, anomaly.business_code);
}

}  // namespace demat::pes
