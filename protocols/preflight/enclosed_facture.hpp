#pragma once

#include <memory>
#include <span>
#include <vector>

#include "protocols/preflight/judging.hpp"
#include "protocols/preflight/pj_index.hpp"
#include "protocols/xml/visitor.hpp"

namespace demat::preflight {

/// Judges the PES_Facture that an attachment of type 006 holds by the rules of invoices, while its document
/// passes. Findings lie inside the attachment, at its line. Internal to this folder; not thread-safe.
class EnclosedFacture {
 public:
  /// `references`: those of the flow to `pj`, which outlives this, as `out` does.
  EnclosedFacture(const Unit& pj, std::span<const PjReference> references, Verdicts& out);
  ~EnclosedFacture();
  EnclosedFacture(const EnclosedFacture&) = delete;
  EnclosedFacture& operator=(const EnclosedFacture&) = delete;

  /// Show it the document.
  [[nodiscard]] xml::Visitor& visitor();

  /// Broken by a document that is no XML.
  [[nodiscard]] static const RuleInfo& unreadable();
  /// The rules it adds to those of invoices.
  [[nodiscard]] static std::vector<const RuleInfo*> rules();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace demat::preflight
