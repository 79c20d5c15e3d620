#include <utility>

#include "gateway/wiring.hpp"

namespace demat::wiring {
namespace {

constexpr std::chrono::milliseconds trust_period{10'000};
constexpr std::size_t most_tried = 500;  ///< at once; the others come at their own time

std::string joined_codes(const Report& report) {
  std::string out;
  for (const auto& finding : report.findings)
    if (finding.severity == Severity::error)
      out += (out.empty() ? "" : " ") + finding.code + "(" + finding.place.path + ")";
  return out;
}

/// Folders that have changed are taken over; one that cannot be is an alarm until it is mended.
/// True when a profile is another one than before.
bool refresh(trust_desk::TrustDesk& desk, pipeline::Recorder& recorder) {
  const auto refreshed = desk.refresh();
  for (const auto& name : refreshed.changed)
    recorder.log().info("trust.reloaded", {{"profile", name}, {"version", desk.find(name)->version()}});
  std::vector<std::string> broken;
  for (const auto& [name, error] : refreshed.broken) {
    broken.push_back(name);
    recorder.alarm("trust.profile_broken", name, error.code + " " + error.detail);
  }
  recorder.resolved_others("trust.profile_broken", broken);
  return !refreshed.changed.empty();
}

/// A fresh list may settle what was in doubt; who moved on in between needs no help.
Status try_doubtful(store::Store& store, pipeline::Verbs& verbs) {
  store::FlowFilter filter;
  filter.states = {flow::State::received, flow::State::checked, flow::State::to_sign, flow::State::signed_};
  filter.code = "trust.indeterminate";
  const auto waiting = store.list(filter, {}, most_tried);
  if (!waiting) return failure(waiting.error());
  for (const auto& flow : waiting->items) {
    const auto tried = verbs.retry(flow.id, {"gateway", "a trust profile has changed"});
    if (!tried && tried.error().code != "verb.not_now") return failure(tried.error());
  }
  return {};
}

/// What makes signers fail or wait: lists that are missing or stale, issuers that lead nowhere.
void examine(const trust_desk::TrustDesk& desk, Instant now, pipeline::Recorder& recorder) {
  std::vector<std::string> doubtful;
  for (const auto& profile : desk.all()) {
    const auto codes = joined_codes(profile.examine(std::chrono::floor<std::chrono::seconds>(now)));
    if (codes.empty()) continue;
    doubtful.push_back(profile.name());
    recorder.alarm("trust.profile_doubtful", profile.name(), codes);
  }
  recorder.resolved_others("trust.profile_doubtful", doubtful);
}

}  // namespace

void add_trust_watch(Periodic& periodic, const HealthSources& sources, pipeline::Verbs& verbs) {
  periodic.add({"trust", trust_period, [&sources, &verbs, again = false](const std::stop_token&) mutable {
                  const auto generation = sources.current.get();
                  auto& desk = *generation->inspection->trust;
                  const bool changed = refresh(desk, sources.recorder);
                  examine(desk, sources.clock.now(), sources.recorder);
                  // A check by the former profile may note its wait only after this: the next turn sees it.
                  const bool wanted = std::exchange(again, changed) || changed;
                  return wanted ? try_doubtful(sources.store, verbs) : Status();
                }});
}

}  // namespace demat::wiring
