#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "gateway/actes/deposit.hpp"
#include "gateway/pipeline/dependencies.hpp"
#include "protocols/trust/flow_report.hpp"
#include "protocols/xml/schema_pack.hpp"

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

/// What files are looked into with.
struct ContentDoors {
  pipeline::Scanner scanner{};  ///< may be empty: no antivirus
  std::shared_ptr<const xml::SchemaPack> budgets =
      {};  ///< has DocumentBudgetaire; null: structure and seal only
};

/// Looks into every file (actes 4.2): kind by content, antivirus, soundness of PDF, PAdES and detached
/// signatures, structure, schema and seal of a budget. Errors: those of a dependency that is down
/// (waiting).
[[nodiscard]] Result<Contents> look_into(const Deposit& deposit, const Opener& open,
                                         const ContentDoors& doors);

}  // namespace demat::actes_road
