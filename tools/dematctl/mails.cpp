#include "tools/dematctl/commands_mails.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {

Exit mail_list(Session& session, const MailListOptions& options) {
  Query query;
  if (!options.state.empty()) query.add("state", options.state);
  if (!options.flow.empty()) query.add("flow", options.flow);
  const auto items = session.api.list("/v1/mails", query, options.limit);
  if (!items) return session.out.failed(items.error());
  session.out.items(*items, {{"id", "id"},
                             {"collectivité", "authority"},
                             {"destinataire", "recipient"},
                             {"quoi", "kind"},
                             {"état", "state"},
                             {"essais", "tries"},
                             {"SMTP", "reply"},
                             {"erreur", "error_code"},
                             {"nouvel essai", "next_attempt_at"},
                             {"créé", "created_at"}});
  return Exit::ok;
}

Exit mail_retry(Session& session, const Ids& ids) {
  Exit worst = Exit::ok;
  for (const auto& id : ids) {
    const auto reply = session.api.post("/v1/mails/" + percent_encode(id) + "/retry", {});
    if (!reply) {
      const Exit exit = session.out.failed(reply.error());
      if (worst == Exit::ok) worst = exit;
      continue;
    }
    session.out.object(reply->body);
    session.out.line(id + "  " + text_of(reply->body, "state"));
  }
  return worst;
}

}  // namespace demat::ctl
