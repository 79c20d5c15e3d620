#include "protocols/report/rules.hpp"

#include <algorithm>

#include "protocols/preflight/preflight.hpp"
#include "tools/dematctl/commands_check.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;

std::vector<json::object> known_rules() {
  std::vector<json::object> out;
  for (const auto* rule : preflight::all_rules())
    out.push_back(report::to_json(*rule, rule->severity, false));
  return out;
}

/// From the gateway; from the program itself when told so, or when no gateway is known.
Answer<std::vector<json::object>> rules_of(Session& session, bool offline) {
  if (offline) return known_rules();
  auto answer = session.api.get("/v1/rules");
  if (answer) return objects_of(*answer, "items");
  if (answer.error().error.code != "ctl.url") return fail(std::move(answer.error()));
  session.out.note("Aucune passerelle n'est connue : la gravité est celle par défaut.",
                   "No gateway is known: severities are the default ones.");
  return known_rules();
}

bool same(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, [&](char x, char y) { return lower(x) == lower(y); });
}

Failure no_such_rule(const std::string& name) {
  return {Exit::not_found,
          permanent_error("rules.unknown", "Aucune règle ne se nomme « " + name + " » (dematctl rules ls).",
                          "No rule is named \"" + name + "\" (dematctl rules ls)."),
          {}};
}

/// "5.26 …", "… 5.17", "5.26 … 5.30".
std::string versions_of(const json::object& rule) {
  const auto since = text_of(rule, "since");
  const auto until = text_of(rule, "until");
  if (since.empty() && until.empty()) return {};
  return since + (since.empty() ? "" : " ") + "…" + (until.empty() ? "" : " ") + until;
}

}  // namespace

Exit rules_list(Session& session, const RulesOptions& options) {
  auto rules = rules_of(session, options.offline);
  if (!rules) return session.out.failed(rules.error());
  std::erase_if(*rules, [&](const json::object& rule) {
    return (!options.level.empty() && text_of(rule, "level") != options.level) ||
           (!options.domain.empty() && text_of(rule, "domain") != options.domain);
  });
  if (session.out.json()) {
    for (const auto& rule : *rules)
      session.out.object(rule);
    return Exit::ok;
  }
  Table table({"règle", "code", "domaine", "niveau", "gravité", "versions", "titre"});
  const bool english = options.language == "en";
  for (const auto& rule : *rules) {
    const auto* title = object_of(rule, "title");
    const auto name = text_of(rule, "name");
    const bool named = name != text_of(rule, "code");
    table.add({named ? name : "", text_of(rule, "code"), text_of(rule, "domain"), text_of(rule, "level"),
               text_of(rule, "severity") + (flag_of(rule, "configured") ? " *" : ""), versions_of(rule),
               title == nullptr ? "" : text_of(*title, english ? "en" : "fr")});
  }
  if (table.empty())
    session.out.say("Rien à montrer.", "Nothing to show.");
  else
    session.out.table(table);
  if (std::ranges::any_of(*rules, [](const json::object& rule) { return flag_of(rule, "configured"); }))
    session.out.line("* réglé par la configuration / set by the configuration");
  return Exit::ok;
}

Exit rules_explain(Session& session, const RulesOptions& options) {
  const auto rules = rules_of(session, options.offline);
  if (!rules) return session.out.failed(rules.error());
  const auto found = std::ranges::find_if(*rules, [&](const json::object& rule) {
    return same(text_of(rule, "name"), options.name) || same(text_of(rule, "code"), options.name);
  });
  if (found == rules->end()) return session.out.failed(no_such_rule(options.name));
  session.out.object(*found);
  session.out.text(report::explain(
      *found, {.colour = session.out.colour(), .language = report::language_of(options.language)}));
  return Exit::ok;
}

}  // namespace demat::ctl
