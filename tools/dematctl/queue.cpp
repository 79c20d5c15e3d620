#include <fmt/format.h>

#include <charconv>

#include "gateway/base/clock.hpp"
#include "tools/dematctl/commands_steering.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;

json::object part_of(const json::object& object, std::string_view key) {
  const auto* part = object_of(object, key);
  return part == nullptr ? json::object{} : *part;
}

std::string pause_text(const json::object& destination) {
  std::string out;
  for (const auto& pause : objects_of(destination, "pauses")) {
    if (!out.empty()) out += ", ";
    out += text_of(pause, "kind");
    const std::string until = short_time(text_of(pause, "until"));
    out += until.empty() ? " (sans fin / no end)" : " → " + until;
  }
  return out;
}

std::string obstacle_text(const json::object& destination) {
  const auto obstacle = part_of(destination, "obstacle");
  const std::string until = short_time(text_of(obstacle, "until"));
  return text_of(obstacle, "code") + (until.empty() ? "" : " → " + until);
}

void print_queues(Session& session, const std::vector<json::object>& items) {
  for (const auto& item : items)
    session.out.object(item);
  if (session.out.json()) return;
  Table table({"destination", "prêts", "en envoi", "vidée", "pause", "disjoncteur", "obstacle"});
  for (const auto& item : items) {
    table.add({text_of(item, "name"), text_of(item, "ready"), text_of(item, "sending"),
               flag_of(item, "drained") ? "oui / yes" : "", pause_text(item),
               text_of(part_of(item, "breaker"), "state"), obstacle_text(item)});
  }
  session.out.table(table);
}

/// "30min", "4h", "2d".
std::optional<Duration> duration_of(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> units{
      {{"s", 1}, {"min", 60}, {"h", 3'600}, {"d", 86'400}}};
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, text.data() + text.size());
  constexpr std::int64_t year = 366;
  for (const auto& [word, seconds] : units)
    if (error == std::errc() && unit == word && number > 0 && number <= year * 86'400 / seconds)
      return std::chrono::seconds(number * seconds);
  return std::nullopt;
}

Answer<std::string> end_of(const QueueOptions& options) {
  if (!options.until.empty()) return options.until;
  const auto duration = duration_of(options.duration);
  if (!duration)
    return usage_failure("ctl.duration", "Donnez la fin : --for 4h ou --until 2026-03-01T18:00:00Z.",
                         "Give the end: --for 4h or --until 2026-03-01T18:00:00Z.");
  return to_iso8601(SystemClock().now() + *duration);
}

}  // namespace

Exit queue_list(Session& session) {
  const auto answer = session.api.get("/v1/destinations");
  if (!answer) return session.out.failed(answer.error());
  print_queues(session, objects_of(*answer, "items"));
  return Exit::ok;
}

Exit queue_steer(Session& session, const QueueOptions& options) {
  json::object body{{"reason", options.reason}};
  if (options.verb != "resume") {
    const auto until = end_of(options);
    if (!until) return session.out.failed(until.error());
    body["until"] = *until;
  }
  const auto reply =
      session.api.post("/v1/destinations/" + percent_encode(options.destination) + "/" + options.verb, body);
  if (!reply) return session.out.failed(reply.error());
  print_queues(session, objects_of(reply->body, "items"));
  return Exit::ok;
}

Exit windows_list(Session& session) {
  const auto answer = session.api.get("/v1/destinations");
  if (!answer) return session.out.failed(answer.error());
  Table table({"destination", "fenêtre", "ouverte", "change", "octets/heure", "reste"});
  for (const auto& item : objects_of(*answer, "items")) {
    auto window = part_of(item, "window");
    table.add({text_of(item, "name"), flag_of(window, "defined") ? text_of(window, "name") : "aucune / none",
               flag_of(window, "open") ? "oui / yes" : "non / no", short_time(text_of(window, "changes_at")),
               text_of(window, "bytes_per_hour"), text_of(window, "bytes_left")});
    window["destination"] = text_of(item, "name");
    session.out.object(window);
  }
  if (!session.out.json()) session.out.table(table);
  return Exit::ok;
}

Exit error_groups(Session& session) {
  const auto answer = session.api.get("/v1/error-groups");
  if (!answer) return session.out.failed(answer.error());
  session.out.items(objects_of(*answer, "items"), {{"flux", "count"},
                                                   {"état", "state"},
                                                   {"code", "code"},
                                                   {"destination", "destination"},
                                                   {"le plus ancien", "oldest"},
                                                   {"exemple", "sample"}});
  return Exit::ok;
}

Exit overdue(Session& session) {
  const auto answer = session.api.get("/v1/overdue");
  if (!answer) return session.out.failed(answer.error());
  session.out.items(
      objects_of(*answer, "items"),
      {{"retard", "kind"}, {"flux", "count"}, {"le plus ancien", "oldest"}, {"exemple", "sample"}});
  return Exit::ok;
}

}  // namespace demat::ctl
