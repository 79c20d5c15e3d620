#include <array>

#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/render.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;

double seconds_between(Instant from, Instant to) {
  return std::chrono::duration<double>(to - from).count();
}

json::object to_json(const HealthPart& part, Instant now) {
  json::object out{{"name", part.name}, {"state", part.state}};
  if (!part.code.empty()) out["code"] = part.code;
  if (!part.detail.empty()) out["detail"] = part.detail;
  if (part.last_success) {
    out["last_success"] = to_iso8601(*part.last_success);
    out["age_seconds"] = seconds_between(*part.last_success, now);
  }
  return out;
}

json::object verbose_json(const Services& services, const Health& health) {
  json::object out{{"status", health.state},
                   {"environment", services.environment},
                   {"version", services.version},
                   {"started_at", to_iso8601(health.started_at)},
                   {"alarms", health.alarms}};
  out["config"] = json::object{{"generation", health.generation},
                               {"loaded_at", to_iso8601(health.config_loaded_at)},
                               {"sha256", health.config_sha256},
                               {"changed_since", health.config_changed}};
  json::array parts;
  for (const auto& part : health.parts)
    parts.push_back(to_json(part, health.now));
  out["parts"] = std::move(parts);
  return out;
}

int status_of(const Health& health) {
  return health.state == "failed" ? 503 : 200;
}

/// Anybody may know whether it works; what exactly does not is for platform operators.
http::Response healthz(const Context& context) {
  const auto& services = context.services;
  if (!context.request.parameter("verbose")) {
    const auto health = services.health();
    return json_reply(status_of(health), {{"status", health.state}});
  }
  const auto identity = identify(services, context.request);
  if (!identity) return problem(identity.error(), context.request);
  if (!flow::may(*identity, flow::Action::operate, AuthorityId{})) return problem(denied(), context.request);
  const auto health = services.health();
  return json_reply(status_of(health), verbose_json(services, health));
}

http::Response list_alarms(const Context& context) {
  json::array items;
  for (const auto& alarm : context.services.alarms())
    items.push_back(json::object{{"code", alarm.code},
                                 {"subject", alarm.subject},
                                 {"detail", alarm.detail},
                                 {"since", to_iso8601(alarm.since)},
                                 {"last", to_iso8601(alarm.last)},
                                 {"count", alarm.count}});
  json::object out;
  out["items"] = std::move(items);
  return json_reply(200, out);
}

}  // namespace

/// On the local listener, which only the machine itself reaches.
http::Response health_in_clear(const Context& context) {
  const auto health = context.services.health();
  if (!context.request.parameter("verbose")) return json_reply(status_of(health), {{"status", health.state}});
  return json_reply(status_of(health), verbose_json(context.services, health));
}

std::span<const Row> health_rows() {
  static constexpr std::array rows = {
      Row{"GET", "/healthz", Needs::nothing, flow::Action::read, healthz},
      Row{"GET", "/v1/alarms", Needs::platform, flow::Action::operate, list_alarms},
  };
  return rows;
}

}  // namespace demat::api
