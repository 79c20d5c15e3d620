#pragma once

#include <functional>
#include <vector>

#include "gateway/actes/deposit.hpp"
#include "gateway/pipeline/dependencies.hpp"
#include "protocols/trust/flow_report.hpp"

namespace demat::actes_road {

/// What the files of a deposit turned out to be.
struct Contents {
  std::vector<actes::Media> media;  ///< in the order of Deposit::files
  Report report;
  std::vector<trust::SignatureInput> signatures;  ///< PAdES and PKCS#7, checked, their signers not judged
  bool infected = false;
};

/// Opens a payload by its digest.
using Opener = std::function<Result<store::Payload>(const Sha256& name)>;

/// Looks into every file (actes 4.2): kind by content, antivirus, soundness of PDF, PAdES and detached
/// signatures, structure and seal of a budget. `scanner` may be empty. Errors: those of a dependency that is
/// down (waiting).
[[nodiscard]] Result<Contents> look_into(const Deposit& deposit, const Opener& open,
                                         const pipeline::Scanner& scanner);

}  // namespace demat::actes_road
