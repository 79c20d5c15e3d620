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

/// Free bytes for the gateway's user at the data folder; empty when they cannot be read.
[[nodiscard]] std::optional<std::uint64_t> free_bytes(const std::filesystem::path& folder);

/// Asks the store and the disk, reads the rest from what the daemon has seen. Thread-safe.
[[nodiscard]] api::Health look_at_health(const HealthSources& sources);

}  // namespace demat
