#include <charconv>

#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/page_reply.hpp"
#include "gateway/api/return_pieces.hpp"
#include "gateway/pipeline/return_acquits.hpp"
#include "protocols/actes/codes.hpp"

namespace demat::api {
namespace {

http::Response returns_reply(const Context& context, const store::ReturnFilter& filter) {
  const auto page = paging(context.request);
  if (!page) return problem(page.error(), context.request);
  return page_reply(context.request, context.services.store.list_returns(filter, page->cursor, page->limit),
                    [](const flow::Return& item) { return to_json(item); });
}

Result<std::optional<bool>> bool_parameter(const http::Request& request, const std::string& name) {
  const auto text = request.parameter(name);
  if (!text) return std::nullopt;
  if (*text == "true") return std::optional(true);
  if (*text == "false") return std::optional(false);
  return failure(bad_parameter(name));
}

/// A whole number that is not negative; `otherwise` when it is not given.
Result<std::size_t> count_parameter(const http::Request& request, const std::string& name,
                                    std::size_t otherwise) {
  const auto text = request.parameter(name);
  if (!text || text->empty()) return otherwise;
  std::size_t out = 0;
  const char* end = text->data() + text->size();
  const auto parsed = std::from_chars(text->data(), end, out);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return failure(bad_parameter(name));
  return out;
}

Status read_times(const http::Request& request, store::ReturnFilter& filter) {
  for (const auto& [name, into] :
       {std::pair<std::string, std::optional<Instant>*>{"from", &filter.from}, {"to", &filter.to}}) {
    const auto instant = instant_parameter(request, name);
    if (!instant) return failure(instant.error());
    *into = *instant;
  }
  return {};
}

/// Whether a return can be of this kind (flow::Return::kind).
bool is_kind(std::string_view text) {
  using enum pes::Kind;
  for (const auto kind : {aller, acquit_v1, acquit_v2, non_acquit, retour, acquit_retour, unknown})
    if (text == pes::to_string(kind)) return true;
  if (!text.starts_with("actes_")) return text == "ocre";
  const auto word = text.substr(std::string_view("actes_").size());
  return word == "ano" || word == "mail" || word == "notice" || actes::code_of_number(word).has_value();
}

/// What the returns themselves say.
Status read_content(const http::Request& request, store::ReturnFilter& filter) {
  filter.kind = request.parameter("kind");
  if (filter.kind && !is_kind(*filter.kind)) return failure(bad_parameter("kind"));
  filter.cod_col = request.parameter("cod_col");
  filter.cod_bud = request.parameter("cod_bud");
  filter.typ_restit = request.parameter("typ_restit");
  filter.domaine = request.parameter("domaine");
  filter.exercice = request.parameter("exercice");
  filter.bordereau = request.parameter("bordereau");
  filter.piece = request.parameter("piece");
  filter.etat = request.parameter("etat");
  if (auto siret = request.parameter("siret")) filter.siret = Siret{*siret};
  return {};
}

Result<std::vector<flow::ReturnState>> states_of(const http::Request& request) {
  std::vector<flow::ReturnState> out;
  for (const auto& text : request.parameters("state")) {
    const auto state = flow::return_state_from(text);
    if (!state) return failure(bad_parameter("state"));
    out.push_back(*state);
  }
  return out;
}

}  // namespace

http::Response list_returns(const Context& context) {
  store::ReturnFilter filter;
  auto authority = listed_authority(context);
  if (!authority) return problem(authority.error(), context.request);
  filter.authority = std::move(*authority);
  auto states = states_of(context.request);
  if (!states) return problem(states.error(), context.request);
  filter.states = std::move(*states);
  if (const auto content = read_content(context.request, filter); !content)
    return problem(content.error(), context.request);
  if (const auto times = read_times(context.request, filter); !times)
    return problem(times.error(), context.request);
  const auto read = bool_parameter(context.request, "read");
  if (!read) return problem(read.error(), context.request);
  filter.read = *read;
  // Acquits are unread too, until somebody marks them: who asks for a kind or for unread ones means them as
  // well.
  const bool acquits_too = filter.kind || filter.read;
  if (filter.states.empty()) {
    filter.states = {flow::ReturnState::available};
    if (acquits_too) filter.states.push_back(flow::ReturnState::matched);
  }
  return returns_reply(context, filter);
}

http::Response list_orphans(const Context& context) {
  store::ReturnFilter filter;
  filter.states = {flow::ReturnState::orphan};
  filter.match_rule = context.request.parameter("rule");
  if (auto siret = context.request.parameter("siret")) filter.siret = Siret{*siret};
  return returns_reply(context, filter);
}

http::Response get_return(const Context& context) {
  auto out = to_json(context.inbound);
  out["environment"] = context.services.environment;
  return json_reply(200, out);
}

http::Response get_return_payload(const Context& context) {
  auto payload = context.services.store.open_payload(context.inbound.sha256);
  if (!payload) return problem(payload.error(), context.request);
  const bool xml = context.inbound.kind != "ocre";
  return bytes_reply(std::move(*payload), context.inbound.sha256,
                     xml ? "application/xml" : "application/octet-stream", context.inbound.remote_name);
}

http::Response mark_return(const Context& context) {
  const auto body = json_body(context, {"read"});
  if (!body) return problem(body.error(), context.request);
  const auto read = bool_member(*body, "read");
  if (!read) return problem(read.error(), context.request);
  auto& store = context.services.store;
  auto marked = store.mark_return_read(context.inbound.id, *read, context.identity.name);
  if (!marked) return problem(marked.error(), context.request);
  auto item = context.inbound;
  item.read = *read;
  return json_reply(200, to_json(item));
}

http::Response list_pieces(const Context& context) {
  const auto& request = context.request;
  const auto page = paging(request);
  if (!page) return problem(page.error(), request);
  const auto first_ligne = count_parameter(request, "lignes_from", 0);
  if (!first_ligne) return problem(first_ligne.error(), request);
  auto payload = context.services.store.open_payload(context.inbound.sha256);
  if (!payload) return problem(payload.error(), request);
  auto pieces = read_pieces(**payload,
                            {.domaine = request.parameter("domaine"),
                             .exercice = request.parameter("exercice"),
                             .bordereau = request.parameter("bordereau"),
                             .piece = request.parameter("piece"),
                             .etat = request.parameter("etat"),
                             .ref_tiers = request.parameter("ref_tiers")},
                            page->cursor, page->limit, *first_ligne);
  if (!pieces) return problem(pieces.error(), request);
  boost::json::object out{{"items", std::move(pieces->items)}};
  if (!pieces->next.empty()) {
    out["next"] = pieces->next;
    out["next_url"] = next_url(request, pieces->next);
  }
  return json_reply(200, out);
}

http::Response make_acquit(const Context& context) {
  const auto body = json_body(context, {});
  if (!body) return problem(body.error(), context.request);
  auto made = context.services.acquits->make(
      context.inbound, {context.identity.name, context.identity.id, context.request.request_id});
  if (!made) return problem(made.error(), context.request);
  context.services.logger.info("api.acquit", {{"return", context.inbound.id.str()},
                                              {"flow", made->flow.id.str()},
                                              {"fresh", made->fresh},
                                              {"identity", context.identity.id.str()},
                                              {"request_id", context.request.request_id}});
  return located_reply(made->fresh ? 201 : 200, made->flow);
}

}  // namespace demat::api
