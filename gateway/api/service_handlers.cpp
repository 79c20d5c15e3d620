#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/render.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;

/// Those of all, and of authorities that the caller may read: nobody learns of the others.
json::array schemas_json(const Context& context) {
  json::array out;
  for (const auto& schema : context.services.schemas()) {
    json::object one{{"protocol", schema.protocol}, {"version", schema.version}, {"title", schema.title}};
    json::array known;
    for (const auto& siren : schema.authorities)
      if (flow::may(context.identity, flow::Action::read, AuthorityId{siren})) known.emplace_back(siren);
    if (known.empty() && !schema.authorities.empty()) continue;
    if (!known.empty()) one["authorities"] = std::move(known);
    if (!schema.from.empty()) one["from"] = schema.from;
    if (!schema.until.empty()) one["until"] = schema.until;
    out.push_back(std::move(one));
  }
  return out;
}

http::Response text_reply(int status, std::string text, std::string_view type = "text/plain; charset=utf-8") {
  http::Response out;
  out.status = status;
  out.with("Content-Type", type);
  out.body = std::move(text);
  return out;
}

}  // namespace

http::Response list_schemas(const Context& context) {
  json::object out;
  out["items"] = schemas_json(context);
  return json_reply(200, out);
}

/// The journal is of the whole platform: how long it is tells an authority's auditor what others do.
http::Response verify_journal(const Context& context) {
  const auto check = context.services.store.verify_journal();
  if (!check) return problem(check.error(), context.request);
  json::object out{{"intact", check->intact}};
  if (flow::may(context.identity, flow::Action::audit, AuthorityId{})) {
    out["events"] = check->events;
    if (!check->intact) out["first_bad"] = check->first_bad;
  }
  return json_reply(200, out);
}

http::Response who_am_i(const Context& context) {
  auto out = to_json(context.identity);
  out["environment"] = context.services.environment;
  return json_reply(200, out);
}

/// Volumes of all authorities are for platform operators only.
http::Response get_status(const Context& context) {
  const auto& services = context.services;
  json::object out{{"environment", services.environment}, {"version", services.version}};
  out["schemas"] = schemas_json(context);
  if (flow::may(context.identity, flow::Action::operate, AuthorityId{})) {
    const auto counts = services.store.state_counts();
    if (!counts) return problem(counts.error(), context.request);
    json::array states;
    for (const auto& count : *counts) {
      json::object one{{"state", to_string(count.state)}, {"count", count.count}};
      if (count.oldest) one["oldest"] = to_iso8601(*count.oldest);
      states.push_back(std::move(one));
    }
    out["states"] = std::move(states);
  }
  return json_reply(200, out);
}

http::Response live(const Context&) {
  return text_reply(200, "ok\n");
}

/// Ready means: the store can be written. A peer that is down is no reason (peers §3, Health).
http::Response ready(const Context& context) {
  const auto writable = context.services.store.writable();
  if (writable) return text_reply(200, "ok\n");
  return text_reply(503, writable.error().code + "\n");
}

http::Response metrics(const Context& context) {
  return text_reply(200, context.services.metrics.expose(), "text/plain; version=0.0.4; charset=utf-8");
}

}  // namespace demat::api
