#pragma once

#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/finding.hpp"
#include "protocols/pes/header.hpp"
#include "protocols/rules/verdicts.hpp"
#include "protocols/xml/visitor.hpp"

namespace demat::pes {

/// What the rules learnt about a flow while they looked at it.
struct FlowFacts {
  std::vector<std::string> domains;  ///< children of the root other than header and Signature, in order
  /// Some bordereau is one that a gateway with a key signs: any but those of ORMC that do not call themselves
  /// dematerialised (decisions: ORMC go unsigned; P3: nothing else may be signed).
  bool to_be_signed = false;
  std::size_t bordereaux = 0;
  std::size_t pieces = 0;
  std::size_t pj = 0;
  std::size_t signatures = 0;
  bool all_bordereaux_have_id =
      false;                    ///< there are bordereaux and each has a usable Id (an NCName, helios 5.2)
  bool root_has_id = false;     ///< the root has a usable Id
  bool dematerialisee = false;  ///< InfoDematerialisee = 1 in every depense/recette domain present
};

struct RuleOptions {
  std::set<std::string> encodings{"ISO-8859-1"};  ///< accepted declarations (helios 2.1)
  /// P2 then looks at what leaves, not at what came. A flow that came signed is never signed again: it is
  /// judged as it is, whatever this says.
  bool gateway_will_sign = false;
  /// Version of the pack in force, and severity by rule code where it is not the table's (decisions:
  /// severity is data).
  rules::Options rules{};
};

/// The table of structural rules, for documentation and configuration.
[[nodiscard]] std::span<const rules::RuleInfo* const> structural_rules();

/// The structural rules in one pass: helios P1-P3, P9, P25, P26, header fields, helios 4.2 nos. 3, 5-7, 9
/// (where signatures stand and how many; cryptography is of protocols/xades) and 11; no. 10 (uniqueness) is
/// the store's. A Visitor: feed it the document (Document::visit or SchemaPack::validate_stream), then call
/// finish(). Memory does not depend on the size of the document. Not thread-safe.
class StructuralRules final : public xml::Visitor {
 public:
  StructuralRules(Header header, RuleOptions options);
  /// For a pass that reads the header too: finish(header) brings it.
  explicit StructuralRules(RuleOptions options);
  ~StructuralRules() override;
  void start(const xml::StartElement& element, std::string_view path) override;
  void end(std::string_view name, std::string_view path) override;

  /// Findings and facts; call once, after the pass.
  [[nodiscard]] Report finish();
  [[nodiscard]] Report finish(Header header);
  [[nodiscard]] const FlowFacts& facts() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace demat::pes
