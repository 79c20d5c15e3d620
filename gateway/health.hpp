#pragma once

#include "gateway/api/health.hpp"
#include "gateway/generation.hpp"
#include "gateway/periodic.hpp"
#include "gateway/pipeline/recorder.hpp"
#include "gateway/store/store.hpp"

namespace demat {

/// What health is read from; all of it outlives the looks.
struct HealthSources {
  const ConfigSource& source;
  const CurrentGeneration& current;
  store::Store& store;
  pipeline::Recorder& recorder;
  const Periodic& periodic;
  const Clock& clock;
  Instant started_at{};
};

/// Asks the store and the disk, reads the rest from what the daemon has seen. Thread-safe.
[[nodiscard]] api::Health look_at_health(const HealthSources& sources);

}  // namespace demat
