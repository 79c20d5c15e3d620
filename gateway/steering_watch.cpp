#include "gateway/steering_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "gateway/steering/overdue.hpp"

namespace demat {
namespace {

constexpr std::string_view pause_lasts = "sending.pause_lasts";

/// Uncertain flows have an alarm of their own each (`send.uncertain`).
constexpr OverdueAlarms alarms{
    {{"acquit", "overdue.acquit"}, {"queued", "overdue.queued"}, {"to_sign", "overdue.to_sign"}}};

bool is_over(const store::Pause& pause, Instant now) {
  return pause.until && *pause.until <= now;
}

Status end_pauses(const SteeringSources& sources, std::vector<store::Pause>& pauses, Instant now) {
  if (std::none_of(pauses.begin(), pauses.end(), [now](const auto& one) { return is_over(one, now); }))
    return {};
  const auto over = sources.store.steering().end_pauses(now);
  if (!over) return failure(over.error());
  for (const auto& pause : *over)
    sources.recorder.log().info("sending.pause_over", {{"destination", pause.destination.str()},
                                                       {"kind", store::to_string(pause.kind)}});
  std::erase_if(pauses, [now](const auto& one) { return is_over(one, now); });
  if (const auto gate = sources.gate.get()) return gate->refresh();
  return {};
}

Status watch_pauses(const SteeringSources& sources, Instant now) {
  auto pauses = sources.store.steering().pauses();
  if (!pauses) return failure(std::move(pauses.error()));
  if (auto status = end_pauses(sources, *pauses, now); !status) return status;
  std::vector<std::string> still;
  for (const auto& pause : *pauses) {
    if (pause.kind != store::PauseKind::restored && now - pause.since < patience_with_pauses) continue;
    still.push_back(pause.destination.str());
    sources.recorder.alarm(pause_lasts, pause.destination.str(),
                           fmt::format("{} since {}", store::to_string(pause.kind), to_iso8601(pause.since)));
  }
  sources.recorder.resolved_others(pause_lasts, still);
  return {};
}

Result<std::vector<store::OverdueCount>> count_overdue(const SteeringSources& sources) {
  const auto generation = sources.current.get();
  return sources.store.steering().overdue(
      steering::overdue_limits(generation->settings.deadlines, sources.clock.now()));
}

Status watch_deadlines(const SteeringSources& sources) {
  const auto counts = count_overdue(sources);
  if (!counts) return failure(counts.error());
  tell_overdue(sources.recorder, alarms, *counts);
  return {};
}

}  // namespace

void tell_overdue(pipeline::Recorder& recorder, const OverdueAlarms& alarms_of,
                  const std::vector<store::OverdueCount>& counts) {
  for (const auto& [kind, code] : alarms_of) {
    const auto found = std::find_if(counts.begin(), counts.end(),
                                    [name = kind](const auto& one) { return one.kind == name; });
    if (found == counts.end() || found->count == 0) {
      recorder.resolved(code, "flows");
      continue;
    }
    // Twice as many are worth a word before the cool-down is over.
    recorder.alarm(code, "flows",
                   fmt::format("{} flows, the oldest of {}: {}", found->count,
                               to_iso8601(found->oldest.value_or(Instant{})), found->sample.str()),
                   static_cast<std::uint32_t>(std::bit_width(found->count)));
  }
}

void add_overdue_samples(const std::vector<store::OverdueCount>& counts, std::vector<observe::Sample>& into) {
  for (const auto& one : counts)
    into.push_back({"demat_overdue_flows",
                    "Flows past their deadline",
                    {{"kind", one.kind}},
                    static_cast<double>(one.count)});
}

Status watch_steering(const SteeringSources& sources) {
  if (auto status = watch_pauses(sources, sources.clock.now()); !status) return status;
  return watch_deadlines(sources);
}

std::vector<observe::Sample> steering_samples(const SteeringSources& sources) {
  std::vector<observe::Sample> out;
  if (const auto gate = sources.gate.get()) out = gate->samples();
  const auto counts = count_overdue(sources);
  if (counts) add_overdue_samples(*counts, out);
  return out;
}

}  // namespace demat
