#include "tools/dematctl/commands.hpp"
#include "tools/dematctl/commands_steering.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {

boost::json::object verb_body(const VerbOptions& options) {
  boost::json::object body{{"reason", options.reason}};
  if (!options.outcome.empty()) body["outcome"] = options.outcome;
  if (options.accept_duplicate) body["accept_duplicate"] = true;
  if (!options.priority.empty()) body["priority"] = options.priority;
  return body;
}

Exit apply_verb(Session& session, const VerbOptions& options) {
  if (!options.bulk.filter.empty()) return apply_to_many(session, options);
  if (options.ids.empty())
    return session.out.failed(usage_failure("ctl.no_flow", "Donnez des identifiants de flux, ou --filter.",
                                            "Give ids of flows, or --filter.")
                                  .value());
  const auto body = verb_body(options);
  Exit worst = Exit::ok;
  for (const std::string& id : options.ids) {
    const auto reply = session.api.post("/v1/flows/" + percent_encode(id) + "/" + options.verb, body);
    if (!reply) {
      const Exit exit = session.out.failed(reply.error());
      if (worst == Exit::ok) worst = exit;
      continue;
    }
    session.out.object(reply->body);
    const std::string now = text_of(reply->body, "id");
    session.out.line(id + (now == id ? "" : " → " + now) + "  " + text_of(reply->body, "state"));
  }
  return worst;
}

}  // namespace demat::ctl
