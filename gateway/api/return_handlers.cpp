#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/page_reply.hpp"

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

}  // namespace

http::Response list_returns(const Context& context) {
  store::ReturnFilter filter;
  auto authority = listed_authority(context);
  if (!authority) return problem(authority.error(), context.request);
  filter.authority = std::move(*authority);
  for (const auto& text : context.request.parameters("state")) {
    const auto state = flow::return_state_from(text);
    if (!state) return problem(bad_parameter("state"), context.request);
    filter.states.push_back(*state);
  }
  filter.kind = context.request.parameter("kind");
  const auto read = bool_parameter(context.request, "read");
  if (!read) return problem(read.error(), context.request);
  filter.read = *read;
  // Acquits are unread too, until somebody marks them: who asks for a kind or for unread ones means them as
  // well.
  const bool acquits_too = filter.kind || filter.read;
  if (filter.states.empty()) filter.states = {flow::ReturnState::available};
  if (acquits_too && context.request.parameters("state").empty())
    filter.states.push_back(flow::ReturnState::matched);
  return returns_reply(context, filter);
}

http::Response list_orphans(const Context& context) {
  store::ReturnFilter filter;
  filter.states = {flow::ReturnState::orphan};
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
  return bytes_reply(std::move(*payload), context.inbound.sha256, "application/xml",
                     context.inbound.remote_name);
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

}  // namespace demat::api
