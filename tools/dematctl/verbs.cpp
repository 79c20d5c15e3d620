#include "tools/dematctl/commands.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {

Exit apply_verb(Session& session, const VerbOptions& options) {
  boost::json::object body{{"reason", options.reason}};
  if (!options.outcome.empty()) body["outcome"] = options.outcome;
  if (options.accept_duplicate) body["accept_duplicate"] = true;
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
