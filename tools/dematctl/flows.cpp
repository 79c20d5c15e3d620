#include <algorithm>

#include "tools/dematctl/commands.hpp"
#include "tools/dematctl/commands_tickets.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;

const std::vector<Output::Column> flow_fields{{"id", "id"},
                                              {"état / state", "state"},
                                              {"NomFic", "nom_fic"},
                                              {"TypFic", "typ_fic"},
                                              {"collectivité / authority", "authority"},
                                              {"environnement", "environment"},
                                              {"fichier / file", "file_name"},
                                              {"taille / size", "size"},
                                              {"SHA-256", "sha256"},
                                              {"IdPost", "id_post"},
                                              {"CodCol", "cod_col"},
                                              {"CodBud", "cod_bud"},
                                              {"IdColl", "id_coll"},
                                              {"déposé / deposited", "created_at"},
                                              {"changé / changed", "updated_at"},
                                              {"destination", "destination"},
                                              {"nom distant / remote name", "remote_name"},
                                              {"SHA-256 envoyé / sent", "outgoing_sha256"},
                                              {"envois / attempts", "attempts"},
                                              {"envoyé / sent", "sent_at"},
                                              {"attend / waits for", "waiting_code"},
                                              {"derrière / behind", "waits_for"},
                                              {"obstacle", "obstacle"},
                                              {"nouvel essai / next try", "next_attempt_at"},
                                              {"retenu / held", "hold_reason"},
                                              {"rejoue / replays", "replay_of"},
                                              {"lié à / linked to", "linked_to"},
                                              {"requête / request", "request_id"}};

/// Large files go in pieces, so that a broken line costs one piece.
Answer<Api::Reply> deposit(Session& session, const std::filesystem::path& file,
                           const std::vector<std::pair<std::string, std::string>>& headers) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (!error && size >= resumable_from) return upload_resumable(session, file, headers);
  return session.api.upload("/v1/flows", file, headers);
}

/// One deposit for scripts: the file, the status and the flow.
void print_deposit(Session& session, const std::filesystem::path& file, const Api::Reply& reply) {
  const bool again = reply.status == 200;
  json::object line{{"file", file.string()}, {"already_here", again}, {"flow", reply.body}};
  session.out.object(line);
  session.out.line(printable(file.string()) + "  " + text_of(reply.body, "id") + "  " +
                   text_of(reply.body, "state") + (again ? "  (déjà déposé / already here)" : ""));
}

}  // namespace

Exit submit(Session& session, const SubmitOptions& options) {
  std::vector<std::pair<std::string, std::string>> headers;
  if (!options.priority.empty()) headers.emplace_back("Demat-Priority", options.priority);
  Exit worst = Exit::ok;
  for (const auto& file : options.files) {
    const auto reply = deposit(session, file, headers);
    if (reply) {
      print_deposit(session, file, *reply);
      continue;
    }
    session.out.line(printable(file.string()) + "  refusé / not accepted");
    Failure failure = reply.error();
    if (!failure.problem.empty()) failure.problem["file"] = file.string();
    const Exit exit = session.out.failed(failure);
    if (worst == Exit::ok) worst = exit;
    // The next files would fare no better without a gateway.
    if (exit == Exit::network) return exit;
  }
  return worst;
}

Exit list(Session& session, const ListOptions& options) {
  Query query;
  for (const std::string& state : options.states)
    query.add("state", state);
  query.add("nomfic", options.nom_fic).add("from", options.from).add("to", options.to);
  query.add("destination", options.destination).add("code", options.code);
  query.add("older_than", options.older_than).add("overdue", options.overdue ? "true" : "");
  const auto items = session.api.list("/v1/flows", query, options.limit);
  if (!items) return session.out.failed(items.error());
  session.out.items(*items, {{"id", "id"},
                             {"état", "state"},
                             {"déposé", "created_at"},
                             {"collectivité", "authority"},
                             {"NomFic", "nom_fic"},
                             {"attend", "waiting_code"},
                             {"fichier", "file_name"}});
  return Exit::ok;
}

Exit get(Session& session, const std::string& id) {
  const auto flow = session.api.get("/v1/flows/" + percent_encode(id));
  if (!flow) return session.out.failed(flow.error());
  session.out.fields(*flow, flow_fields);
  return Exit::ok;
}

Exit history(Session& session, const std::string& id, bool transcripts) {
  const std::string path = "/v1/flows/" + percent_encode(id);
  const auto events = session.api.get(path + "/events");
  if (!events) return session.out.failed(events.error());
  const auto attempts = session.api.get(path + "/attempts");
  if (!attempts) return session.out.failed(attempts.error());
  for (const auto& [kind, answer] : {std::pair("event", &*events), std::pair("attempt", &*attempts)}) {
    for (json::object item : objects_of(*answer, "items")) {
      item["kind"] = kind;
      session.out.object(item);
    }
  }
  if (session.out.json()) return Exit::ok;
  session.out.items(objects_of(*events, "items"), {{"quand", "at"},
                                                   {"de", "from"},
                                                   {"vers", "to"},
                                                   {"événement", "code"},
                                                   {"qui", "actor"},
                                                   {"raison", "reason"},
                                                   {"détail", "detail"}});
  const auto sends = objects_of(*attempts, "items");
  if (sends.empty()) return Exit::ok;
  session.out.line("");
  session.out.items(sends, {{"envoi", "number"},
                            {"début", "started_at"},
                            {"fin", "ended_at"},
                            {"issue", "outcome"},
                            {"destination", "destination"},
                            {"erreur", "error_code"},
                            {"nom distant", "remote_name"}});
  for (const auto& send : sends) {
    if (!transcripts) break;
    session.out.line("\n" + text_of(send, "number") + ":");
    std::string transcript = text_of(send, "transcript");
    for (std::size_t begin = 0; begin < transcript.size();) {
      const std::size_t end = std::min(transcript.find('\n', begin), transcript.size());
      session.out.line("    " + printable(std::string_view(transcript).substr(begin, end - begin)));
      begin = end + 1;
    }
  }
  return Exit::ok;
}

}  // namespace demat::ctl
