#include "tools/dematctl/commands_returns.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

/// Fetches a file of the State after asking what it is, so that its bytes can be checked.
Exit fetch_item(Session& session, const std::string& path, const std::filesystem::path& output) {
  const auto item = session.api.get(path);
  if (!item) return session.out.failed(item.error());
  return fetch_bytes(session, path + "/payload", output, text_of(*item, "sha256"));
}

Query with_piece(Query query, const PieceOptions& of) {
  query.add("domaine", of.domaine).add("exercice", of.exercice).add("bordereau", of.bordereau);
  query.add("piece", of.piece).add("etat", of.etat);
  return query;
}

/// "04 rejetée": the code as it came, and what it means.
std::string code_text(const boost::json::object& object, const std::string& field) {
  const auto code = text_of(object, field);
  const auto words = text_of(object, field + "_fr");
  return words.empty() ? code : code + " " + words;
}

/// The reason with the accountant's words.
std::string reason_text(const boost::json::object& object) {
  const auto words = text_of(object, "commentaire");
  const auto motif = code_text(object, "motif");
  return motif.empty() || words.empty() ? motif + words : motif + " : " + words;
}

void add_asap(Table& table, const boost::json::object& item) {
  std::string became;
  for (const auto& [word, field] : {std::pair{"posté ", "date_postalisation"},
                                    {"notifié ", "date_notification"},
                                    {"lu ", "date_lecture"},
                                    {"rejeté ", "date_rejet"}})
    if (const auto date = text_of(item, field); !date.empty())
      became += (became.empty() ? "" : ", ") + (word + date);
  const auto motif = code_text(item, "motif_postal") + code_text(item, "motif_mail");
  table.add({"asap", text_of(item, "exercice"), text_of(item, "bordereau"), text_of(item, "piece"), became,
             "", "", "", "", motif});
}

void add_client(Table& table, const boost::json::object& item) {
  for (const auto& reste : objects_of(item, "restes"))
    table.add({"client", "", "", text_of(item, "ref_tiers"), "", text_of(reste, "produit"), "", "",
               text_of(reste, "reste") + " + " + text_of(reste, "frais"), ""});
}

/// A row for each line; one for a pièce without any.
void add_rows(Table& table, const boost::json::object& item) {
  const auto domaine = text_of(item, "domaine");
  if (domaine == "client") return add_client(table, item);
  if (domaine == "asap") return add_asap(table, item);
  const auto row = [&](const boost::json::object& ligne, const std::string& reason) {
    table.add({domaine, text_of(item, "exercice"), text_of(item, "bordereau"), text_of(item, "piece"),
               code_text(item, "etat"), text_of(ligne, "ligne"), code_text(ligne, "etat"),
               text_of(ligne, "mt_ht"), text_of(ligne, "total_paiements"), reason});
  };
  const auto lignes = objects_of(item, "lignes");
  if (lignes.empty()) return row({}, reason_text(item));
  for (const auto& ligne : lignes) {
    const auto reason = reason_text(ligne);
    row(ligne, reason.empty() ? reason_text(item) : reason);
  }
}

}  // namespace

Exit returns_list(Session& session, const ReturnOptions& options) {
  Query query;
  query.add("kind", options.kind).add("read", options.unread ? "false" : "");
  for (const auto& state : options.states)
    query.add("state", state);
  // Acquits are unread too, and the gateway would add them: what is listed here can only get less by a
  // filter.
  if (options.unread && options.kind.empty() && options.states.empty()) query.add("state", "available");
  query.add("from", options.from).add("to", options.to).add("siret", options.siret);
  query.add("cod_col", options.cod_col).add("cod_bud", options.cod_bud).add("typ_restit", options.typ_restit);
  const auto items = session.api.list("/v1/returns", with_piece(query, options.of), options.limit);
  if (!items) return session.out.failed(items.error());
  session.out.items(*items, {{"id", "id"},
                             {"reçu", "received_at"},
                             {"sorte", "kind"},
                             {"lu", "read"},
                             {"collectivité", "authority"},
                             {"restit.", "typ_restit"},
                             {"du", "day"},
                             {"taille", "size"},
                             {"NomFic", "nom_fic"},
                             {"nom", "remote_name"}});
  return Exit::ok;
}

