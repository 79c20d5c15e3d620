#pragma once

#include "gateway/actes/intake.hpp"
#include "gateway/generation.hpp"
#include "gateway/observe/metrics.hpp"
#include "gateway/pipeline/recorder.hpp"

namespace demat {

/// What the watch over ACTES works with; all of it outlives the turns.
struct ActesSources {
  const CurrentGeneration& current;
  store::Store& store;
  pipeline::Recorder& recorder;
  const Clock& clock;
};

/// One turn: journals the deadlines that have passed (webhooks and streams tell them from there), and raises
/// or ends the alarms about receipts and answers that are late. It never sends anything, and changes no
/// state.
[[nodiscard]] Status watch_actes(const ActesSources& sources);

/// One turn: asks for the classification of each authority whose time has come (actes 1.2). One that cannot
/// be asked for holds up no other.
[[nodiscard]] Status refresh_classifications(const ActesSources& sources, actes_road::ActesIntake& intake,
                                             const std::stop_token& stop);

/// Messages and letters under way, their ages, and what of them is late; empty when the store cannot say.
[[nodiscard]] std::vector<observe::Sample> actes_samples(const ActesSources& sources);

}  // namespace demat
