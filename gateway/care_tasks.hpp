#pragma once

#include "gateway/health.hpp"
#include "gateway/observe/log.hpp"
#include "gateway/observe/metrics.hpp"

namespace demat::wiring {

/// The purge by retention each day when it is enabled, and a slow reading of the whole store each week (B21);
/// both wait their turn while a backup runs. Gauges for the ages of backup and reading.
void add_care_tasks(Periodic& periodic, const HealthSources& sources, observe::Logger& logger);
void add_care_gauges(observe::Metrics& metrics, const HealthSources& sources);

}  // namespace demat::wiring
