#include "gateway/pipeline/pipeline.hpp"

#include <algorithm>
#include <list>
#include <optional>

#include "gateway/base/random.hpp"
#include "gateway/base/thread_name.hpp"
#include "gateway/pipeline/check_stage.hpp"
#include "gateway/pipeline/clock_watch.hpp"
#include "gateway/pipeline/give_back.hpp"
#include "gateway/pipeline/poll_stage.hpp"
#include "gateway/pipeline/retry_policy.hpp"
#include "gateway/pipeline/return_acquits.hpp"
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
/// The keeper looks this often, or oftener when leases are short.
constexpr milliseconds keep_every{10'000};
/// Between two looks for flows that nobody will ever claim.
constexpr std::chrono::minutes unknown_every{10};
constexpr std::size_t check_batch = 4;
/// A turn that lasts longer is a hang: far above what one batch of large files, one transfer with its pauses,
/// or one pass over a slow directory takes.
constexpr milliseconds quick_patience{600'000};
constexpr milliseconds slow_patience{7'200'000};
/// Verdicts share a commit, this many or those of this time: what comes first does not wait long for the
/// rest.
constexpr std::size_t verdict_batch = 16;
constexpr milliseconds verdicts_within{20};

Duration steady_now() {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

/// Due, or put off because the clock went back.
bool is_time(Instant now, Instant next, Duration period) {
  return now >= next || next - now > period;
}

double unix_seconds(Instant instant) {
  return std::chrono::duration<double>(instant.time_since_epoch()).count();
}

milliseconds as_millis(Duration duration) {
  return std::chrono::ceil<milliseconds>(duration);
}

}  // namespace

Pipeline::Pipeline(Dependencies dependencies)
    : deps_(std::move(dependencies)), owner_(make_uuid_v7(deps_.clock.now())) {
  if (deps_.sends) sends_ = deps_.sends;
}

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
                                          const std::string& destination, std::size_t limit, Duration lease,
                                          std::optional<Instant> created_before) {
  auto claims = deps_.store.claim(
      {states, DestinationName{destination}, limit, owner_, deps_.clock.now(), lease, created_before});
  if (claims) return std::move(*claims);
  deps_.recorder.log().warning("pipeline.claim_failed", {{"because", claims.error().code}});
  return {};
}

void Pipeline::keep_turning(const std::stop_token& stop, std::string_view worker,
                            std::chrono::milliseconds patience, const std::function<void()>& turn) {
  Pulse::Beat beat(pulse_, worker, patience);
  Signal pause;
  std::uint64_t never = 0;
  std::uint32_t failures = 0;
  while (!stop.stop_requested()) {
    beat.turn();
    try {
      turn();
      failures = 0;
    } catch (const std::exception& broken) {
      deps_.recorder.alarm("pipeline.broken", worker, broken.what());
      pause.wait(stop, as_millis(retry_delay(deps_.settings.pipeline.retry, ++failures, random_fraction())),
                 never);
    }
  }
}

void Pipeline::work_on(const store::Claim& claim, const std::function<void()>& work) {
  try {
    work();
  } catch (const std::exception& broken) {
    deps_.recorder.alarm("pipeline.broken", claim.flow, broken.what());
    set_aside(claim);
  }
}

/// Only where the flow still is what was claimed: a send that threw after its intent becomes uncertain when
/// its lease has run out.
void Pipeline::set_aside(const store::Claim& claim) {
  store::Change change{.flow = claim.flow.id, .lease = claim.lease};
  change.expected = claim.flow.state;
  const auto now = deps_.clock.now();
  const auto delay =
      retry_delay_after(deps_.settings.pipeline.retry, now - claim.flow.created_at, random_fraction());
  change.wait = store::Change::Wait{now + delay, "pipeline.broken"};
  const auto done = deps_.store.apply(std::move(change));
  if (!done) deps_.recorder.overtaken(claim.flow, done.error());
}

void Pipeline::run_checks(std::stop_token stop) {
  name_this_thread("demat-check");
  const CheckStage stage(deps_);
  std::uint64_t seen = 0;
  keep_turning(stop, "checks", std::max(quick_patience, deps_.settings.pipeline.lease), [&] {
    std::list<InHand::Hold> holds;
    std::vector<CheckStage::Verdict> verdicts;
    const auto write_at = deps_.clock.now() + verdicts_within;
    bool more = true;
    while (more && verdicts.size() < verdict_batch && deps_.clock.now() < write_at && !stop.stop_requested())
      more = judge_some(stop, stage, holds, verdicts);
    const auto committed = stage.commit(std::move(verdicts));
    if (committed.ready) to_send_.raise();
    if (!more && !committed.again) to_check_.wait(stop, idle, seen);
  });
}

/// A few more verdicts; false when that was all there was to judge.
bool Pipeline::judge_some(const std::stop_token& stop, const CheckStage& stage,
                          std::list<InHand::Hold>& holds, std::vector<CheckStage::Verdict>& verdicts) {
  const auto claims = claim(CheckStage::states(), {}, check_batch, deps_.settings.pipeline.lease);
  for (const auto& item : claims)
    checks_.take(item.lease, holds);
  for (const auto& item : claims) {
    if (stop.stop_requested()) break;
    const auto started = deps_.clock.now();
    work_on(item, [&] { verdicts.push_back(stage.judge(item)); });
    deps_.recorder.metrics().stage("check",
                                   std::chrono::duration<double>(deps_.clock.now() - started).count());
  }
  return claims.size() == check_batch;
}

namespace {

steering::LinkOutcome link_of(PeerHealth health) {
  switch (health) {
    case PeerHealth::well:
      return steering::LinkOutcome::well;
    case PeerHealth::in_trouble:
      return steering::LinkOutcome::trouble;
    case PeerHealth::untried:
      break;
  }
  return steering::LinkOutcome::unknown;
}

}  // namespace

std::optional<PeerHealth> Pipeline::send_one(SendStage& stage, const std::string& destination) {
  std::optional<steering::Gate::Passage> passage;
  if (deps_.gate) passage.emplace(deps_.gate->enter(destination));
  if (passage && !passage->open()) return std::nullopt;
  // One at a time: a flow that waits behind a slow transfer could be sent by another connection meanwhile.
  const auto claims = claim({flow::State::ready}, destination, 1, stage.lease(),
                            passage ? passage->created_before() : std::nullopt);
  if (claims.empty()) return std::nullopt;
  const auto& item = claims.front();
  if (passage && !passage->admit(item.flow)) {
    give_back(deps_.store, deps_.recorder, item.flow, item.lease);
    return std::nullopt;
  }
  PeerHealth health = PeerHealth::untried;
  work_on(item, [&] { health = stage.send(item); });
  if (passage) passage->report(link_of(health));
  return health;
}

void Pipeline::run_sender(std::stop_token stop, const config::Destination& destination, bool reconciles) {
  name_this_thread("demat-send");
  std::optional<SendStage> stage;
  std::uint64_t seen = 0;
  std::uint64_t never = 0;
  Signal pause;
  std::uint32_t troubles = 0;
  Instant next_reconciliation{};
  const auto rest = [&](PeerHealth health) {
    if (health == PeerHealth::untried) return;
    if (health == PeerHealth::well) {
      troubles = 0;
      return;
    }
    auto delay = as_millis(retry_delay(deps_.settings.pipeline.retry, ++troubles, random_fraction()));
    // Where there is a breaker, long rests are its own.
    if (deps_.gate && deps_.settings.breaker.failures > 0)
      delay = std::min(delay, deps_.settings.breaker.rest);
    pause.wait(stop, delay, never);
  };
  keep_turning(stop, destination.name, slow_patience, [&] {
    if (!stage) stage.emplace(deps_, destination, sends_);
    if (reconciles && is_time(deps_.clock.now(), next_reconciliation, reconcile_every)) {
      next_reconciliation = deps_.clock.now() + reconcile_every;
      stage->settle();
      rest(stage->reconcile(stop));
      if (stop.stop_requested()) return;
    }
    const auto health = send_one(*stage, destination.name);
    // The outcome of a send goes to disk with the next intent, which comes at once, or here.
    if (health != PeerHealth::well || stop.stop_requested()) stage->settle();
    if (health)
      rest(*health);
    else
      to_send_.wait(stop, idle, seen);
  });
  if (stage) stage->settle();
}

void Pipeline::run_poller(std::stop_token stop, const config::Destination& destination) {
  name_this_thread("demat-poll");
  std::optional<PollStage> stage;
  Signal pause;
  std::uint64_t never = 0;
  std::uint32_t troubles = 0;
  keep_turning(stop, destination.name, slow_patience, [&] {
    if (!stage) stage.emplace(deps_, destination);
    const auto outcome = stage->pass(stop);
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
  });
}

void Pipeline::run_settler(std::stop_token stop) {
  name_this_thread("demat-settle");
  SettleStage stage(deps_);
  ReturnAcquits acquits(deps_.store, deps_.clock, deps_.recorder, deps_.settings.environment,
                        [this] { wake_check(); });
  std::uint64_t seen = 0;
  keep_turning(stop, "settler", quick_patience, [&] {
    const bool more = stage.pass();
    acquits.pass(deps_.settings.pipeline.retry);
    if (!more) to_settle_.wait(stop, idle, seen);
  });
}

/// Turns sends whose worker vanished into uncertain flows, and keeps the leases of running checks.
void Pipeline::run_keeper(std::stop_token stop) {
  name_this_thread("demat-keep");
  Signal pause;
  std::uint64_t never = 0;
  Instant next_report{};
  const auto period = std::clamp(deps_.settings.pipeline.lease / 3, milliseconds(1), keep_every);
  // Only the machine's clock steps; that of a test goes as the test pleases.
  const bool watches = dynamic_cast<const SystemClock*>(&deps_.clock) != nullptr;
  ClockWatch watch([this] { return deps_.clock.now(); }, steady_now);
  keep_turning(stop, "keeper", quick_patience, [&] {
    if (const auto step = watch.step(); watches && step != Duration{0}) follow_clock(step, stop);
    keep_leases(stop);
    if (is_time(deps_.clock.now(), next_report, unknown_every)) {
      next_report = deps_.clock.now() + unknown_every;
      report_unknown_destinations(stop);
    }
    const auto expired = deps_.store.expire_sends(deps_.clock.now());
    if (!expired) deps_.recorder.log().warning("pipeline.keeper_failed", {{"because", expired.error().code}});
    if (expired)
      for (const auto& id : *expired)
        deps_.recorder.alarm("send.uncertain", id.str(), "its worker vanished");
    pause.wait(stop, period, never);
  });
}

/// After a step of the clock: running sends get their lease anew, or they would be given up, and waits that
/// would now last longer are brought back.
void Pipeline::follow_clock(Duration step, const std::stop_token& stop) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(step).count();
  deps_.recorder.log().warning("clock.stepped", {{"seconds", seconds}});
  const auto now = deps_.clock.now();
  Duration longest{0};
  for (const auto& destination : deps_.settings.destinations)
    longest = std::max<Duration>(longest, destination.connect_timeout + destination.transfer_timeout);
  for (const auto& lease : sends_->leases()) {
    const auto renewed = deps_.store.renew(lease, now + deps_.settings.pipeline.lease + longest);
    if (!renewed && !is_overtaken(renewed.error()))
      deps_.recorder.log().warning("pipeline.keeper_failed", {{"because", renewed.error().code}});
  }
  if (step < Duration{0}) bring_waits_back(step, stop);
}

