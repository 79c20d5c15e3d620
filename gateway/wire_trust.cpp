#include "gateway/wiring.hpp"

namespace demat::wiring {
namespace {

constexpr std::chrono::milliseconds trust_period{10'000};

std::string joined_codes(const Report& report) {
  std::string out;
  for (const auto& finding : report.findings)
    if (finding.severity == Severity::error)
      out += (out.empty() ? "" : " ") + finding.code + "(" + finding.place.path + ")";
  return out;
}

/// Folders that have changed are taken over; one that cannot be is an alarm until it is mended.
void refresh(trust_desk::TrustDesk& desk, pipeline::Recorder& recorder) {
  const auto refreshed = desk.refresh();
  for (const auto& name : refreshed.changed)
    recorder.log().info("trust.reloaded", {{"profile", name}, {"version", desk.find(name)->version()}});
  std::vector<std::string> broken;
  for (const auto& [name, error] : refreshed.broken) {
    broken.push_back(name);
    recorder.alarm("trust.profile_broken", name, error.code + " " + error.detail);
  }
  recorder.resolved_others("trust.profile_broken", broken);
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

void add_trust_watch(Periodic& periodic, const HealthSources& sources) {
  periodic.add({"trust", trust_period, [&sources](const std::stop_token&) {
                  const auto generation = sources.current.get();
                  auto& desk = *generation->inspection->trust;
                  refresh(desk, sources.recorder);
                  examine(desk, sources.clock.now(), sources.recorder);
                  return Status();
                }});
}

}  // namespace demat::wiring
