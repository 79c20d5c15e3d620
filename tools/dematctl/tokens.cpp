#include <boost/json/array.hpp>

#include "tools/dematctl/commands_tickets.hpp"
#include "tools/dematctl/grants.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {

namespace json = boost::json;

Exit token_create(Session& session, const TokenOptions& options) {
  auto grants = grants_from(options.grants);
  if (!grants) return session.out.failed(grants.error());
  const auto reply = session.api.post(
      "/v1/tokens", {{"name", options.name}, {"grants", std::move(*grants)}, {"days", options.days}});
  if (!reply) return session.out.failed(reply.error());
  session.out.object(reply->body);
  session.out.line(text_of(reply->body, "token"));
  session.out.say("Notez-le : il ne sera plus montré. Il ne vaut qu'avec ce certificat.",
                  "Write it down: it is not shown again. It is only valid with this certificate.");
  return Exit::ok;
}

Exit token_list(Session& session) {
  const auto answer = session.api.get("/v1/tokens");
  if (!answer) return session.out.failed(answer.error());
  session.out.items(objects_of(*answer, "items"), {{"id", "id"},
                                                   {"nom", "name"},
                                                   {"certificat", "identity"},
                                                   {"créé", "created_at"},
                                                   {"expire", "expires_at"},
                                                   {"révoqué", "revoked_at"}});
  return Exit::ok;
}

Exit token_revoke(Session& session, const Ids& ids) {
  Exit worst = Exit::ok;
  for (const auto& id : ids) {
    const auto done = session.api.remove("/v1/tokens/" + percent_encode(id));
    if (!done) {
      const Exit exit = session.out.failed(done.error());
      if (worst == Exit::ok) worst = exit;
      continue;
    }
    session.out.object({{"id", id}, {"revoked", true}});
    session.out.line(id + "  révoqué / revoked");
  }
  return worst;
}

}  // namespace demat::ctl
