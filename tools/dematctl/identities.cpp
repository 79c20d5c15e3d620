#include <algorithm>
#include <boost/json/array.hpp>

#include "tools/dematctl/certificate.hpp"
#include "tools/dematctl/commands.hpp"
#include "tools/dematctl/grants.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;

Answer<json::array> grants_of(const IdentityOptions& options) {
  auto grants = grants_from(options.grants);
  if (grants && options.platform_operator) grants->push_back(json::object{{"role", "platform_operator"}});
  return grants;
}

std::string grants_text(const json::object& identity) {
  std::string all;
  for (const auto& grant : objects_of(identity, "grants")) {
    const std::string authority = text_of(grant, "authority");
    all += (all.empty() ? "" : " ") + (authority.empty() ? "" : authority + ":") + text_of(grant, "role");
  }
  return all;
}

Exit put_identity(Session& session, const std::string& sha256, const json::object& body) {
  const auto reply = session.api.put("/v1/identities/" + sha256, body);
  if (!reply) return session.out.failed(reply.error());
  session.out.object(reply->body);
  session.out.line(sha256.substr(0, 16) + "…  " + printable(text_of(reply->body, "name")) + "  " +
                   grants_text(reply->body) + (flag_of(reply->body, "active", true) ? "" : "  (inactive)"));
  return Exit::ok;
}

Answer<json::object> find_identity(Session& session, const std::string& sha256) {
  const auto answer = session.api.get("/v1/identities");
  if (!answer) return fail(answer.error());
  for (const auto& item : objects_of(*answer, "items")) {
    if (text_of(item, "sha256") == sha256) {
      const json::value* grants = item.if_contains("grants");
      return json::object{{"name", text_of(item, "name")},
                          {"active", flag_of(item, "active", true)},
                          {"grants", grants == nullptr ? json::value(json::array()) : *grants}};
    }
  }
  return fail({Exit::not_found,
               permanent_error("ctl.identity_unknown", "Ce certificat n'est pas enregistré.",
                               "This certificate is not registered."),
               {}});
}

}  // namespace

Exit identity_list(Session& session) {
  const auto answer = session.api.get("/v1/identities");
  if (!answer) return session.out.failed(answer.error());
  Table table({"SHA-256", "nom", "active", "droits"});
  for (const auto& item : objects_of(*answer, "items")) {
    session.out.object(item);
    table.add({text_of(item, "sha256"), text_of(item, "name"), text_of(item, "active"), grants_text(item)});
  }
  session.out.table(table);
  return Exit::ok;
}

Exit identity_add(Session& session, const IdentityOptions& options) {
  const auto sha256 = fingerprint(options.who);
  if (!sha256) return session.out.failed(sha256.error());
  const auto grants = grants_of(options);
  if (!grants) return session.out.failed(grants.error());
  const auto known = find_identity(session, *sha256);
  if (known) {
    return session.out.failed(
        {Exit::conflict,
         permanent_error("ctl.identity_exists",
                         "Ce certificat est déjà enregistré ; utilisez « identity grant ».",
                         "This certificate is registered already; use \"identity grant\"."),
         {}});
  }
  if (known.error().exit != Exit::not_found) return session.out.failed(known.error());
  return put_identity(session, *sha256, {{"name", options.name}, {"active", true}, {"grants", *grants}});
}

Exit identity_grant(Session& session, const IdentityOptions& options) {
  const auto sha256 = fingerprint(options.who);
  if (!sha256) return session.out.failed(sha256.error());
  const auto grants = grants_of(options);
  if (!grants) return session.out.failed(grants.error());
  auto identity = find_identity(session, *sha256);
  if (!identity) return session.out.failed(identity.error());
  json::array all = (*identity)["grants"].is_array() ? (*identity)["grants"].get_array() : json::array();
  for (const json::value& grant : *grants) {
    if (std::find(all.begin(), all.end(), grant) == all.end()) all.push_back(grant);
  }
  (*identity)["grants"] = std::move(all);
  return put_identity(session, *sha256, *identity);
}

Exit identity_disable(Session& session, const std::string& who, bool active) {
  const auto sha256 = fingerprint(who);
  if (!sha256) return session.out.failed(sha256.error());
  auto identity = find_identity(session, *sha256);
  if (!identity) return session.out.failed(identity.error());
  (*identity)["active"] = active;
  return put_identity(session, *sha256, *identity);
}

}  // namespace demat::ctl
