#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "protocols/base/finding.hpp"
#include "protocols/pes/header.hpp"
#include "protocols/xml/visitor.hpp"

namespace demat::pes {

/// What the rules learnt about a flow while they looked at it.
struct FlowFacts {
  std::vector<std::string> domains;       ///< children of the root other than header and Signature, in order
  bool has_depense_or_recette = false;
  std::size_t bordereaux = 0;
  std::size_t pieces = 0;
  std::size_t pj = 0;
  std::size_t signatures = 0;
  bool all_bordereaux_have_id = false;
  bool root_has_id = false;
  bool dematerialisee = false;            ///< InfoDematerialisee = 1 in every depense/recette domain present
};

struct RuleOptions {
  std::set<std::string> encodings{"ISO-8859-1"};  ///< accepted declarations (helios 2.1)
  bool gateway_will_sign = false;                 ///< P2 then looks at what leaves, not at what came
};

/// The structural rules in one pass: helios P1-P3, P25, header fields, helios 4.2 nos. 3, 5-7 and 10's syntax part.
/// A Visitor: feed it the document (Document::visit or SchemaPack::validate_stream), then call finish().
class StructuralRules final : public xml::Visitor {
 public:
  StructuralRules(Header header, RuleOptions options);
  ~StructuralRules() override;
  void start(const xml::StartElement& element, std::string_view path) override;
  void end(std::string_view name, std::string_view path) override;

  /// Findings and facts; call once, after the pass.
  [[nodiscard]] Report finish();
  [[nodiscard]] const FlowFacts& facts() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace demat::pes
