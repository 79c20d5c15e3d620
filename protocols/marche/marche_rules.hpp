#pragma once

#include <memory>
#include <span>

#include "protocols/rules/verdicts.hpp"
#include "protocols/xml/visitor.hpp"

namespace demat::marche {

/// The rules of PES Marché (helios 9.3, P27; annotations of NS_Marche; pes530 9) in one pass over a
/// PES_Aller, in the memory of one contract and of the names of its attachments. What they find goes to `out`
/// as contracts pass, and at the end of the document what concerns the whole flow. Not thread-safe.
class MarcheRules final : public xml::Visitor {
 public:
  /// `out` must outlive the visitor.
  explicit MarcheRules(rules::Verdicts& out);
  ~MarcheRules() override;
  void start(const xml::StartElement& element, std::string_view path) override;
  void end(std::string_view name, std::string_view path) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Every rule of this folder, in the order of the documentation.
[[nodiscard]] std::span<const rules::RuleInfo* const> marche_rules();

}  // namespace demat::marche
