#include <algorithm>
#include <map>

#include "gateway/flow/state.hpp"
#include "tools/dematctl/commands.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

constexpr milliseconds first_wait{200};
constexpr milliseconds longest_wait{5'000};
/// How long a gateway that does not answer (restart, overload) is waited for.
constexpr milliseconds patience{60'000};

struct Watched {
  std::int64_t last_event = -1;
  std::string updated_at;
  std::string state;
  bool final = false;
};

bool is_final(const std::string& state) {
  const auto known = flow::state_from(state);
  return known && flow::is_final(*known);
}

/// Whether what became of the flow is what its sender hoped for.
bool went_well(const std::string& state) {
  return state == "acknowledged" || state == "sent_final";
}

void print_event(Session& session, const std::string& id, const std::string& name, json::object event) {
  const std::string from = text_of(event, "from");
  const std::string to = text_of(event, "to");
  const std::string at = text_of(event, "at");
  session.out.line((at.size() > 19 ? at.substr(11, 8) : at) + "  " + id + "  " + printable(name) + "  " +
                   (from == to ? to : from + " → " + to) + "  " + printable(text_of(event, "code")) +
                   (text_of(event, "reason").empty() ? "" : "  " + printable(text_of(event, "reason"))));
  event["flow"] = id;
  session.out.object(event);
}

/// Asks once. Gives whether something changed.
Answer<bool> look(Session& session, const std::string& id, Watched& watched) {
  const std::string path = "/v1/flows/" + percent_encode(id);
  const auto flow = session.api.get(path);
  if (!flow) return fail(flow.error());
  if (text_of(*flow, "updated_at") == watched.updated_at && text_of(*flow, "state") == watched.state)
    return false;
  const auto events = session.api.get(path + "/events");
  if (!events) return fail(events.error());
  const std::string name = text_of(*flow, "nom_fic");
  for (const json::object& event : objects_of(*events, "items")) {
    const std::int64_t sequence = number_of(event, "sequence");
    if (sequence <= watched.last_event) continue;
    watched.last_event = sequence;
    print_event(session, id, name, event);
  }
  watched.updated_at = text_of(*flow, "updated_at");
  watched.state = text_of(*flow, "state");
  watched.final = is_final(watched.state);
  return true;
}

Answer<Ids> open_flows(Session& session) {
  Query query;
  for (const flow::State state : flow::all_states()) {
    if (!flow::is_final(state)) query.add("state", flow::to_string(state));
  }
  const auto items = session.api.list("/v1/flows", query, 0);
  if (!items) return fail(items.error());
  Ids ids;
  for (const auto& item : *items)
    ids.push_back(text_of(item, "id"));
  return ids;
}

Failure too_long(const std::string& id, const std::string& state) {
  return {Exit::unavailable,
          permanent_error("ctl.watch_timeout", "Le flux " + id + " est encore « " + state + " ».",
                          "Flow " + id + " is still \"" + state + "\"."),
          {}};
}

bool may_pass(const Failure& failure) {
  return failure.exit == Exit::network || failure.exit == Exit::unavailable;
}

/// Looks at every flow that is not final. Failures that may pass end the round and are given back.
Answer<bool> look_round(Session& session, std::map<std::string, Watched>& flows) {
  bool changed = false;
  for (auto& [id, watched] : flows) {
    if (watched.final) continue;
    const auto looked = look(session, id, watched);
    if (!looked) return fail(looked.error());
    changed = changed || *looked;
  }
  return changed;
}

}  // namespace

Exit watch(Session& session, const WatchOptions& options) {
  Ids ids = options.ids;
  if (ids.empty()) {
    auto open = open_flows(session);
    if (!open) return session.out.failed(open.error());
    ids = std::move(*open);
  }
  std::map<std::string, Watched> flows;
  for (const std::string& id : ids)
    flows[id];
  const auto open = [&] {
    return std::find_if(flows.begin(), flows.end(), [](const auto& entry) { return !entry.second.final; });
  };
  milliseconds wait = first_wait;
  milliseconds waited{0};
  milliseconds unanswered{0};
  while (open() != flows.end()) {
    const auto changed = look_round(session, flows);
    if (!changed && (!may_pass(changed.error()) || unanswered >= patience))
      return session.out.failed(changed.error());
    if (open() == flows.end()) break;
    if (options.timeout.count() != 0 && waited >= options.timeout)
      return session.out.failed(too_long(open()->first, open()->second.state));
    wait = changed && *changed ? first_wait : std::min(longest_wait, wait * 3 / 2);
    session.sleep(wait);
    waited += wait;
    unanswered = changed ? milliseconds(0) : unanswered + wait;
  }
  const bool well = std::all_of(flows.begin(), flows.end(),
                                [](const auto& entry) { return went_well(entry.second.state); });
  return well ? Exit::ok : Exit::refused;
}

}  // namespace demat::ctl
