#include <algorithm>
#include <array>

#include "gateway/actes/deadlines.hpp"
#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/steering_render.hpp"
#include "gateway/pipeline/verbs.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;
using store::PauseKind;

/// R24: a pause has an end. Longer ones are asked for again.
constexpr std::chrono::days longest_pause{31};

Error unknown_destination() {
  return unknown("Aucune destination ne porte ce nom.", "No destination has this name.");
}

/// The name in the path: a destination of the configuration, or "*" for all.
Result<DestinationName> named_destination(const Context& context) {
  const auto& name = context.request.capture("name");
  const auto all = context.services.destinations();
  const bool known = name == store::all_destinations ||
                     std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
  if (!known) return failure(unknown_destination());
  return DestinationName{name};
}

Result<std::string> reason_of(const json::object& body) {
  auto reason = text_member(body, "reason", "");
  if (reason && reason->empty()) return failure(pipeline::reason_missing());
  return reason;
}

Result<store::Pause> wanted_pause(const Context& context, PauseKind kind) {
  store::Pause out;
  auto name = named_destination(context);
  if (!name) return failure(std::move(name.error()));
  const auto body = json_body(context, {"reason", "until"});
  if (!body) return failure(body.error());
  auto reason = reason_of(*body);
  if (!reason) return failure(std::move(reason.error()));
  const auto until = text_member(*body, "until");
  if (!until) return failure(until.error());
  const auto end = from_iso8601(*until);
  out.since = context.services.clock.now();
  if (!end || *end <= out.since || *end > out.since + longest_pause) return failure(bad_field("until"));
  out.destination = std::move(*name);
  out.kind = kind;
  out.actor = context.identity.name;
  out.reason = std::move(*reason);
  out.until = *end;
  return out;
}

/// The destination as it is now, or all of them.
http::Response steered(const Context& context, const DestinationName& name) {
  const auto items = destinations_json(context);
  if (!items) return problem(items.error(), context.request);
  json::array out;
  for (const auto& item : *items) {
    const auto& object = item.as_object();
    if (name.str() == store::all_destinations || object.at("name").as_string() == name.str())
      out.push_back(object);
  }
  return json_reply(200, {{"items", std::move(out)}});
}

void tell(const Context& context, std::string_view code, const DestinationName& name) {
  if (const auto gate = context.services.gate()) {
    if (auto status = gate->refresh(); !status)
      context.services.logger.warning("steering.failed", {{"because", status.error().code}});
  }
  context.services.logger.info(code, {{"destination", name.str()},
                                      {"identity", context.identity.id.str()},
                                      {"request_id", context.request.request_id}});
}

http::Response pause_as(const Context& context, PauseKind kind) {
  const auto pause = wanted_pause(context, kind);
  if (!pause) return problem(pause.error(), context.request);
  if (auto done = context.services.store.steering().pause(*pause); !done)
    return problem(done.error(), context.request);
  tell(context, "sending.paused", pause->destination);
  return steered(context, pause->destination);
}

http::Response pause_destination(const Context& context) {
  return pause_as(context, PauseKind::paused);
}

http::Response drain_destination(const Context& context) {
  return pause_as(context, PauseKind::draining);
}

/// Ends the pause, and the rest of the breaker: a person says that the destination is well.
http::Response resume_destination(const Context& context) {
  const auto name = named_destination(context);
  if (!name) return problem(name.error(), context.request);
  const auto body = json_body(context, {"reason"});
  if (!body) return problem(body.error(), context.request);
  const auto reason = reason_of(*body);
  if (!reason) return problem(reason.error(), context.request);
  const auto done = context.services.store.steering().resume(*name, context.identity.name, *reason);
  if (!done) return problem(done.error(), context.request);
  if (const auto gate = context.services.gate()) {
    for (const auto& destination : context.services.destinations())
      if (name->str() == store::all_destinations || destination.name == name->str())
        gate->close_breaker(destination.name);
  }
  tell(context, "sending.resumed", *name);
  return steered(context, *name);
}

http::Response list_destinations(const Context& context) {
  return steered(context, DestinationName{std::string(store::all_destinations)});
}

http::Response prioritise_flow(const Context& context) {
  const auto body = json_body(context, {"reason", "priority"});
  if (!body) return problem(body.error(), context.request);
  const auto reason = text_member(*body, "reason", "");
  if (!reason) return problem(reason.error(), context.request);
  const auto word = text_member(*body, "priority");
  if (!word) return problem(word.error(), context.request);
  const auto priority = flow::priority_from(*word);
  if (!priority) return problem(bad_field("priority"), context.request);
  return verb_reply(context, context.services.verbs.prioritise(context.flow.id,
                                                               {context.identity.name, *reason}, *priority));
}

http::Response list_error_groups(const Context& context) {
  const auto authority = listed_authority(context);
  if (!authority) return problem(authority.error(), context.request);
  const auto groups = context.services.store.steering().error_groups(*authority);
  if (!groups) return problem(groups.error(), context.request);
  json::array items;
  for (const auto& group : *groups)
    items.push_back(group_json(group));
  return json_reply(200, {{"items", std::move(items)}});
}

http::Response list_overdue(const Context& context) {
  const auto deadlines = context.services.deadlines();
  const auto now = context.services.clock.now();
  auto& store = context.services.store;
  const auto kinds = store.steering().overdue(steering::overdue_limits(deadlines, now));
  if (!kinds) return problem(kinds.error(), context.request);
  const auto of_actes = store.actes().overdue(actes_road::acte_limits(deadlines, now));
  if (!of_actes) return problem(of_actes.error(), context.request);
  json::array items;
  for (const auto* some : {&*kinds, &*of_actes})
    for (const auto& kind : *some)
      items.push_back(overdue_json(kind));
  return json_reply(200, {{"items", std::move(items)}});
}

using flow::Action;

constexpr std::array rows = {
    Row{"POST", "/v1/flows/{id}/priority", Needs::flow, Action::operate, prioritise_flow},
    Row{"GET", "/v1/error-groups", Needs::identity, Action::read, list_error_groups},
    Row{"GET", "/v1/overdue", Needs::platform, Action::administer, list_overdue},
    Row{"GET", "/v1/destinations", Needs::platform, Action::administer, list_destinations},
    Row{"POST", "/v1/destinations/{name}/pause", Needs::platform, Action::administer, pause_destination},
    Row{"POST", "/v1/destinations/{name}/drain", Needs::platform, Action::administer, drain_destination},
    Row{"POST", "/v1/destinations/{name}/resume", Needs::platform, Action::administer, resume_destination},
};

}  // namespace

std::span<const Row> steering_rows() {
  return rows;
}

}  // namespace demat::api
