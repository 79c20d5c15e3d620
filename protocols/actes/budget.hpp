#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/base/finding.hpp"
#include "protocols/base/result.hpp"

namespace demat::actes {

/// Namespace of TotEM documents (docbudg).
inline constexpr std::string_view budget_ns = "http://www.minefi.gouv.fr/cp/demat/docbudgetaire";

struct Seal {  ///< Scellement
  std::string md5;
  std::string sha1;
  std::string date;
};

/// A budget document, as far as a gateway looks into it (actes 4.1-10).
struct Budget {
  bool single_account = false;  ///< CompteFinancierUnique instead of DocumentBudgetaire
  std::string schema_version;   ///< VersionSchema/@V
  std::string label;            ///< EnTeteDocBudgetaire/LibelleColl/@V
  std::string siret;            ///< EnTeteDocBudgetaire/IdColl/@V or EnTeteBudget/LibelleEtab's SIRET
  std::string nature;           ///< NatDec
  std::string year;             ///< Exer
  std::string function;         ///< NatFonc
  std::string nomenclature;     ///< EnTeteBudget/Nomenclature
  std::size_t budgets = 0;
  std::optional<Seal> seal;
  /// Both digests, of the document written again as budget_seal() says, or of the document as it stands.
  bool seal_matches = false;
};

/// Errors: those of xml::parse(), `actes.budget.not_budget`.
[[nodiscard]] Result<Budget> read_budget(std::string_view xml);

/// The two digests, lower-case hexadecimal, that the seal of `xml` must hold: of its canonical form after
/// indentation by three, without Scellement and the text after it (actes 4.1-10).
[[nodiscard]] Result<Seal> budget_seal(std::string_view xml);

/// The document with its seal put in or renewed (what a TotEM exporter does); for samples and tests.
[[nodiscard]] Result<std::string> seal_budget(std::string_view xml, std::string_view date);

/// What a file that may be a budget is for its acte. The document of a budgetary acte must be one; an XML
/// annexe may be any form, and is judged as a budget only when it is one (actes 2.3, 4.1-10).
enum class BudgetPlace { document, annexe };

/// Whether the document may go: `actes.budget.malformed`, `actes.budget.not_budget` (never of an annexe),
/// `actes.budget.structure`, `actes.budget.not_sealed`, `actes.budget.seal`. `name` goes into the place.
[[nodiscard]] Report check_budget(std::string_view xml, std::string_view name,
                                  BudgetPlace place = BudgetPlace::document);

}  // namespace demat::actes
