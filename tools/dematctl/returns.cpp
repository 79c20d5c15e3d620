#include "tools/dematctl/commands.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

/// Fetches a file of the State after asking what it is, so that its bytes can be checked.
Exit fetch_item(Session& session, const std::string& path, const std::filesystem::path& output) {
  const auto item = session.api.get(path);
  if (!item) return session.out.failed(item.error());
  return fetch_bytes(session, path + "/payload", output, text_of(*item, "sha256"));
}

}  // namespace

Exit returns_list(Session& session, const std::string& kind, bool unread, std::size_t limit) {
  const auto items =
      session.api.list("/v1/returns", Query().add("kind", kind).add("read", unread ? "false" : ""), limit);
  if (!items) return session.out.failed(items.error());
  session.out.items(*items, {{"id", "id"},
                             {"reçu", "received_at"},
                             {"sorte", "kind"},
                             {"lu", "read"},
                             {"collectivité", "authority"},
                             {"taille", "size"},
                             {"NomFic", "nom_fic"},
                             {"nom", "remote_name"}});
  return Exit::ok;
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

Exit orphans_list(Session& session, std::size_t limit) {
  const auto items = session.api.list("/v1/orphans", Query(), limit);
  if (!items) return session.out.failed(items.error());
  session.out.items(*items, {{"id", "id"},
                             {"reçu", "received_at"},
                             {"sorte", "kind"},
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
