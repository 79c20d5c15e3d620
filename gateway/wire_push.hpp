#pragma once

#include <memory>

#include "gateway/generation.hpp"
#include "gateway/mailing/postman.hpp"
#include "gateway/periodic.hpp"
#include "gateway/pipeline/recorder.hpp"
#include "gateway/push/deliverer.hpp"
#include "gateway/push/event_hub.hpp"

namespace demat::wiring {

/// Those who tell callers and people what happens. The hub wakes the others, so it goes first.
struct Pushing {
  std::unique_ptr<push::Deliverer> deliverer;
  std::unique_ptr<mailing::Postman> postman;
  std::unique_ptr<push::EventHub> events;
};

/// What watches over mails to people calls the server that they leave by.
inline constexpr std::string_view mail_part = "mail";

/// References outlive it. A delivery that is given up is the alarm `push.given_up`, a mail `mail.failed`.
[[nodiscard]] Pushing start_pushing(const CurrentGeneration& current, store::Store& store, const Clock& clock,
                                    pipeline::Recorder& recorder);

/// Mails by state, and how long the oldest one has waited.
void add_mail_gauges(observe::Metrics& metrics, store::Store& store, const Clock& clock);

/// Drops, now and then, what callers left behind: uploads without news, idempotency keys past their life, old
/// deliveries, mails that ended.
void add_sweeping(Periodic& periodic, const CurrentGeneration& current, store::Store& store,
                  const Clock& clock);

}  // namespace demat::wiring