Exit returns_show(Session& session, const std::string& id) {
  const auto item = session.api.get("/v1/returns/" + percent_encode(id));
  if (!item) return session.out.failed(item.error());
  session.out.object(*item);
  Table facts({"champ", "valeur"});
  for (const auto& [title, field] : {std::pair{"id", "id"},
                                     {"sorte", "kind"},
                                     {"reçu", "received_at"},
                                     {"collectivité", "authority"},
                                     {"NomFic", "nom_fic"},
                                     {"IdPost", "id_post"},
                                     {"CodCol", "cod_col"},
                                     {"CodBud", "cod_bud"},
                                     {"IdColl", "id_coll"},
                                     {"TypRestit", "typ_restit"},
                                     {"DteStr", "day"},
                                     {"lu", "read"},
                                     {"flux", "flow"},
                                     {"acquit", "acquit"},
                                     {"acquit", "acquit_note"}})
    if (const auto text = text_of(*item, field); !text.empty()) facts.add({title, text});
  session.out.table(facts);
  const auto* summary = object_of(*item, "summary");
  if (summary == nullptr) return Exit::ok;
  Table states({"domaine", "état", "", "pièces"});
  for (const auto& one : objects_of(*summary, "etats"))
    states.add({text_of(one, "domaine"), text_of(one, "etat"), text_of(one, "fr"), text_of(one, "pieces")});
  for (const auto& [title, field] : {std::pair{"client", "clients"}, {"asap", "asap"}})
    if (number_of(*summary, field) > 0) states.add({title, "", "", text_of(*summary, field)});
  if (!states.empty()) session.out.table(states);
  return Exit::ok;
}

Exit returns_lines(Session& session, const LineOptions& options) {
  Query query;
  query.add("ref_tiers", options.ref_tiers);
  const auto items = session.api.list("/v1/returns/" + percent_encode(options.id) + "/pieces",
                                      with_piece(query, options.of), options.limit);
  if (!items) return session.out.failed(items.error());
  Table table({"domaine", "exer.", "bord.", "pièce", "état", "ligne", "état", "HT", "payé / reste", "motif"});
  for (const auto& item : *items) {
    session.out.object(item);
    add_rows(table, item);
  }
  session.out.table(table);
  return Exit::ok;
}

Exit returns_acquit(Session& session, const Ids& ids) {
  Exit worst = Exit::ok;
  for (const std::string& id : ids) {
    const auto reply =
        session.api.post("/v1/returns/" + percent_encode(id) + "/acquit", boost::json::object{});
    if (!reply) {
      const Exit exit = session.out.failed(reply.error());
      if (worst == Exit::ok) worst = exit;
      continue;
    }
    session.out.object(reply->body);
    session.out.line(id + "  acquit " + text_of(reply->body, "id") + "  " + text_of(reply->body, "state"));
  }
  return worst;
}

Exit returns_fetch(Session& session, const std::string& id, const std::filesystem::path& output) {
  return fetch_item(session, "/v1/returns/" + percent_encode(id), output);
}

Exit returns_read(Session& session, const Ids& ids, bool read) {
  Exit worst = Exit::ok;
  for (const std::string& id : ids) {
    const auto reply = session.api.post("/v1/returns/" + percent_encode(id) + "/read", {{"read", read}});
    if (!reply) {
      const Exit exit = session.out.failed(reply.error());
      if (worst == Exit::ok) worst = exit;
      continue;
    }
    session.out.object(reply->body);
    session.out.line(id + (read ? "  lu / read" : "  non lu / unread"));
  }
  return worst;
}

Exit orphans_list(Session& session, const OrphanOptions& options) {
  const auto items = session.api.list(
      "/v1/orphans", Query().add("rule", options.rule).add("siret", options.siret), options.limit);
  if (!items) return session.out.failed(items.error());
  session.out.items(*items, {{"id", "id"},
                             {"reçu", "received_at"},
                             {"sorte", "kind"},
                             {"raison", "match_rule"},
                             {"destination", "destination"},
                             {"IdColl", "id_coll"},
                             {"NomFic", "nom_fic"},
                             {"nom", "remote_name"}});
  return Exit::ok;
}

Exit orphans_fetch(Session& session, const std::string& id, const std::filesystem::path& output) {
  return fetch_item(session, "/v1/orphans/" + percent_encode(id), output);
}

}  // namespace demat::ctl
