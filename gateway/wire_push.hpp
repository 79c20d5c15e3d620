#pragma once

#include <memory>

#include "gateway/generation.hpp"
#include "gateway/periodic.hpp"
#include "gateway/pipeline/recorder.hpp"
#include "gateway/push/deliverer.hpp"
#include "gateway/push/event_hub.hpp"

namespace demat::wiring {

/// Those who tell callers what happens. The hub wakes the deliverer, so it goes first.
struct Pushing {
  std::unique_ptr<push::Deliverer> deliverer;
  std::unique_ptr<push::EventHub> events;
};

/// References outlive it. A delivery that is given up is the alarm `push.given_up`.
[[nodiscard]] Pushing start_pushing(const CurrentGeneration& current, store::Store& store, const Clock& clock,
                                    pipeline::Recorder& recorder);

/// Drops, now and then, what callers left behind: uploads without news, idempotency keys past their life, old
/// deliveries.
void add_sweeping(Periodic& periodic, const CurrentGeneration& current, store::Store& store,
                  const Clock& clock);

}  // namespace demat::wiring
