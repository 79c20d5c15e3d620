#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/report/text.hpp"
#include "protocols/rules/rule.hpp"

/// What is known of a rule, as programs and people read it.
namespace demat::report {

/// What it is about: "depense", "recette", "tiers", "banque", "adresse", "pj", "facture" or "marche" where
/// the code says so ("pes.depense.dgp"), else where the level does; else "commun".
[[nodiscard]] std::string_view domain_of(const rules::RuleInfo& rule);

/// The JSON `Rule` of docs/openapi.yaml. `severity`: what it comes to, nothing when it is off; `configured`:
/// the configuration says so.
[[nodiscard]] boost::json::object to_json(const rules::RuleInfo& rule, std::optional<Severity> severity,
                                          bool configured);

/// All of it for people, from that JSON: the rule, what is turned down, how serious it is here, message,
/// remedy, source, versions.
[[nodiscard]] std::string explain(const boost::json::object& rule, const TextStyle& style);

}  // namespace demat::report
