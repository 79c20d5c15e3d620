#include "tools/dematctl/commands_tickets.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {

Exit webhook_add(Session& session, const std::string& url) {
  const auto reply = session.api.post("/v1/webhooks", {{"url", url}});
  if (!reply) return session.out.failed(reply.error());
  session.out.object(reply->body);
  session.out.line(text_of(reply->body, "id") + "  " + text_of(reply->body, "secret"));
  session.out.say("Notez le secret : il ne sera plus montré. Il sert à vérifier Demat-Signature.",
                  "Write the secret down: it is not shown again. It serves to verify Demat-Signature.");
  return Exit::ok;
}

Exit webhook_list(Session& session) {
  const auto answer = session.api.get("/v1/webhooks");
  if (!answer) return session.out.failed(answer.error());
  session.out.items(objects_of(*answer, "items"), {{"id", "id"},
                                                   {"collectivité", "authority"},
                                                   {"adresse", "url"},
                                                   {"créé", "created_at"},
                                                   {"en échec depuis", "failing_since"},
                                                   {"nouvel essai", "next_attempt_at"}});
  return Exit::ok;
}

Exit webhook_remove(Session& session, const Ids& ids) {
  Exit worst = Exit::ok;
  for (const auto& id : ids) {
    const auto done = session.api.remove("/v1/webhooks/" + percent_encode(id));
    if (!done) {
      const Exit exit = session.out.failed(done.error());
      if (worst == Exit::ok) worst = exit;
      continue;
    }
    session.out.object({{"id", id}, {"removed", true}});
    session.out.line(id + "  supprimé / removed");
  }
  return worst;
}

Exit webhook_deliveries(Session& session, const std::string& id, std::size_t limit) {
  const auto items = session.api.list("/v1/webhooks/" + percent_encode(id) + "/deliveries", Query(), limit);
  if (!items) return session.out.failed(items.error());
  session.out.items(*items, {{"id", "id"},
                             {"flux", "flow"},
                             {"événement", "code"},
                             {"état", "state"},
                             {"essais", "attempts"},
                             {"HTTP", "http_status"},
                             {"erreur", "error_code"},
                             {"nouvel essai", "next_attempt_at"}});
  return Exit::ok;
}

Exit webhook_redeliver(Session& session, const std::string& id, const std::string& delivery) {
  const auto reply = session.api.post(
      "/v1/webhooks/" + percent_encode(id) + "/deliveries/" + percent_encode(delivery) + "/redeliver", {});
  if (!reply) return session.out.failed(reply.error());
  session.out.object(reply->body);
  session.out.line(delivery + "  " + text_of(reply->body, "state"));
  return Exit::ok;
}

}  // namespace demat::ctl
