#include "tools/dematctl/commands.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {

Exit destinations_list(Session& session) {
  const auto answer = session.api.get("/v1/destinations");
  if (!answer) return session.out.failed(answer.error());
  session.out.items(objects_of(*answer, "items"),
                    {{"nom", "name"}, {"mode", "mode"}, {"environnement", "environment"}});
  return Exit::ok;
}

Exit probe(Session& session, const std::string& name) {
  const auto reply = session.api.post("/v1/destinations/" + percent_encode(name) + "/probe", {});
  if (!reply) return session.out.failed(reply.error());
  const auto& result = reply->body;
  session.out.object(result);
  const std::string transcript = text_of(result, "transcript");
  for (std::size_t begin = 0; begin < transcript.size();) {
    const std::size_t end = std::min(transcript.find('\n', begin), transcript.size());
    session.out.line("    " + printable(std::string_view(transcript).substr(begin, end - begin)));
    begin = end + 1;
  }
  if (flag_of(result, "ok")) {
    session.out.say("La destination répond.", "The destination answers.");
    return Exit::ok;
  }
  session.out.say(printable(text_of(result, "fr")), printable(text_of(result, "en")));
  session.out.line("  code " + printable(text_of(result, "code")));
  return Exit::unavailable;
}

Exit whoami(Session& session) {
  const auto identity = session.api.get("/v1/whoami");
  if (!identity) return session.out.failed(identity.error());
  session.out.fields(*identity, {{"nom / name", "name"},
                                 {"certificat / certificate", "sha256"},
                                 {"environnement", "environment"},
                                 {"active", "active"}});
  Table table({"collectivité / authority", "rôle / role"});
  for (const auto& grant : objects_of(*identity, "grants"))
    table.add({text_of(grant, "authority"), text_of(grant, "role")});
  if (!table.empty()) session.out.table(table);
  return Exit::ok;
}

Exit status(Session& session) {
  const auto status = session.api.get("/v1/status");
  if (!status) return session.out.failed(status.error());
  session.out.fields(*status, {{"environnement", "environment"}, {"version", "version"}});
  if (session.out.json()) return Exit::ok;
  Table packs({"protocole", "version", "schémas"});
  for (const auto& pack : objects_of(*status, "schemas"))
    packs.add({text_of(pack, "protocol"), text_of(pack, "version"), text_of(pack, "title")});
  if (!packs.empty()) session.out.table(packs);
  Table states({"état", "flux", "le plus ancien"});
  for (const auto& state : objects_of(*status, "states"))
    states.add({text_of(state, "state"), text_of(state, "count"), short_time(text_of(state, "oldest"))});
  if (!states.empty()) session.out.table(states);
  return Exit::ok;
}

Exit journal_verify(Session& session) {
  const auto verdict = session.api.get("/v1/journal/verify");
  if (!verdict) return session.out.failed(verdict.error());
  session.out.object(*verdict);
  const std::string events = text_of(*verdict, "events");
  if (flag_of(*verdict, "intact")) {
    // The count is for platform operators: the journal is that of all authorities.
    if (events.empty())
      session.out.say("Journal intact.", "Journal intact.");
    else
      session.out.say("Journal intact : " + events + " événements.",
                      "Journal intact: " + events + " events.");
    return Exit::ok;
  }
  const std::string bad = text_of(*verdict, "first_bad");
  session.out.say("JOURNAL ALTÉRÉ" + (bad.empty() ? "." : " à partir de l'événement " + bad + "."),
                  "JOURNAL ALTERED" + (bad.empty() ? "." : " from event " + bad + "."));
  return Exit::refused;
}

}  // namespace demat::ctl
