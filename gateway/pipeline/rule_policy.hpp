#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/base/clock.hpp"
#include "gateway/config/settings.hpp"
#include "gateway/flow/ids.hpp"
#include "protocols/base/finding.hpp"
#include "protocols/base/result.hpp"
#include "protocols/rules/rule.hpp"

namespace demat::pipeline {

/// What the configuration changes of the rules' own weight, for one authority on one day.
struct RuleWeights {
  std::map<std::string, Severity, std::less<>> severities;  ///< by code
  std::set<std::string, std::less<>> off;                   ///< codes of rules that are not looked at

  /// Gives findings their weight, and takes away those of rules that are off.
  void apply(Report& report) const;
};

/// A rule and what it comes to.
struct RuleInForce {
  const rules::RuleInfo* rule = nullptr;
  std::optional<Severity> severity;  ///< nothing: off
  bool configured = false;           ///< a row of the configuration says so
};

/// The rows of [[rules]], which say how serious rules are (decisions, Checks: severity is data). Immutable;
/// thread-safe.
class RulePolicy {
 public:
  RulePolicy() = default;
  /// Error `rules.unknown`: a row names a rule that there is not; the detail names it.
  [[nodiscard]] static Result<std::shared_ptr<const RulePolicy>> from(
      const std::vector<config::RuleSetting>& rows);

  /// Days are those of Paris. An empty authority: what holds for all.
  [[nodiscard]] RuleWeights weights(const AuthorityId& authority, Instant now) const;
  /// Every rule of this pack version, as it is for that authority.
  [[nodiscard]] std::vector<RuleInForce> in_force(const AuthorityId& authority, Instant now,
                                                  std::string_view pack_version) const;

 private:
  struct Row {
    std::string code;
    config::RuleSetting setting;
  };
  std::vector<Row> rows_;  ///< those that prevail last
};

}  // namespace demat::pipeline
