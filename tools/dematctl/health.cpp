#include "tools/dematctl/health.hpp"

#include <array>

#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 4> words{"OK", "WARNING", "CRITICAL", "UNKNOWN"};

Watch watch_of(const std::string& status) {
  if (status == "ok") return Watch::ok;
  if (status == "degraded") return Watch::warning;
  return status == "failed" ? Watch::critical : Watch::unknown;
}

Watch watch_of(Exit exit) {
  return exit == Exit::network || exit == Exit::unavailable ? Watch::critical : Watch::unknown;
}

bool is_trouble(const json::object& part) {
  const std::string state = text_of(part, "state");
  return state == "degraded" || state == "failed";
}

/// A monitor's line has one bar, before the figures.
std::string plain(std::string text) {
  for (char& c : text)
    if (c == '|' || c == '\n') c = ' ';
  return text;
}

std::string troubles_of(const json::object& health) {
  std::string out;
  for (const auto& part : objects_of(health, "parts")) {
    if (!is_trouble(part)) continue;
    out += (out.empty() ? "" : ", ") + text_of(part, "name") + " " + text_of(part, "code");
  }
  return out;
}

Exit monitor(Session& session, Watch watch, const std::string& text, const json::object& health) {
  std::string line = std::string(words.at(static_cast<std::size_t>(watch))) + " - " + plain(text);
  if (health.contains("alarms")) line += " | alarms=" + text_of(health, "alarms");
  session.out.bytes(printable(line) + "\n");
  return static_cast<Exit>(watch);
}

std::string age_text(const json::object& part) {
  if (!part.contains("last_success")) return "";
  return short_time(text_of(part, "last_success"));
}

void print(Session& session, const json::object& health) {
  session.out.fields(health, {{"état / state", "status"},
                              {"environnement", "environment"},
                              {"version", "version"},
                              {"démarrée / started", "started_at"},
                              {"alarmes / alarms", "alarms"}});
  if (session.out.json()) return;
  if (const auto* config = object_of(health, "config"))
    session.out.fields(*config, {{"configuration lue / read", "loaded_at"},
                                 {"son SHA-256 / its SHA-256", "sha256"},
                                 {"changée depuis / changed since", "changed_since"}});
  Table table({"élément / part", "état / state", "code", "dernier succès / last success", "détail"});
  for (const auto& part : objects_of(health, "parts"))
    table.add({text_of(part, "name"), text_of(part, "state"), text_of(part, "code"), age_text(part),
               text_of(part, "detail")});
  session.out.table(table);
}

}  // namespace

Exit health(Session& session, bool nagios) {
  auto answer = session.api.get("/healthz?verbose=1");
  json::object told;
  if (answer) {
    told = std::move(*answer);
  } else if (text_of(answer.error().problem, "status") == "failed") {
    told = answer.error().problem;  // 503 with the whole picture
  } else {
    const Watch watch = watch_of(answer.error().exit);
    if (nagios) return monitor(session, watch, answer.error().error.en, {});
    static_cast<void>(session.out.failed(answer.error()));
    return static_cast<Exit>(watch);
  }
  const Watch watch = watch_of(text_of(told, "status"));
  if (!nagios) {
    print(session, told);
    return static_cast<Exit>(watch);
  }
  const std::string troubles = troubles_of(told);
  const bool only_alarms = troubles.empty() && watch != Watch::ok;
  return monitor(session, watch,
                 only_alarms ? text_of(told, "alarms") + " alarms stand: dematctl alarms"
                             : (troubles.empty() ? "everything works" : troubles),
                 told);
}

Exit alarms(Session& session) {
  const auto answer = session.api.get("/v1/alarms");
  if (!answer) return session.out.failed(answer.error());
  const auto items = objects_of(*answer, "items");
  if (items.empty()) session.out.say("Aucune alarme.", "No alarm.");
  if (items.empty()) return Exit::ok;
  session.out.items(items, {{"depuis / since", "since"},
                            {"code", "code"},
                            {"sujet / subject", "subject"},
                            {"fois / times", "count"},
                            {"détail", "detail"}});
  return Exit::ok;
}

}  // namespace demat::ctl
