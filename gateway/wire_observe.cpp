#include "gateway/observe/json_line.hpp"
#include "gateway/wiring.hpp"

namespace demat::wiring {

observe::Level level_of(const std::string& name) {
  return observe::level_from(name);
}

std::unique_ptr<observe::Logger> make_logger(const config::Settings& settings) {
  return observe::Logger::create(level_of(settings.log.level), settings.log.file);
}

void add_gauges(observe::Metrics& metrics, store::Store& store, const Clock& clock) {
  metrics.add_collector([&store, &clock] {
    std::vector<observe::Sample> samples;
    const auto counts = store.state_counts();
    if (!counts) return samples;
    for (const auto& line : *counts) {
      const std::string state(flow::to_string(line.state));
      samples.push_back(
          {"demat_flows", "Flows by state", {{"state", state}}, static_cast<double>(line.count)});
      if (!line.oldest) continue;
      const double age = std::chrono::duration<double>(clock.now() - *line.oldest).count();
      samples.push_back(
          {"demat_oldest_flow_seconds", "Age of the oldest flow of a state", {{"state", state}}, age});
    }
    return samples;
  });
}

}  // namespace demat::wiring
