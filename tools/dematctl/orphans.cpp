#include "tools/dematctl/commands_tickets.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

std::string path_of(const std::string& id, std::string_view act) {
  return "/v1/orphans/" + percent_encode(id) + "/" + std::string(act);
}

Exit show(Session& session, const std::string& id, const Answer<Api::Reply>& reply) {
  if (!reply) return session.out.failed(reply.error());
  session.out.object(reply->body);
  const auto flow = text_of(reply->body, "flow");
  session.out.line(id + "  " + text_of(reply->body, "state") + (flow.empty() ? "" : "  " + flow));
  return Exit::ok;
}

Exit each(Session& session, const Ids& ids, std::string_view act, const std::string& reason) {
  Exit worst = Exit::ok;
  for (const auto& id : ids) {
    const Exit exit = show(session, id, session.api.post(path_of(id, act), {{"reason", reason}}));
    if (worst == Exit::ok) worst = exit;
  }
  return worst;
}

}  // namespace

Exit orphans_attach(Session& session, const AttachOptions& options) {
  const bool siren = options.to.size() == 9 && options.to.find_first_not_of("0123456789") == options.to.npos;
  boost::json::object body{{siren ? "authority" : "flow", options.to}, {"reason", options.reason}};
  return show(session, options.id, session.api.post(path_of(options.id, "attach"), body));
}

Exit orphans_ignore(Session& session, const Ids& ids, const std::string& reason) {
  return each(session, ids, "ignore", reason);
}

Exit orphans_reanalyse(Session& session, const Ids& ids, const std::string& reason) {
  if (!ids.empty()) return each(session, ids, "reanalyse", reason);
  std::string cursor;
  do {
    boost::json::object body{{"reason", reason}};
    if (!cursor.empty()) body["cursor"] = cursor;
    const auto reply = session.api.post("/v1/orphans/reanalyse", body);
    if (!reply) return session.out.failed(reply.error());
    session.out.object(reply->body);
    session.out.line("regardés / looked at: " + text_of(reply->body, "looked_at") +
                     ", rattachés / settled: " + text_of(reply->body, "settled") +
                     ", en échec / failed: " + text_of(reply->body, "failed"));
    std::string next = text_of(reply->body, "next");
    if (next == cursor) break;
    cursor = std::move(next);
  } while (!cursor.empty());
  return Exit::ok;
}

}  // namespace demat::ctl
