#pragma once

#include <memory>
#include <span>

#include "protocols/rules/unit_reader.hpp"

/// Invoices: PES_Facture, the avis des sommes à payer (ASAP) above all (helios P8, pes530 §8), whether they
/// are a domain of the flow or lie in an attachment. Internal to this folder.
namespace demat::preflight {

[[nodiscard]] std::span<const rules::RuleInfo* const> facture_rules();
[[nodiscard]] std::unique_ptr<rules::Family> facture_family();

}  // namespace demat::preflight