/// Every flow of the filter, page by page; ends between two flows when asked to stop.
void Pipeline::for_each(const store::FlowFilter& filter, const std::stop_token& stop,
                        const std::function<void(const flow::Flow&)>& work) {
  std::string cursor;
  do {
    const auto page = deps_.store.list(filter, cursor, limits::max_page);
    if (!page)
      return deps_.recorder.log().warning("pipeline.keeper_failed", {{"because", page.error().code}});
    for (const auto& flow : page->items) {
      if (stop.stop_requested()) return;
      work(flow);
    }
    cursor = page->next;
  } while (!cursor.empty());
}

void Pipeline::wait_until(const flow::Flow& flow, Instant until, std::string_view code) {
  store::Change change{.flow = flow.id};
  change.expected = flow.state;
  change.wait = store::Change::Wait{until, std::string(code)};
  // Where the answer it waits for came since it was listed, the store makes it due at once.
  if (code == flow.waiting_code) change.wait->flow = flow.waits_for;
  if (const auto done = deps_.store.apply(std::move(change)); !done)
    deps_.recorder.overtaken(flow, done.error());
}

void Pipeline::bring_waits_back(Duration step, const std::stop_token& stop) {
  store::FlowFilter filter;
  filter.states = CheckStage::states();
  filter.states.push_back(flow::State::ready);
  for_each(filter, stop, [&](const flow::Flow& flow) {
    // A flow that nobody has taken yet is due since it came.
    const auto due = flow.next_attempt_at.value_or(flow.created_at);
    if (due > deps_.clock.now()) wait_until(flow, due + step, flow.waiting_code);
  });
  if (!stop.stop_requested()) wake();
}

