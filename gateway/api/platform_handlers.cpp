#include <algorithm>
#include <cctype>

#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/render.hpp"
#include "protocols/base/identifiers.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;

json::object authority_json(const flow::Authority& authority, const std::vector<flow::Route>& routes) {
  json::array sirets;
  for (const auto& siret : authority.sirets)
    sirets.emplace_back(siret.str());
  json::array own;
  for (const auto& route : routes) {
    if (route.authority == authority.siren) own.push_back(to_json(route));
  }
  return {{"siren", authority.siren.str()},
          {"name", authority.name},
          {"sirets", std::move(sirets)},
          {"active", authority.active},
          {"routes", std::move(own)}};
}

Result<std::vector<Siret>> sirets_member(const json::object& body, const AuthorityId& siren) {
  std::vector<Siret> out;
  const auto* value = body.if_contains("sirets");
  if (value == nullptr) return out;
  if (!value->is_array()) return failure(bad_field("sirets"));
  for (const auto& one : value->get_array()) {
    if (!one.is_string()) return failure(bad_field("sirets"));
    Siret siret{std::string_view(one.get_string())};
    if (!is_siret(siret.str()) || siren_of(siret).str() != siren.str()) return failure(bad_field("sirets"));
    out.push_back(std::move(siret));
  }
  return out;
}

Result<flow::Authority> authority_from(const Context& context) {
  flow::Authority out;
  out.siren = AuthorityId{context.request.capture("siren")};
  if (!is_siren(out.siren.str())) return failure(bad_field("siren"));
  const auto body = json_body(context, {"name", "sirets", "active"});
  if (!body) return failure(body.error());
  auto name = text_member(*body, "name");
  if (!name || name->empty()) return failure(bad_field("name"));
  out.name = std::move(*name);
  auto sirets = sirets_member(*body, out.siren);
  if (!sirets) return failure(std::move(sirets.error()));
  out.sirets = std::move(*sirets);
  const auto active = bool_member(*body, "active", true);
  if (!active) return failure(active.error());
  out.active = *active;
  return out;
}

Result<flow::Grant> grant_from(const json::value& value) {
  if (!value.is_object()) return failure(bad_field("grants"));
  const auto& object = value.get_object();
  const auto role_text = text_member(object, "role");
  if (!role_text) return failure(bad_field("grants"));
  const auto role = flow::role_from(*role_text);
  const auto authority = text_member(object, "authority", "");
  if (!role || !authority) return failure(bad_field("grants"));
  const bool platform = *role == flow::Role::platform_operator;
  if (platform != authority->empty() || (!platform && !is_siren(*authority)))
    return failure(bad_field("grants"));
  return flow::Grant{AuthorityId{*authority}, *role};
}

bool is_fingerprint(std::string_view text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isdigit(c) != 0 || (c >= 'a' && c <= 'f');
         });
}

Result<flow::Identity> identity_from(const Context& context) {
  flow::Identity out;
  out.id = IdentityId{context.request.capture("sha256")};
  if (!is_fingerprint(out.id.str())) return failure(bad_field("sha256"));
  const auto body = json_body(context, {"name", "grants", "active"});
  if (!body) return failure(body.error());
  auto name = text_member(*body, "name");
  if (!name || name->empty()) return failure(bad_field("name"));
  out.name = std::move(*name);
  const auto active = bool_member(*body, "active", true);
  if (!active) return failure(active.error());
  out.active = *active;
  const auto* grants = body->if_contains("grants");
  if (grants == nullptr || !grants->is_array()) return failure(bad_field("grants"));
  for (const auto& value : grants->get_array()) {
    auto grant = grant_from(value);
    if (!grant) return failure(std::move(grant.error()));
    out.grants.insert(std::move(*grant));
  }
  return out;
}

/// Nobody locks the platform by taking his own rights away.
Status keep_own_rights(const Context& context, const flow::Identity& changed) {
  const bool own = changed.id == context.identity.id;
  if (!own || flow::may(changed, flow::Action::administer, AuthorityId{})) return {};
  return failure(permanent_error(
      "identity.own_rights",
      "Vous ne pouvez pas retirer vos propres droits d'exploitant : un autre exploitant doit le faire.",
      "You cannot take your own rights of operator away: another operator has to."));
}

std::optional<DestinationInfo> find_destination(const Context& context, const std::string& name) {
  for (auto& destination : context.services.destinations()) {
    if (destination.name == name) return destination;
  }
  return std::nullopt;
}

Error signer_has_no_use() {
  return permanent_error("route.signer_protocol",
                         "Cette clé de signature n'est pas prévue pour ce protocole (flows).",
                         "This signing key is not meant for this protocol (flows).");
}

Error signer_of_another() {
  return permanent_error("route.signer_authority",
                         "Cette clé de signature n'est pas prévue pour cette collectivité (authorities).",
                         "This signing key is not meant for this authority (authorities).");
}

