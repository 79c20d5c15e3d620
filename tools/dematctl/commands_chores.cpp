#include "tools/dematctl/commands_care.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;

/// Asks until the chore has ended; the last answer.
Answer<json::object> wait_for_end(Session& session, const std::string& path) {
  constexpr std::chrono::milliseconds step{200};
  for (;;) {
    auto answer = session.api.get(path);
    if (!answer) return answer;
    const auto* chore = object_of(*answer, "chore");
    if (chore == nullptr || !flag_of(*chore, "running")) return answer;
    session.sleep(step);
  }
}

Exit tell_failure(Session& session, const json::object& chore) {
  return session.out.failed({Exit::refused,
                             permanent_error(text_of(chore, "code"), text_of(chore, "fr"),
                                             text_of(chore, "en"), text_of(chore, "detail")),
                             {}});
}

}  // namespace

Exit backup(Session& session, const BackupOptions& options) {
  json::object body{{"with_key", options.with_key}};
  if (!options.name.empty()) body["name"] = options.name;
  const auto reply = session.api.post("/v1/backups", body);
  if (!reply) return session.out.failed(reply.error());
  const auto name = text_of(reply->body, "name");
  if (options.no_wait) {
    session.out.object(reply->body);
    session.out.say("Sauvegarde commencée : " + name, "Backup begun: " + name);
    return Exit::ok;
  }
  const auto ended = wait_for_end(session, "/v1/backups");
  if (!ended) return session.out.failed(ended.error());
  const auto* chore = object_of(*ended, "chore");
  if (chore != nullptr && !text_of(*chore, "code").empty()) return tell_failure(session, *chore);
  for (const auto& one : objects_of(*ended, "items")) {
    if (text_of(one, "name") != name) continue;
    session.out.fields(one, {{"sauvegarde / backup", "name"},
                             {"prise le / taken at", "taken_at"},
                             {"fichiers / files", "files"},
                             {"octets / bytes", "bytes"},
                             {"clé du journal / journal key", "with_key"}});
  }
  return Exit::ok;
}

Exit backups_list(Session& session) {
  const auto answer = session.api.get("/v1/backups");
  if (!answer) return session.out.failed(answer.error());
  session.out.items(objects_of(*answer, "items"), {{"nom", "name"},
                                                   {"prise le", "taken_at"},
                                                   {"fichiers", "files"},
                                                   {"octets", "bytes"},
                                                   {"clé", "with_key"}});
  return Exit::ok;
}

Exit verify_store(Session& session, const VerifyOptions& options) {
  json::object body{{"depth", options.full ? "full" : "quick"}};
  if (options.bytes_per_second != 0) body["bytes_per_second"] = options.bytes_per_second;
  const auto reply = session.api.post("/v1/store/verify", body);
  if (!reply) return session.out.failed(reply.error());
  if (options.no_wait) {
    session.out.object(reply->body);
    session.out.say("Vérification commencée.", "Verification begun.");
    return Exit::ok;
  }
  const auto ended = wait_for_end(session, "/v1/store/verify");
  if (!ended) return session.out.failed(ended.error());
  const auto* chore = object_of(*ended, "chore");
  if (chore != nullptr && !text_of(*chore, "code").empty()) return tell_failure(session, *chore);
  const auto* report = object_of(*ended, "report");
  if (report == nullptr) return Exit::unavailable;
  session.out.fields(
      *report, {{"payloads", "payloads"}, {"octets / bytes", "bytes"}, {"événements / events", "events"}});
  const auto troubles = objects_of(*report, "troubles");
  if (flag_of(*report, "sound")) {
    session.out.say("Le magasin est sain.", "The store is sound.");
    return Exit::ok;
  }
  Table table({"code", "détail"});
  for (const auto& one : troubles)
    table.add({text_of(one, "code"), text_of(one, "detail")});
  session.out.table(table);
  session.out.say("LE MAGASIN EST ABÎMÉ : restaurez une sauvegarde.",
                  "THE STORE IS DAMAGED: restore a backup.");
  return Exit::refused;
}

}  // namespace demat::ctl
