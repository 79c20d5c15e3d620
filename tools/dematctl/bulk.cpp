#include <algorithm>
#include <array>
#include <charconv>

#include "tools/dematctl/commands_steering.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

/// Key of a filter, and the parameter of the API that it stands for.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> keys{{{"state", "state"},
                                                                             {"code", "code"},
                                                                             {"destination", "destination"},
                                                                             {"nomfic", "nomfic"},
                                                                             {"since", "from"},
                                                                             {"from", "from"},
                                                                             {"to", "to"},
                                                                             {"older_than", "older_than"},
                                                                             {"overdue", "overdue"}}};

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(at, begin), text.size());
    out.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

struct Summary {
  std::size_t found = 0;
  std::size_t done = 0;
  std::size_t skipped = 0;  ///< done before, or no longer possible
  std::size_t failed = 0;
};

json::object line_of(const std::string& id, const VerbOptions& options, std::string_view result) {
  return {{"id", id}, {"verb", options.verb}, {"result", result}};
}

/// A conflict means that the flow is where the verb would take it, or beyond: nothing is left to do.
Exit apply_to_one(Session& session, const VerbOptions& options, const std::string& id, Summary& summary) {
  const auto reply =
      session.api.post("/v1/flows/" + percent_encode(id) + "/" + options.verb, verb_body(options));
  if (reply) {
    ++summary.done;
    auto line = line_of(id, options, "done");
    const std::string now = text_of(reply->body, "id");
    line["state"] = text_of(reply->body, "state");
    if (now != id) line["new_id"] = now;
    session.out.object(line);
    session.out.line(id + (now == id ? "" : " → " + now) + "  " + text_of(reply->body, "state"));
    return Exit::ok;
  }
  const bool skipped = reply.error().exit == Exit::conflict;
  ++(skipped ? summary.skipped : summary.failed);
  auto line = line_of(id, options, skipped ? "skipped" : "failed");
  line["code"] = reply.error().error.code;
  session.out.object(line);
  session.out.line(id + (skipped ? "  sauté / skipped  " : "  échec / failed  ") + reply.error().error.code);
  return skipped ? Exit::ok : reply.error().exit;
}

void tell_summary(Session& session, const VerbOptions& options, const Summary& summary) {
  session.out.object({{"summary", true},
                      {"verb", options.verb},
                      {"dry_run", options.bulk.dry_run},
                      {"found", summary.found},
                      {"done", summary.done},
                      {"skipped", summary.skipped},
                      {"failed", summary.failed}});
  const auto text = [](std::size_t n) { return std::to_string(n); };
  session.out.say(text(summary.found) + " flux, " + text(summary.done) + " faits, " + text(summary.skipped) +
                      " sautés, " + text(summary.failed) + " en échec.",
                  text(summary.found) + " flows, " + text(summary.done) + " done, " + text(summary.skipped) +
                      " skipped, " + text(summary.failed) + " failed.");
}

/// Newest first as the API gives them; the oldest are to go first.
Answer<std::vector<json::object>> flows_of(Session& session, const VerbOptions& options) {
  const auto query = query_of_filter(options.bulk.filter);
  if (!query) return fail(query.error());
  auto flows = session.api.list("/v1/flows", *query, 0);
  if (!flows) return flows;
  std::reverse(flows->begin(), flows->end());
  if (options.bulk.limit != 0 && flows->size() > options.bulk.limit) flows->resize(options.bulk.limit);
  return flows;
}

Exit dry_run(Session& session, const VerbOptions& options, const std::vector<json::object>& flows) {
  Summary summary;
  summary.found = flows.size();
  for (const auto& flow : flows) {
    auto line = line_of(text_of(flow, "id"), options, "would");
    for (const auto* key : {"state", "nom_fic", "authority"})
      line[key] = text_of(flow, key);
    session.out.object(line);
    session.out.line(text_of(flow, "id") + "  " + text_of(flow, "state") + "  " +
                     printable(text_of(flow, "nom_fic")));
  }
  tell_summary(session, options, summary);
  return Exit::ok;
}

}  // namespace

Answer<Query> query_of_filter(const std::string& filter) {
  Query query;
  for (const auto& part : split(filter, ',')) {
    const auto equals = part.find('=');
    const std::string key = part.substr(0, equals);
    const auto* const found =
        std::find_if(keys.begin(), keys.end(), [&key](const auto& one) { return one.first == key; });
    if (found == keys.end() || equals == std::string::npos || equals + 1 == part.size())
      return usage_failure("ctl.filter",
                           "Filtre illisible : « " + part + " » (clé=valeur, séparés par des virgules).",
                           "Unreadable filter: \"" + part + "\" (key=value, separated by commas).");
    for (const auto& value : split(part.substr(equals + 1), '|'))
      query.add(found->second, value);
  }
  return query;
}

Answer<milliseconds> pace_of(const std::string& rate) {
  if (rate.empty()) return milliseconds(0);
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 3> units{
      {{"/s", 1'000}, {"/min", 60'000}, {"/h", 3'600'000}}};
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(rate.data(), rate.data() + rate.size(), number);
  const std::string_view unit(end, rate.data() + rate.size());
  for (const auto& [word, millis] : units)
    if (error == std::errc() && unit == word && number > 0) return milliseconds(millis / number);
  return usage_failure("ctl.rate", "Cadence illisible : attendu 5/s, 100/min ou 20/h.",
                       "Unreadable pace: expected 5/s, 100/min or 20/h.");
}

Exit apply_to_many(Session& session, const VerbOptions& options) {
  const auto pace = pace_of(options.bulk.rate);
  if (!pace) return session.out.failed(pace.error());
  const auto flows = flows_of(session, options);
  if (!flows) return session.out.failed(flows.error());
  if (options.bulk.dry_run) return dry_run(session, options, *flows);
  Summary summary;
  summary.found = flows->size();
  Exit worst = Exit::ok;
  bool first = true;
  for (const auto& flow : *flows) {
    if (!std::exchange(first, false) && pace->count() > 0) session.sleep(*pace);
    const Exit exit = apply_to_one(session, options, text_of(flow, "id"), summary);
    if (worst == Exit::ok) worst = exit;
    // The next ones would fare no better without a gateway, or without the right.
    if (exit == Exit::network || exit == Exit::denied) break;
  }
  tell_summary(session, options, summary);
  return worst;
}

}  // namespace demat::ctl
