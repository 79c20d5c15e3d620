#include "tools/dematctl/commands_returns.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {

Exit siret_list(Session& session, const SiretOptions& options) {
  const auto items = session.api.list(
      "/v1/sirets", Query().add("authority", options.siren).add("blocked", options.blocked ? "true" : ""),
      options.limit);
  if (!items) return session.out.failed(items.error());
  session.out.items(*items, {{"SIRET", "siret"},
                             {"collectivité", "authority"},
                             {"bloqué", "blocked"},
                             {"retours", "returns"},
                             {"dernier", "last_return"},
                             {"par", "actor"},
                             {"motif", "reason"}});
  return Exit::ok;
}

Exit siret_unassigned(Session& session) {
  const auto answer = session.api.get("/v1/sirets/unassigned");
  if (!answer) return session.out.failed(answer.error());
  Table table({"SIRET", "retours", "octets", "premier", "dernier", "que faire / what to do"});
  for (const auto& item : objects_of(*answer, "items")) {
    session.out.object(item);
    const auto siret = text_of(item, "siret");
    std::string advice =
        siret.empty() ? "orphans ls" : "siret add SIREN " + siret + "  (à qui est-il ? / whose is it?)";
    if (const auto* suggestion = object_of(item, "suggestion"))
      advice = "siret add " + text_of(*suggestion, "siren") + " " + siret + "  (" +
               text_of(*suggestion, "name") + ")";
    if (!text_of(item, "owner").empty()) advice = "orphans reanalyse  (" + text_of(item, "owner") + ")";
    if (flag_of(item, "blocked")) advice = "bloqué / blocked";
    table.add({siret.empty() ? "-" : siret, text_of(item, "returns"), text_of(item, "bytes"),
               short_time(text_of(item, "first")), short_time(text_of(item, "last")), advice});
  }
  session.out.table(table);
  return Exit::ok;
}

Exit siret_block(Session& session, const BlockOptions& options) {
  const auto reply = session.api.post("/v1/sirets/" + percent_encode(options.siret) + "/block",
                                      {{"reason", options.reason}});
  if (!reply) return session.out.failed(reply.error());
  session.out.object({{"siret", options.siret}, {"blocked", true}});
  session.out.line(options.siret + "  bloqué / blocked");
  return Exit::ok;
}

Exit siret_unblock(Session& session, const BlockOptions& options) {
  const auto reply = session.api.post("/v1/sirets/" + percent_encode(options.siret) + "/unblock",
                                      {{"reason", options.reason}});
  if (!reply) return session.out.failed(reply.error());
  session.out.object(reply->body);
  session.out.line(options.siret + "  débloqué / unblocked, rattachés / settled: " +
                   text_of(reply->body, "settled") + "/" + text_of(reply->body, "looked_at"));
  if (!text_of(reply->body, "next").empty())
    session.out.note("D'autres attendent : dematctl orphans reanalyse.",
                     "More are waiting: dematctl orphans reanalyse.");
  return Exit::ok;
}

Exit authority_returns(Session& session, const AcquitOptions& options) {
  const std::string path = "/v1/authorities/" + percent_encode(options.siren) + "/returns";
  boost::json::object settings;
  if (options.mode.empty()) {
    auto answer = session.api.get(path);
    if (!answer) return session.out.failed(answer.error());
    settings = std::move(*answer);
  } else {
    auto reply = session.api.put(path, {{"acquit", options.mode}});
    if (!reply) return session.out.failed(reply.error());
    settings = std::move(reply->body);
  }
  session.out.object(settings);
  session.out.line(text_of(settings, "siren") + "  acquit " + text_of(settings, "acquit"));
  return Exit::ok;
}

}  // namespace demat::ctl
