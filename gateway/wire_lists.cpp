#include "gateway/wire_lists.hpp"

namespace demat::wiring {
namespace {

constexpr std::chrono::milliseconds fetch_period{10'000};

/// A place that may not be asked is a matter of configuration, and shown by `certs ls`; one that fails is an
/// alarm.
void tell(const std::vector<trust_desk::PlaceState>& places, pipeline::Recorder& recorder) {
  std::vector<std::string> failing;
  for (const auto& place : places) {
    if (place.failures == 0) continue;
    failing.push_back(place.profile + " " + place.url);
    recorder.alarm("trust.fetch_failed", failing.back(), place.error + " " + place.detail);
  }
  recorder.resolved_others("trust.fetch_failed", failing);
}

std::vector<observe::Sample> samples_of(const std::vector<trust_desk::PlaceState>& places, Instant now) {
  std::vector<observe::Sample> out;
  for (const auto& place : places) {
    const std::vector<std::pair<std::string, std::string>> labels{{"profile", place.profile},
                                                                  {"place", place.url}};
    if (place.last_try)
      out.push_back({"demat_list_fetch_up", "Whether the last look for a revocation list went well", labels,
                     place.failures == 0 ? 1.0 : 0.0});
    if (place.this_update) {
      const std::chrono::duration<double> age = now - *place.this_update;
      out.push_back({"demat_list_age_seconds",
                     "Age of a revocation list that was fetched, since its thisUpdate", labels, age.count()});
    }
  }
  return out;
}

Status fetch(const HealthSources& sources, Periodic& periodic, Fetchers& fetchers,
             const std::stop_token& stop) {
  const auto generation = sources.current.get();
  auto& desk = *generation->inspection->trust;
  const auto clock = [&] { return std::chrono::floor<std::chrono::seconds>(sources.clock.now()); };
  auto turn = fetchers.lists.turn(desk, clock, stop);
  const bool answered = fetchers.ocsp.turn(desk, clock, stop);
  if (turn.fresh || answered) {
    sources.recorder.log().info("trust.list_fetched");
    periodic.hurry("trust");
  }
  tell(fetchers.states(), sources.recorder);
  return std::move(turn.kept);
}

}  // namespace

void Fetchers::all_now() {
  lists.all_now();
  ocsp.all_now();
}

std::vector<trust_desk::PlaceState> Fetchers::states() const {
  auto out = lists.states();
  for (auto& one : ocsp.states())
    out.push_back(std::move(one));
  return out;
}

void add_list_fetching(Periodic& periodic, observe::Metrics& metrics, const HealthSources& sources,
                       Fetchers& fetchers) {
  periodic.add({"lists", fetch_period,
                [&](const std::stop_token& stop) { return fetch(sources, periodic, fetchers, stop); }});
  metrics.add_collector([&] { return samples_of(fetchers.states(), sources.clock.now()); });
}

}  // namespace demat::wiring
