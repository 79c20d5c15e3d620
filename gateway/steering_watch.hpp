#pragma once

#include <array>

#include "gateway/generation.hpp"
#include "gateway/pipeline/recorder.hpp"
#include "gateway/steering/gate.hpp"
#include "gateway/store/steering.hpp"

namespace demat {

/// What the watch over queues and pauses works with; all of it outlives the turns.
struct SteeringSources {
  const CurrentGeneration& current;
  store::Store& store;
  pipeline::Recorder& recorder;
  const steering::CurrentGate& gate;
  const Clock& clock;
};

/// A pause is reported once it has lasted this long (R24); one that comes from a restore at once.
inline constexpr std::chrono::hours patience_with_pauses{4};

/// One turn: ends the pauses whose time is over, and raises or ends the alarms for pauses that last and for
/// flows past their deadline (R5, R17). It never sends anything again.
[[nodiscard]] Status watch_steering(const SteeringSources& sources);

/// The kind of an OverdueCount, and the alarm about it.
using OverdueAlarms = std::array<std::pair<std::string_view, std::string_view>, 3>;
/// Raises or ends the alarm of each kind.
void tell_overdue(pipeline::Recorder& recorder, const OverdueAlarms& alarms,
                  const std::vector<store::OverdueCount>& counts);
/// demat_overdue_flows of each kind.
void add_overdue_samples(const std::vector<store::OverdueCount>& counts, std::vector<observe::Sample>& into);

/// demat_overdue_flows, and what the gate tells; empty when the store cannot say.
[[nodiscard]] std::vector<observe::Sample> steering_samples(const SteeringSources& sources);

}  // namespace demat
