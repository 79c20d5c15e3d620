#pragma once

#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/pes/rules.hpp"
#include "protocols/rules/verdicts.hpp"
#include "protocols/xml/schema_pack.hpp"

namespace demat::preflight {

struct Options {
  rules::Options rules{};  ///< pack version in force, severities
  std::set<std::string> encodings{"ISO-8859-1"};
  bool gateway_will_sign = false;  ///< see pes::RuleOptions
  bool open_pj = true;             ///< look into the content of PJ (helios P10)
  /// What XML documents in PJ are held against (pes.pj.schema); null: nothing.
  std::shared_ptr<const xml::SchemaPack> pack{};
};

/// Every pre-flight rule over a PES_Aller in one pass, in bounded memory: the structural rules and the
/// families. Feed visitors() the document (SchemaPack::check, read, validate_stream), then call finish().
/// Not thread-safe; one object per document.
class Preflight {
 public:
  explicit Preflight(Options options);
  ~Preflight();
  [[nodiscard]] std::vector<xml::Visitor*> visitors();
  /// Findings; call once, after the pass.
  [[nodiscard]] Report finish(pes::Header header);
  [[nodiscard]] const pes::FlowFacts& facts() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Every rule there is, P1 first, for documentation and configuration.
[[nodiscard]] std::span<const rules::RuleInfo* const> all_rules();
/// By code or name, in any case: "pes.p16", "P16", "p16"; null when there is none.
[[nodiscard]] const rules::RuleInfo* find_rule(std::string_view name);

}  // namespace demat::preflight
