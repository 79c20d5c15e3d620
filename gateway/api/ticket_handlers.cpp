#include <array>

#include "gateway/api/bearer.hpp"
#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/render.hpp"
#include "protocols/base/identifiers.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;

constexpr std::int64_t longest_days = 400;

json::object to_json(const store::Token& token) {
  json::array grants;
  for (const auto& grant : token.grants) {
    json::object one{{"role", to_string(grant.role)}};
    if (!grant.authority.empty()) one["authority"] = grant.authority.str();
    grants.push_back(std::move(one));
  }
  json::object out{{"id", token.id.str()},
                   {"identity", token.identity.str()},
                   {"name", token.name},
                   {"grants", std::move(grants)},
                   {"created_at", to_iso8601(token.created_at)},
                   {"expires_at", to_iso8601(token.expires_at)}};
  if (token.revoked_at) out["revoked_at"] = to_iso8601(*token.revoked_at);
  return out;
}

Error too_wide() {
  return permanent_error("token.too_wide",
                         "Un jeton ne peut donner que des droits que votre certificat possède lui-même.",
                         "A token can only give rights that your certificate holds itself.");
}

/// A narrowed caller would widen itself, in time if not in rights.
Error with_token() {
  return permanent_error("token.with_token", "Les jetons se gèrent avec le certificat seul, sans jeton.",
                         "Tokens are managed with the certificate alone, without a token.");
}

Result<flow::Grant> grant_of(const json::value& value) {
  if (!value.is_object()) return failure(bad_field("grants"));
  const auto role = text_member(value.get_object(), "role");
  if (!role) return failure(bad_field("grants"));
  const auto authority = text_member(value.get_object(), "authority", "");
  const auto known = flow::role_from(*role);
  if (!authority || !known) return failure(bad_field("grants"));
  return flow::Grant{AuthorityId{*authority}, *known};
}

Result<std::set<flow::Grant>> grants_of(const json::object& body, const flow::Identity& identity) {
  const auto* list = body.if_contains("grants");
  if (list == nullptr || !list->is_array() || list->get_array().empty()) return failure(bad_field("grants"));
  std::set<flow::Grant> out;
  for (const auto& one : list->get_array()) {
    auto grant = grant_of(one);
    if (!grant) return failure(std::move(grant.error()));
    if (!identity.grants.contains(*grant)) return failure(too_wide());
    out.insert(std::move(*grant));
  }
  return out;
}

Result<std::int64_t> days_of(const json::object& body) {
  const auto* days = body.if_contains("days");
  if (days == nullptr || !days->is_int64()) return failure(bad_field("days"));
  if (days->get_int64() < 1 || days->get_int64() > longest_days) return failure(bad_field("days"));
  return days->get_int64();
}

Result<store::Token> wanted_token(const Context& context) {
  const auto body = json_body(context, {"name", "grants", "days"});
  if (!body) return failure(body.error());
  const auto name = text_member(*body, "name");
  if (!name) return failure(name.error());
  if (name->empty() || name->size() > 100) return failure(bad_field("name"));
  auto grants = grants_of(*body, context.identity);
  if (!grants) return failure(std::move(grants.error()));
  const auto days = days_of(*body);
  if (!days) return failure(days.error());
  store::Token token;
  token.identity = context.identity.id;
  token.name = *name;
  token.grants = std::move(*grants);
  token.created_at = context.services.clock.now();
  token.expires_at = token.created_at + std::chrono::days(*days);
  return token;
}

http::Response create_token(const Context& context) {
  if (has_bearer(context.request)) return problem(with_token(), context.request);
  auto token = wanted_token(context);
  if (!token) return problem(token.error(), context.request);
  const auto secret = make_bearer();
  token->id = secret.id;
  const auto kept =
      context.services.store.tickets().put_token({*token, secret.digest}, context.identity.name);
  if (!kept) return problem(kept.error(), context.request);
  context.services.logger.info("api.token_created", {{"token", token->id.str()},
                                                     {"identity", context.identity.id.str()},
                                                     {"request_id", context.request.request_id}});
  auto out = to_json(*token);
  out["token"] = secret.text;
  auto reply = json_reply(201, out);
  reply.with("Location", "/v1/tokens/" + token->id.str());
  return reply;
}

bool sees_all(const Context& context) {
  return flow::may(context.identity, flow::Action::administer, AuthorityId{});
}

http::Response list_tokens(const Context& context) {
  std::optional<IdentityId> whose;
  if (!sees_all(context)) whose = context.identity.id;
  const auto found = context.services.store.tickets().tokens(whose);
  if (!found) return problem(found.error(), context.request);
  json::array items;
  for (const auto& token : *found)
    items.push_back(to_json(token));
  return json_reply(200, {{"items", std::move(items)}});
}

http::Response revoke_token(const Context& context) {
  if (has_bearer(context.request)) return problem(with_token(), context.request);
  auto& tickets = context.services.store.tickets();
  const store::TokenId id{context.request.capture("id")};
  const auto found = tickets.find_token(id);
  if (!found) return problem(found.error(), context.request);
  if (!*found || !((*found)->token.identity == context.identity.id || sees_all(context)))
    return problem(
        unknown("Aucun de vos jetons ne porte cet identifiant.", "None of your tokens has this id."),
        context.request);
  if (auto done = tickets.revoke_token(id, context.identity.name); !done)
    return problem(done.error(), context.request);
  context.services.logger.info("api.token_revoked", {{"token", id.str()},
                                                     {"identity", context.identity.id.str()},
                                                     {"request_id", context.request.request_id}});
  return empty_reply();
}

constexpr std::array rows = {
    Row{"POST", "/v1/tokens", Needs::identity, flow::Action::read, create_token},
    Row{"GET", "/v1/tokens", Needs::identity, flow::Action::read, list_tokens},
    Row{"DELETE", "/v1/tokens/{id}", Needs::identity, flow::Action::read, revoke_token},
};

}  // namespace

std::span<const Row> ticket_rows() {
  return rows;
}

}  // namespace demat::api
