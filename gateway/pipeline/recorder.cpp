#include "gateway/pipeline/recorder.hpp"

#include <array>

namespace demat::pipeline {

namespace {

/// Alarms about a flow that its next step proves to be over. Those about answers stay: a person must have
/// looked at them.
constexpr std::array<std::string_view, 5> ended_by_progress{"send.uncertain", "send.outcome_not_recorded",
                                                            "destination.unknown", "payload.altered",
                                                            "pipeline.broken"};

bool is_answered(flow::State state) {
  return state == flow::State::acknowledged || state == flow::State::partly_rejected ||
         state == flow::State::rejected;
}

}  // namespace

void Recorder::changed(const flow::Flow& before, const flow::Flow& after) {
  if (before.state == after.state) return;
  metrics_.transition(before.state, after.state);
  if (is_answered(after.state) && !is_answered(before.state) && after.sent_at)
    metrics_.answered_after(std::chrono::duration<double>(after.updated_at - *after.sent_at).count());
  if (after.state != flow::State::uncertain) end_what_progress_ends(after);
  log_.info("flow.state", {{"flow", after.id.str()},
                           {"authority", after.authority.str()},
                           {"from", flow::to_string(before.state)},
                           {"to", flow::to_string(after.state)},
                           {"request", after.request_id}});
}

void Recorder::end_what_progress_ends(const flow::Flow& after) {
  for (const auto code : ended_by_progress)
    resolved(code, after.id.str());
}

void Recorder::waits(const flow::Flow& flow, const Error& error) {
  log_.warning("flow.waits", {{"flow", flow.id.str()},
                              {"state", flow::to_string(flow.state)},
                              {"because", error.code},
                              {"detail", error.detail},
                              {"request", flow.request_id}});
}

void Recorder::alarm(std::string_view code, const flow::Flow& flow, std::string_view detail) {
  const auto told = alarms_.raise(code, flow.id.str(), detail, clock_.now());
  if (!told) return;
  metrics_.alarm(code);
  log_.alarm(code, {{"flow", flow.id.str()},
                    {"state", flow::to_string(flow.state)},
                    {"detail", detail},
                    {"count", told->count},
                    {"request", flow.request_id}});
}

void Recorder::alarm(std::string_view code, std::string_view subject, std::string_view detail,
                     std::uint32_t step) {
  const auto told = alarms_.raise(code, subject, detail, clock_.now(), step);
  if (!told) return;
  metrics_.alarm(code);
  log_.alarm(code, {{"subject", subject}, {"detail", detail}, {"count", told->count}});
}

void Recorder::resolved(std::string_view code, std::string_view subject) {
  if (const auto ended = alarms_.resolve(code, subject)) resolved(std::vector{*ended});
}

void Recorder::resolved_others(std::string_view code, const std::vector<std::string>& still) {
  resolved(alarms_.resolve_others(code, still));
}

void Recorder::resolved(const std::vector<observe::Alarm>& ended) {
  for (const auto& alarm : ended)
    log_.info("alarm.resolved", {{"alarm", alarm.code},
                                 {"subject", alarm.subject},
                                 {"since", to_iso8601(alarm.since)},
                                 {"count", alarm.count}});
}

void Recorder::overtaken(const flow::Flow& flow, const Error& error) {
  log_.debug("flow.overtaken", {{"flow", flow.id.str()}, {"because", error.code}, {"detail", error.detail}});
}

bool is_overtaken(const Error& error) {
  return error.code == "store.stale_lease" || error.code == "store.illegal_transition";
}

}  // namespace demat::pipeline
