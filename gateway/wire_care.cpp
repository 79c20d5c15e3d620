#include <chrono>
#include <thread>

#include "gateway/care_tasks.hpp"
#include "gateway/store/care.hpp"
#include "gateway/wiring.hpp"

namespace demat::wiring {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

store::PurgePlan plan_of(const config::Retention& retention, Instant now) {
  store::PurgePlan plan;
  plan.succeeded_before = now - retention.succeeded;
  plan.failed_before = now - retention.failed;
  plan.returns_before = now - retention.returns;
  plan.traces_before = now - retention.traces;
  plan.reason = "retention";
  return plan;
}

/// Batches with a pause between, so that deposits never wait for a purge.
Status purge_by_retention(const HealthSources& sources, observe::Logger& logger,
                          const std::stop_token& stop) {
  constexpr std::size_t batch = 200;
  const auto retention = sources.current.get()->settings.retention;
  if (!retention.enabled) return {};
  const auto now = sources.clock.now();
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;
  for (bool more = true; more && !stop.stop_requested();) {
    const auto report = sources.store.care().purge(plan_of(retention, now), now, batch);
    if (!report) return failure(report.error());
    for (const auto& line : report->counts) {
      items += line.items;
      bytes += line.bytes;
    }
    more = report->more;
    if (more) std::this_thread::sleep_for(milliseconds(100));
  }
  if (items > 0) logger.info("store.purged", {{"items", items}, {"bytes", bytes}});
  return {};
}

/// Begins a reading when the last one is a week old; the chore goes on by itself. Troubles are an alarm.
Status scrub(const HealthSources& sources) {
  constexpr std::uint64_t gentle = 20'000'000;  // bytes per second
  auto& care = sources.store.care();
  if (care.chore().running) return {};
  const auto report = care.last_verify();
  if (report && !report->sound())
    sources.recorder.alarm("store.damaged", "store", report->troubles.front().code);
  else if (report)
    sources.recorder.resolved("store.damaged", "store");
  const auto last = care.last_scrub();
  if (!last) return failure(last.error());
  const auto newest =
      report && (!*last || report->began_at > **last) ? std::optional(report->began_at) : *last;
  if (newest && sources.clock.now() - *newest < hours(24 * 7)) return {};
  return care.start_verify(store::Depth::full, gentle, "gateway");
}

}  // namespace

void add_care_tasks(Periodic& periodic, const HealthSources& sources, observe::Logger& logger) {
  periodic.add(
      {"retention", hours(24),
       [&sources, &logger](const std::stop_token& stop) { return purge_by_retention(sources, logger, stop); },
       milliseconds(600'000), hours(12)});
  periodic.add({"scrub", hours(1), [&sources](const std::stop_token&) { return scrub(sources); }, hours(1)});
}

void add_care_gauges(observe::Metrics& metrics, const HealthSources& sources) {
  metrics.add_collector([&sources] {
    std::vector<observe::Sample> samples;
    const auto last = sources.store.care().last_scrub();
    if (!last || !*last) return samples;
    const double age = std::chrono::duration<double>(sources.clock.now() - **last).count();
    samples.push_back(
        {"demat_scrub_age", "Seconds since every byte of the store was last read and found right", {}, age});
    return samples;
  });
}

}  // namespace demat::wiring