Result<flow::Route> route_from(const Context& context) {
  flow::Route out;
  out.authority = AuthorityId{context.request.capture("siren")};
  out.protocol = context.request.capture("protocol");
  if (out.protocol != "pes" && out.protocol != flow::actes_protocol)
    return failure(unknown("Ce protocole n'existe pas ici.", "There is no such protocol here."));
  const auto body = json_body(context, {"destination", "p_dest", "signer"});
  if (!body) return failure(body.error());
  const auto destination = text_member(*body, "destination");
  if (!destination || !find_destination(context, *destination)) return failure(bad_field("destination"));
  out.destination = DestinationName{*destination};
  const auto p_dest = text_member(*body, "p_dest", "");
  const bool clean = p_dest && std::none_of(p_dest->begin(), p_dest->end(), [](unsigned char c) {
                       return c < 0x20 || c == 0x7f || c == ';';
                     });
  if (!clean) return failure(bad_field("p_dest"));
  out.p_dest = *p_dest;
  const auto signer = text_member(*body, "signer", "");
  if (!signer || (!signer->empty() && !context.services.has_signer(*signer)))
    return failure(bad_field("signer"));
  if (!signer->empty() && !context.services.signer_takes(*signer, out.protocol))
    return failure(signer_has_no_use());
  if (!signer->empty() && !context.services.signer_serves(*signer, out.authority))
    return failure(signer_of_another());
  out.signer = *signer;
  return out;
}

http::Response authority_reply(const Context& context, const flow::Authority& authority) {
  const auto routes = context.services.store.routes();
  if (!routes) return problem(routes.error(), context.request);
  return json_reply(200, authority_json(authority, *routes));
}

}  // namespace

http::Response list_authorities(const Context& context) {
  const auto authorities = context.services.store.authorities();
  if (!authorities) return problem(authorities.error(), context.request);
  const auto routes = context.services.store.routes();
  if (!routes) return problem(routes.error(), context.request);
  json::array items;
  for (const auto& authority : *authorities)
    items.push_back(authority_json(authority, *routes));
  json::object out;
  out["items"] = std::move(items);
  return json_reply(200, out);
}

http::Response get_authority(const Context& context) {
  const auto found = context.services.store.find_authority(AuthorityId{context.request.capture("siren")});
  if (!found) return problem(found.error(), context.request);
  if (!*found) return problem(unknown_authority(), context.request);
  return authority_reply(context, **found);
}

http::Response put_authority(const Context& context) {
  const auto authority = authority_from(context);
  if (!authority) return problem(authority.error(), context.request);
  const auto done = context.services.store.put_authority(*authority, context.identity.name);
  if (!done) return problem(done.error(), context.request);
  return authority_reply(context, *authority);
}

http::Response put_route(const Context& context) {
  const auto route = route_from(context);
  if (!route) return problem(route.error(), context.request);
  const auto authority = context.services.store.find_authority(route->authority);
  if (!authority) return problem(authority.error(), context.request);
  if (!*authority) return problem(unknown_authority(), context.request);
  const auto done = context.services.store.put_route(*route, context.identity.name);
  if (!done) return problem(done.error(), context.request);
  return json_reply(200, to_json(*route));
}

http::Response list_identities(const Context& context) {
  const auto identities = context.services.store.identities();
  if (!identities) return problem(identities.error(), context.request);
  return json_reply(200, items_json(*identities));
}

http::Response put_identity(const Context& context) {
  const auto identity = identity_from(context);
  if (!identity) return problem(identity.error(), context.request);
  if (auto status = keep_own_rights(context, *identity); !status)
    return problem(status.error(), context.request);
  for (const auto& grant : identity->grants) {
    if (grant.authority.empty()) continue;
    const auto authority = context.services.store.find_authority(grant.authority);
    if (!authority) return problem(authority.error(), context.request);
    if (!*authority) return problem(bad_field("grants"), context.request);
  }
  const auto done = context.services.store.put_identity(*identity, context.identity.name);
  if (!done) return problem(done.error(), context.request);
  return json_reply(200, to_json(*identity));
}

http::Response probe_destination(const Context& context) {
  const auto& name = context.request.capture("name");
  if (!find_destination(context, name))
    return problem(unknown("Aucune destination ne porte ce nom.", "No destination has this name."),
                   context.request);
  const auto verdict = context.services.probe(name);
  json::object out{
      {"destination", name}, {"ok", verdict.status.has_value()}, {"transcript", verdict.transcript}};
  if (!verdict.status) {
    out["code"] = verdict.status.error().code;
    out["fr"] = verdict.status.error().fr;
    out["en"] = verdict.status.error().en;
  }
  return json_reply(200, out);
}

}  // namespace demat::api
