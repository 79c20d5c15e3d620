#include <algorithm>
#include <boost/json/array.hpp>

#include "protocols/base/identifiers.hpp"
#include "tools/dematctl/commands.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;

/// Numbers are checked here already: a wrong key would otherwise be told after the round trip only.
Answer<void> check_numbers(const std::string& siren, const std::vector<std::string>& sirets) {
  if (!is_siren(siren)) {
    return usage_failure("ctl.siren", "« " + siren + " » n'est pas un SIREN.",
                         "\"" + siren + "\" is not a SIREN.");
  }
  for (const std::string& siret : sirets) {
    if (!is_siret(siret)) {
      return usage_failure("ctl.siret", "« " + siret + " » n'est pas un SIRET.",
                           "\"" + siret + "\" is not a SIRET.");
    }
  }
  return {};
}

std::string routes_text(const json::object& authority) {
  std::vector<std::string> routes;
  for (const auto& route : objects_of(authority, "routes")) {
    const std::string signer = text_of(route, "signer");
    routes.push_back(text_of(route, "protocol") + "→" + text_of(route, "destination") +
                     (signer.empty() ? "" : "(signe/signs:" + signer + ")"));
  }
  return joined(routes);
}

Exit put_authority(Session& session, const std::string& siren, const json::object& body) {
  const auto reply = session.api.put("/v1/authorities/" + siren, body);
  if (!reply) return session.out.failed(reply.error());
  session.out.object(reply->body);
  session.out.line(text_of(reply->body, "siren") + "  " + printable(text_of(reply->body, "name")) + "  " +
                   joined(texts_of(reply->body, "sirets")) +
                   (flag_of(reply->body, "active", true) ? "" : "  (inactive)"));
  return Exit::ok;
}

json::object input_of(const json::object& authority) {
  return {{"name", text_of(authority, "name")},
          {"sirets", as_array(texts_of(authority, "sirets"))},
          {"active", flag_of(authority, "active", true)}};
}

void add_sirets(json::object& body, const std::vector<std::string>& sirets) {
  std::vector<std::string> all = texts_of(body, "sirets");
  for (const std::string& siret : sirets) {
    if (std::find(all.begin(), all.end(), siret) == all.end()) all.push_back(siret);
  }
  body["sirets"] = as_array(all);
}

}  // namespace

Exit authority_list(Session& session) {
  const auto answer = session.api.get("/v1/authorities");
  if (!answer) return session.out.failed(answer.error());
  Table table({"SIREN", "nom", "active", "SIRET", "routes"});
  for (const auto& item : objects_of(*answer, "items")) {
    session.out.object(item);
    table.add({text_of(item, "siren"), text_of(item, "name"), text_of(item, "active"),
               joined(texts_of(item, "sirets")), routes_text(item)});
  }
  session.out.table(table);
  return Exit::ok;
}

Exit authority_add(Session& session, const AuthorityOptions& options) {
  if (const auto right = check_numbers(options.siren, options.sirets); !right)
    return session.out.failed(right.error());
  const auto known = session.api.get("/v1/authorities/" + options.siren);
  if (known) {
    return session.out.failed({Exit::conflict,
                               permanent_error("ctl.authority_exists",
                                               "Cette collectivité existe déjà ; utilisez « authority set ».",
                                               "This authority exists already; use \"authority set\"."),
                               {}});
  }
  if (known.error().exit != Exit::not_found) return session.out.failed(known.error());
  return put_authority(
      session, options.siren,
      {{"name", options.name}, {"sirets", as_array(options.sirets)}, {"active", options.active != 0}});
}

Exit authority_set(Session& session, const AuthorityOptions& options) {
  if (const auto right = check_numbers(options.siren, options.sirets); !right)
    return session.out.failed(right.error());
  const auto known = session.api.get("/v1/authorities/" + options.siren);
  if (!known) return session.out.failed(known.error());
  json::object body = input_of(*known);
  if (!options.name.empty()) body["name"] = options.name;
  if (!options.sirets.empty()) body["sirets"] = as_array(options.sirets);
  if (options.active >= 0) body["active"] = options.active != 0;
  return put_authority(session, options.siren, body);
}

Exit siret_add(Session& session, const std::string& siren, const std::vector<std::string>& sirets) {
  if (const auto right = check_numbers(siren, sirets); !right) return session.out.failed(right.error());
  const auto known = session.api.get("/v1/authorities/" + siren);
  if (!known) return session.out.failed(known.error());
  json::object body = input_of(*known);
  add_sirets(body, sirets);
  return put_authority(session, siren, body);
}

Exit route_set(Session& session, const RouteOptions& options) {
  json::object body{{"destination", options.destination}};
  if (!options.p_dest.empty()) body["p_dest"] = options.p_dest;
  if (!options.signer.empty()) body["signer"] = options.signer;
  const auto reply = session.api.put(
      "/v1/authorities/" + percent_encode(options.siren) + "/routes/" + percent_encode(options.protocol),
      body);
  if (!reply) return session.out.failed(reply.error());
  session.out.fields(reply->body, {{"collectivité / authority", "authority"},
                                   {"protocole / protocol", "protocol"},
                                   {"destination", "destination"},
                                   {"P_DEST", "p_dest"},
                                   {"signataire / signer", "signer"}});
  return Exit::ok;
}

}  // namespace demat::ctl
