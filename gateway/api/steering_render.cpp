#include "gateway/api/steering_render.hpp"

#include <algorithm>

namespace demat::api {
namespace {

namespace json = boost::json;

json::object pause_json(const store::Pause& pause) {
  json::object out{{"destination", pause.destination.str()},
                   {"kind", to_string(pause.kind)},
                   {"actor", pause.actor},
                   {"reason", pause.reason},
                   {"since", to_iso8601(pause.since)}};
  if (pause.until) out["until"] = to_iso8601(*pause.until);
  return out;
}

json::object window_json(const steering::DestinationView& view) {
  json::object out{{"defined", view.windows_defined}, {"open", view.window.open}};
  if (!view.window.name.empty()) out["name"] = view.window.name;
  if (view.window.next) out["changes_at"] = to_iso8601(*view.window.next);
  if (!view.bytes_left) return out;
  out["bytes_per_hour"] = view.window.budget;
  out["bytes_left"] = *view.bytes_left;
  out["hour_ends_at"] = to_iso8601(view.window.slot_end);
  return out;
}

void add_view(json::object& out, const steering::DestinationView& view) {
  json::array pauses;
  for (const auto& pause : view.pauses)
    pauses.push_back(pause_json(pause));
  out["pauses"] = std::move(pauses);
  json::object breaker{{"state", steering::to_string(view.breaker)}};
  if (view.breaker_until) breaker["until"] = to_iso8601(*view.breaker_until);
  out["breaker"] = std::move(breaker);
  out["window"] = window_json(view);
  if (view.obstacle) out["obstacle"] = obstacle_json(*view.obstacle);
}

/// Nothing of this destination is under way, and nothing is left that its drain lets through.
bool drained(const steering::DestinationView& view, const store::Backlog& backlog) {
  const bool stopped = std::any_of(view.pauses.begin(), view.pauses.end(),
                                   [](const auto& one) { return one.kind != store::PauseKind::draining; });
  return !view.pauses.empty() && backlog.sending == 0 && (stopped || backlog.ready_before == 0);
}

Status add_queue(const Context& context, json::object& out, const steering::DestinationView& view) {
  Instant since = context.services.clock.now();
  for (const auto& pause : view.pauses)
    since = std::min(since, pause.since);
  const auto backlog = context.services.store.steering().backlog(DestinationName{view.name}, since);
  if (!backlog) return failure(backlog.error());
  out["ready"] = backlog->ready;
  out["sending"] = backlog->sending;
  out["drained"] = drained(view, *backlog);
  return {};
}

}  // namespace

Result<json::array> destinations_json(const Context& context) {
  std::vector<steering::DestinationView> views;
  if (const auto gate = context.services.gate()) {
    auto seen = gate->views();
    if (!seen) return failure(std::move(seen.error()));
    views = std::move(*seen);
  }
  json::array out;
  for (const auto& destination : context.services.destinations()) {
    json::object item{
        {"name", destination.name}, {"mode", destination.mode}, {"environment", destination.environment}};
    const auto view = std::find_if(views.begin(), views.end(),
                                   [&](const auto& one) { return one.name == destination.name; });
    if (view != views.end()) {
      add_view(item, *view);
      if (auto status = add_queue(context, item, *view); !status) return failure(std::move(status.error()));
    }
    out.push_back(std::move(item));
  }
  return out;
}

json::object obstacle_json(const steering::Obstacle& obstacle) {
  json::object out{{"code", obstacle.code}};
  if (obstacle.until) out["until"] = to_iso8601(*obstacle.until);
  return out;
}

json::object group_json(const store::ErrorGroup& group) {
  return {{"state", flow::to_string(group.state)},  {"code", group.code},
          {"destination", group.destination.str()}, {"count", group.count},
          {"oldest", to_iso8601(group.oldest)},     {"sample", group.sample.str()}};
}

json::object overdue_json(const store::OverdueCount& kind) {
  json::object out{{"kind", kind.kind}, {"count", kind.count}};
  if (kind.oldest) out["oldest"] = to_iso8601(*kind.oldest);
  if (!kind.sample.empty()) out["sample"] = kind.sample.str();
  return out;
}

}  // namespace demat::api
