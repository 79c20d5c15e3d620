#include "gateway/pipeline/pipeline.hpp"

#include <algorithm>

#include "gateway/base/random.hpp"
#include "gateway/pipeline/check_stage.hpp"
#include "gateway/pipeline/poll_stage.hpp"
#include "gateway/pipeline/retry_policy.hpp"
#include "gateway/pipeline/send_stage.hpp"
#include "gateway/pipeline/settle_stage.hpp"

namespace demat::pipeline {
namespace {

using std::chrono::milliseconds;

/// How long a worker sleeps when nobody wakes it: the upper bound of the delay of a retry that became due.
constexpr milliseconds idle{1'000};
/// Between two looks at uncertain flows.
constexpr std::chrono::seconds reconcile_every{30};
/// An unstable return directory is listed again after this, if the poll period is longer.
constexpr milliseconds settle_time{500};
constexpr std::size_t check_batch = 4;
constexpr std::size_t send_batch = 8;

double unix_seconds(Instant instant) {
  return std::chrono::duration<double>(instant.time_since_epoch()).count();
}

milliseconds as_millis(Duration duration) {
  return std::chrono::ceil<milliseconds>(duration);
}

}  // namespace

Pipeline::Pipeline(Dependencies dependencies)
    : deps_(std::move(dependencies)), owner_(make_uuid_v7(deps_.clock.now())) {}

Pipeline::~Pipeline() {
  stop();
}

void Pipeline::start() {
  const auto& settings = deps_.settings;
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t checkers = settings.pipeline.check_workers > 0 ? settings.pipeline.check_workers : cores;
  for (std::size_t i = 0; i < checkers; ++i)
    threads_.emplace_back([this](std::stop_token stop) { run_checks(std::move(stop)); });
  for (const auto& destination : settings.destinations) {
    for (std::size_t i = 0; i < std::max<std::size_t>(1, destination.senders); ++i)
      threads_.emplace_back([this, &destination, i](std::stop_token stop) {
        run_sender(std::move(stop), destination, i == 0);
      });
    threads_.emplace_back(
        [this, &destination](std::stop_token stop) { run_poller(std::move(stop), destination); });
  }
  threads_.emplace_back([this](std::stop_token stop) { run_settler(std::move(stop)); });
  threads_.emplace_back([this](std::stop_token stop) { run_keeper(std::move(stop)); });
}

void Pipeline::wake() {
  to_check_.raise();
  to_send_.raise();
}

void Pipeline::stop() {
  for (auto& thread : threads_)
    thread.request_stop();
  threads_.clear();
}

std::vector<store::Claim> Pipeline::claim(const std::vector<flow::State>& states,
                                          const std::string& destination, std::size_t limit, Duration lease) {
  auto claims =
      deps_.store.claim({states, DestinationName{destination}, limit, owner_, deps_.clock.now(), lease});
  if (claims) return std::move(*claims);
  deps_.recorder.log().warning("pipeline.claim_failed", {{"because", claims.error().code}});
  return {};
}

void Pipeline::run_checks(std::stop_token stop) {
  const CheckStage stage(deps_);
  std::uint64_t seen = 0;
  while (!stop.stop_requested()) {
    const auto claims = claim(CheckStage::states(), {}, check_batch, deps_.settings.pipeline.lease);
    for (const auto& item : claims) {
      const auto started = deps_.clock.now();
      if (stage.process(item)) to_send_.raise();
      deps_.recorder.metrics().stage("check",
                                     std::chrono::duration<double>(deps_.clock.now() - started).count());
    }
    if (claims.empty()) to_check_.wait(stop, idle, seen);
  }
}

void Pipeline::run_sender(std::stop_token stop, const config::Destination& destination, bool reconciles) {
  SendStage stage(deps_, destination);
  std::uint64_t seen = 0;
  std::uint64_t never = 0;
  Signal pause;
  std::uint32_t troubles = 0;
  Instant next_reconciliation{};
  const auto rest = [&](PeerHealth health) {
    if (health == PeerHealth::well) {
      troubles = 0;
      return;
    }
    pause.wait(stop, as_millis(retry_delay(deps_.settings.pipeline.retry, ++troubles, random_fraction())),
               never);
  };
  while (!stop.stop_requested()) {
    if (reconciles && deps_.clock.now() >= next_reconciliation) {
      rest(stage.reconcile());
      next_reconciliation = deps_.clock.now() + reconcile_every;
    }
    // One flow at a time while the destination is in trouble, so that the others are not marked as tried.
    const auto claims =
        claim({flow::State::ready}, destination.name, troubles > 0 ? 1 : send_batch, stage.lease());
    for (const auto& item : claims) {
      if (stop.stop_requested()) break;
      rest(stage.process(item));
    }
    if (claims.empty()) to_send_.wait(stop, idle, seen);
  }
}

void Pipeline::run_poller(std::stop_token stop, const config::Destination& destination) {
  PollStage stage(deps_, destination);
  Signal pause;
  std::uint64_t never = 0;
  std::uint32_t troubles = 0;
  while (!stop.stop_requested()) {
    const auto outcome = stage.pass();
    milliseconds next = destination.poll_every;
    if (outcome.reached) {
      troubles = 0;
      deps_.recorder.metrics().last_success(destination.name, "poll", unix_seconds(deps_.clock.now()));
      if (outcome.unstable) next = std::min(next, settle_time);
    } else {
      next = std::max(next,
                      as_millis(retry_delay(deps_.settings.pipeline.retry, ++troubles, random_fraction())));
    }
    if (outcome.imported > 0) to_settle_.raise();
    pause.wait(stop, next, never);
  }
}

void Pipeline::run_settler(std::stop_token stop) {
  SettleStage stage(deps_);
  std::uint64_t seen = 0;
  while (!stop.stop_requested())
    if (!stage.pass()) to_settle_.wait(stop, idle, seen);
}

/// Turns sends whose worker vanished into uncertain flows.
void Pipeline::run_keeper(std::stop_token stop) {
  Signal pause;
  std::uint64_t never = 0;
  while (!stop.stop_requested()) {
    const auto expired = deps_.store.expire_sends(deps_.clock.now());
    if (!expired) deps_.recorder.log().warning("pipeline.keeper_failed", {{"because", expired.error().code}});
    if (expired)
      for (const auto& id : *expired)
        deps_.recorder.alarm("send.uncertain", id.str(), "its worker vanished");
    pause.wait(stop, milliseconds(10'000), never);
  }
}

}  // namespace demat::pipeline
