#include "gateway/pipeline/rule_policy.hpp"

#include <algorithm>

#include "gateway/pipeline/row_scope.hpp"
#include "protocols/preflight/preflight.hpp"

namespace demat::pipeline {
namespace {

Error unknown_rule(const std::string& name) {
  return permanent_error(
      "rules.unknown",
      "Un [[rules]] nomme une règle qui n'existe pas : « " + name + " » (dematctl rules ls les montre).",
      "A [[rules]] names a rule that there is not: \"" + name + "\" (dematctl rules ls shows them).", name);
}

std::optional<Severity> severity_of(config::RuleWeight weight) {
  switch (weight) {
    case config::RuleWeight::error:
      return Severity::error;
    case config::RuleWeight::warning:
      return Severity::warning;
    case config::RuleWeight::info:
      return Severity::info;
    case config::RuleWeight::off:
      break;
  }
  return std::nullopt;
}

}  // namespace

void RuleWeights::apply(Report& report) const {
  std::erase_if(report.findings, [&](const Finding& one) { return off.contains(one.code); });
  for (auto& finding : report.findings) {
    const auto said = severities.find(finding.code);
    if (said != severities.end()) finding.severity = said->second;
  }
}

Result<std::shared_ptr<const RulePolicy>> RulePolicy::from(const std::vector<config::RuleSetting>& rows) {
  auto out = std::make_shared<RulePolicy>();
  for (const auto& row : rows) {
    const auto* rule = preflight::find_rule(row.name);
    if (rule == nullptr) return failure(unknown_rule(row.name));
    out->rows_.push_back({std::string(rule->code), row});
  }
  std::ranges::stable_partition(out->rows_, [](const Row& row) { return row.setting.authorities.empty(); });
  return std::shared_ptr<const RulePolicy>(std::move(out));
}

RuleWeights RulePolicy::weights(const AuthorityId& authority, Instant now) const {
  RuleWeights out;
  if (rows_.empty()) return out;
  const auto today = paris_day(now);
  for (const auto& row : rows_) {
    if (!applies(row.setting, authority, today)) continue;
    out.severities.erase(row.code);
    out.off.erase(row.code);
    if (const auto severity = severity_of(row.setting.severity))
      out.severities.emplace(row.code, *severity);
    else
      out.off.insert(row.code);
  }
  return out;
}

std::vector<RuleInForce> RulePolicy::in_force(const AuthorityId& authority, Instant now,
                                              std::string_view pack_version) const {
  const auto changed = weights(authority, now);
  std::vector<RuleInForce> out;
  for (const auto* rule : preflight::all_rules()) {
    if (!rules::in_force(*rule, pack_version)) continue;
    RuleInForce one{rule, rule->severity};
    const auto said = changed.severities.find(rule->code);
    const bool off = changed.off.contains(rule->code);
    if (off) one.severity.reset();
    if (said != changed.severities.end()) one.severity = said->second;
    one.configured = off || said != changed.severities.end();
    out.push_back(one);
  }
  return out;
}

}  // namespace demat::pipeline