/// A check may take longer than a lease: without this, workers would take the flow from each other for ever.
void Pipeline::keep_leases(const std::stop_token& stop) {
  for (const auto& lease : checks_.leases()) {
    if (stop.stop_requested()) return;
    const auto renewed = deps_.store.renew(lease, deps_.clock.now() + deps_.settings.pipeline.lease);
    if (!renewed && !is_overtaken(renewed.error()))
      deps_.recorder.log().warning("pipeline.keeper_failed", {{"because", renewed.error().code}});
  }
}

bool Pipeline::is_configured(const DestinationName& name) const {
  const auto& all = deps_.settings.destinations;
  return std::any_of(all.begin(), all.end(), [&name](const auto& one) { return one.name == name.str(); });
}

/// Ready flows whose destination is no longer configured have no sender; they say so, and go on by themselves
/// when it comes back.
void Pipeline::report_unknown_destinations(const std::stop_token& stop) {
  const auto names = deps_.store.destinations_of(flow::State::ready);
  if (!names)
    return deps_.recorder.log().warning("pipeline.keeper_failed", {{"because", names.error().code}});
  for (const auto& name : *names)
    if (!is_configured(name)) report_unknown(stop, name);
}

void Pipeline::report_unknown(const std::stop_token& stop, const DestinationName& name) {
  constexpr std::string_view code = "destination.unknown";
  store::FlowFilter filter;
  filter.states = {flow::State::ready};
  filter.destination = name;
  for_each(filter, stop, [&](const flow::Flow& flow) {
    deps_.recorder.alarm(code, flow, flow.destination.str());
    if (flow.waiting_code != code) wait_until(flow, deps_.clock.now(), code);
  });
}

}  // namespace demat::pipeline
