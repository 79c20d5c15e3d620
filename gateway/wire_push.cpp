#include "gateway/wire_push.hpp"

#include "gateway/store/tickets.hpp"
#include "gateway/store/uploads.hpp"

namespace demat::wiring {
namespace {

constexpr std::chrono::days deliveries_kept{30};

Status sweep(const CurrentGeneration& current, store::Store& store, const Clock& clock) {
  const auto guards = current.get()->settings.guards;
  const auto now = clock.now();
  if (const auto done = store.uploads().expire(now - guards.upload_life); !done) return failure(done.error());
  if (const auto done = store.tickets().forget_before(now - guards.idempotency_life); !done)
    return failure(done.error());
  if (const auto done = store.outbox().forget_deliveries(now - deliveries_kept); !done)
    return failure(done.error());
  return {};
}

}  // namespace

Pushing start_pushing(const CurrentGeneration& current, store::Store& store, const Clock& clock,
                      pipeline::Recorder& recorder) {
  push::DelivererParts parts{store, clock, [&current] { return current.get()->settings.push; }, {}, {}};
  parts.given_up = [&recorder](const store::DueDelivery& due, const push::SendOutcome& outcome) {
    recorder.alarm("push.given_up", due.webhook.id.str(), outcome.error_code);
  };
  parts.trouble = [&recorder](std::string_view code, std::string_view detail) {
    recorder.log().warning(code, {{"because", detail}});
  };
  Pushing out;
  out.deliverer = std::make_unique<push::Deliverer>(std::move(parts));
  out.events =
      std::make_unique<push::EventHub>(store, [deliverer = out.deliverer.get()] { deliverer->wake(); });
  return out;
}

void add_sweeping(Periodic& periodic, const CurrentGeneration& current, store::Store& store,
                  const Clock& clock) {
  periodic.add({"sweep", std::chrono::minutes(1),
                [&current, &store, &clock](const std::stop_token&) { return sweep(current, store, clock); }});
}

}  // namespace demat::wiring
