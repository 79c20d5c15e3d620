#include "gateway/pipeline/verbs.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "gateway/pipeline/delivered.hpp"

namespace demat::pipeline {
namespace {

Error not_now(std::string_view verb, flow::State state) {
  return permanent_error(
      "verb.not_now",
      fmt::format("L'action « {} » n'est pas possible dans l'état « {} ».", verb, flow::to_string(state)),
      fmt::format("The verb \"{}\" is not possible in state \"{}\".", verb, flow::to_string(state)),
      std::string(flow::to_string(state)));
}

Error not_found() {
  return permanent_error("store.not_found", "Aucun flux ne porte cet identifiant.", "No flow has this id.");
}

bool replayable(const flow::Flow& flow, bool accept_duplicate) {
  using enum flow::State;
  return flow.state == refused || flow.state == rejected || flow.state == cancelled ||
         (flow.state == sent && accept_duplicate);
}

/// The row of the new flow: what was posted, without what happened to it.
flow::Flow copy_for_replay(const flow::Flow& source) {
  flow::Flow copy = source;
  copy.id = FlowId{};
  copy.state = flow::State::received;
  copy.hold_reason.clear();
  copy.remote_name.clear();
  copy.destination = DestinationName{};
  copy.attempts = 0;
  copy.sent_at.reset();
  copy.next_attempt_at.reset();
  copy.waiting_code.clear();
  copy.replay_of = source.id;
  copy.possible_reemission = source.state == flow::State::sent;
  return copy;
}

}  // namespace

Error reason_missing() {
  return permanent_error("verb.reason", "Indiquez le motif : il est gardé au journal.",
                         "Give a reason: it is kept in the journal.");
}

Verbs::Verbs(store::Store& store, std::function<void()> wake) : store_(store), wake_(std::move(wake)) {}

Result<flow::Flow> Verbs::apply(const FlowId& id, const Request& request, flow::Trigger trigger,
                                const char* detail) {
  if (request.reason.empty()) return failure(reason_missing());
  const auto found = store_.find(id);
  if (!found) return failure(found.error());
  if (!*found) return failure(not_found());
  store::Change change;
  change.flow = id;
  change.steps.push_back({trigger, detail, request.actor, request.reason});
  if (trigger == flow::Trigger::hold) change.hold_reason = request.reason;
  if (trigger == flow::Trigger::release) change.hold_reason = "";
  if (trigger == flow::Trigger::find_not_sent) change.possible_reemission = true;
  auto changed = store_.apply(std::move(change));
  if (!changed && changed.error().code == "store.illegal_transition") {
    const auto now = store_.find(id);
    return failure(not_now(flow::to_string(trigger), now && *now ? (*now)->state : (*found)->state));
  }
  if (changed) wake_();
  return changed;
}

Result<flow::Flow> Verbs::hold(const FlowId& id, const Request& request) {
  return apply(id, request, flow::Trigger::hold, "{}");
}

/// A contract's record that waits for the one before it is ready, not held: to release it is to let it go
/// whatever the order.
Result<flow::Flow> Verbs::release(const FlowId& id, const Request& request) {
  if (request.reason.empty()) return failure(reason_missing());
  const auto found = store_.find(id);
  if (!found) return failure(found.error());
  if (!*found) return failure(not_found());
  const flow::Flow& flow = **found;
  const bool waits = flow.state == flow::State::ready && flow.waiting_code == flow::awaits_predecessor;
  const bool held = flow.state == flow::State::held && flow.hold_reason == flow::predecessor_failed;
  if (!waits && !held) return apply(id, request, flow::Trigger::release, "{}");
  constexpr std::string_view detail = R"({"out_of_order":true})";
  store::Change change{.flow = id};
  change.expected = flow.state;
  change.out_of_order = true;
  if (held)
    change.steps.push_back({flow::Trigger::release, std::string(detail), request.actor, request.reason});
  else
    change.note = store::Note{"verb.release", request.actor, request.reason, std::string(detail)};
  auto changed = store_.apply(std::move(change));
  if (!changed && changed.error().code == "store.illegal_transition") {
    const auto now = store_.find(id);
    return failure(not_now("release", now && *now ? (*now)->state : flow.state));
  }
  if (changed) wake_();
  return changed;
}

Result<flow::Flow> Verbs::cancel(const FlowId& id, const Request& request) {
  return apply(id, request, flow::Trigger::cancel, "{}");
}

Result<flow::Flow> Verbs::resolve_sent(const FlowId& id, const Request& request) {
  const auto found = store_.find(id);
  if (!found) return failure(found.error());
  const auto trigger = *found ? found_delivered(**found) : flow::Trigger::find_sent;
  return apply(id, request, trigger, R"({"by":"person"})");
}

Result<flow::Flow> Verbs::resolve_not_sent(const FlowId& id, const Request& request) {
  return apply(id, request, flow::Trigger::find_not_sent, R"({"by":"person"})");
}

Result<flow::Flow> Verbs::retry(const FlowId& id, const Request& request) {
  if (request.reason.empty()) return failure(reason_missing());
  const auto found = store_.find(id);
  if (!found) return failure(found.error());
  if (!*found) return failure(not_found());
  if (!(*found)->next_attempt_at) return failure(not_now("retry", (*found)->state));
  store::Change change;
  change.flow = id;
  // A send that begins in between must keep its lease: there is nothing to retry then.
  change.expected = (*found)->state;
  change.note = store::Note{"verb.retry", request.actor, request.reason};
  auto changed = store_.apply(std::move(change));
  if (!changed && changed.error().code == "store.illegal_transition") {
    const auto now = store_.find(id);
    return failure(not_now("retry", now && *now ? (*now)->state : (*found)->state));
  }
  if (changed) wake_();
  return changed;
}

Result<flow::Flow> Verbs::prioritise(const FlowId& id, const Request& request, flow::Priority priority) {
  using enum flow::State;
  if (request.reason.empty()) return failure(reason_missing());
  const auto found = store_.find(id);
  if (!found) return failure(found.error());
  if (!*found) return failure(not_found());
  const auto state = (*found)->state;
  const bool queued = state == received || state == checked || state == to_sign || state == signed_ ||
                      state == ready || state == held;
  if (!queued) return failure(not_now("priority", state));
  store::Change change;
  change.flow = id;
  change.expected = state;
  change.priority = priority;
  change.keep_wait = true;
  change.note =
      store::Note{"verb.priority", request.actor, request.reason,
                  boost::json::serialize(boost::json::object{{"from", flow::to_string((*found)->priority)},
                                                             {"to", flow::to_string(priority)}})};
  auto changed = store_.apply(std::move(change));
  if (!changed && changed.error().code == "store.illegal_transition") {
    const auto now = store_.find(id);
    return failure(not_now("priority", now && *now ? (*now)->state : state));
  }
  if (changed) wake_();
  return changed;
}

Result<flow::Flow> Verbs::replay(const FlowId& id, const Request& request, bool accept_duplicate) {
  if (request.reason.empty()) return failure(reason_missing());
  const auto found = store_.find(id);
  if (!found) return failure(found.error());
  if (!*found) return failure(not_found());
  const flow::Flow& source = **found;
  if (!replayable(source, accept_duplicate)) return failure(not_now("replay", source.state));
  store::NewFlow fresh;
  fresh.flow = copy_for_replay(source);
  fresh.actor = request.actor;
  fresh.event_detail =
      boost::json::serialize(boost::json::object{{"replay_of", source.id.str()}, {"reason", request.reason}});
  auto changed = store_.replay(std::move(fresh), source.original, accept_duplicate);
  if (changed) wake_();
  return changed;
}

}  // namespace demat::pipeline
