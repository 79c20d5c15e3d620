#include "gateway/steering/gate.hpp"

#include <algorithm>
#include <utility>

namespace demat::steering {
namespace {

using store::Pause;
using store::PauseKind;

/// Pauses are read again after this, should another process have written them.
constexpr std::chrono::seconds pauses_last{1};

/// Flows that wait because of the link; others have a reason of their own.
const std::vector<std::string>& link_codes() {
  static const std::vector<std::string> codes{
      "transport.unreachable", "transport.timeout",     "transport.login",       "transport.identity",
      "transport.full",        "transport.interrupted", "transport.unavailable", "transport.unexpected"};
  return codes;
}

bool concerns(const Pause& pause, const std::string& destination) {
  return pause.destination.str() == destination || pause.destination.str() == store::all_destinations;
}

bool lasts(const Pause& pause, Instant now) {
  return !pause.until || now < *pause.until;
}

}  // namespace

Gate::Gate(const config::Settings& settings, store::Store& store, const Clock& clock, observe::Logger& log)
    : store_(store), clock_(clock), log_(log) {
  for (const auto& destination : settings.destinations) {
    names_.push_back(destination.name);
    lanes_.emplace(destination.name,
                   Lane{Windows(settings.windows, destination.name), Breaker(settings.breaker)});
  }
}

Gate::Passage::Passage(Passage&& other) noexcept
    : gate_(std::exchange(other.gate_, nullptr)),
      destination_(std::move(other.destination_)),
      obstacle_(std::move(other.obstacle_)),
      created_before_(other.created_before_),
      outcome_(other.outcome_),
      probe_(other.probe_) {}

Gate::Passage::~Passage() {
  if (gate_ != nullptr && open()) gate_->end(destination_, outcome_, probe_);
}

bool Gate::Passage::admit(const flow::Flow& flow) {
  return open() && gate_->admit(destination_, flow);
}

Gate::Passage Gate::enter(const std::string& destination) {
  Passage out(this, destination);
  const Instant now = clock_.now();
  {
    const std::lock_guard lock(mutex_);
    read_pauses_if_old(now);
    const auto found = lanes_.find(destination);
    if (found == lanes_.end()) {
      out.obstacle_ = Obstacle{"destination.unknown", std::nullopt};
      return out;
    }
    out.obstacle_ = obstacle_of(destination, found->second, now);
    if (out.obstacle_) return out;
    if (const auto* drain = pause_of(destination, now, true)) out.created_before_ = drain->since;
    out.probe_ = found->second.breaker.began(now);
    if (!out.probe_ || std::exchange(found->second.hastened, true)) return out;
  }
  // So that the oldest flow is the first to go when the link is back.
  hasten(destination);
  return out;
}

void Gate::hasten(const std::string& destination) {
  const auto done = store_.steering().hasten(DestinationName{destination}, link_codes());
  if (!done) log_.warning("steering.failed", {{"destination", destination}, {"because", done.error().code}});
}

bool Gate::admit(const std::string& destination, const flow::Flow& flow) {
  const Instant now = clock_.now();
  WindowState window;
  {
    const std::lock_guard lock(mutex_);
    window = window_of(lanes_.at(destination), now);
  }
  if (!window.open) return false;
  if (window.budget == 0) return true;
  const auto reserved = store_.steering().reserve({DestinationName{destination}, window.slot, flow.id,
                                                   flow.attempts + 1, flow.outgoing_size, window.budget});
  if (!reserved) {
    log_.warning("steering.failed", {{"destination", destination}, {"because", reserved.error().code}});
    return false;
  }
  if (!*reserved) {
    const std::lock_guard lock(mutex_);
    lanes_.at(destination).full_slot = window.slot;
  }
  return *reserved;
}

void Gate::end(const std::string& destination, LinkOutcome outcome, bool probe) {
  const Instant now = clock_.now();
  bool back = false;
  std::optional<Instant> opened;
  {
    const std::lock_guard lock(mutex_);
    auto& lane = lanes_.at(destination);
    const bool was_open = lane.breaker.state(now) == BreakerState::open;
    back = lane.breaker.ended(outcome, probe, now);
    if (!was_open && lane.breaker.state(now) == BreakerState::open) {
      opened = lane.breaker.until();
      lane.hastened = false;
    }
  }
  if (opened) log_.warning("breaker.opened", {{"destination", destination}, {"until", to_iso8601(*opened)}});
  if (!back) return;
  log_.info("breaker.closed", {{"destination", destination}});
  hasten(destination);
}

void Gate::read_pauses_if_old(Instant now) {
  // A clock that was set back must not make them last.
  if (pauses_read_ && now >= *pauses_read_ && now - *pauses_read_ < pauses_last) return;
  if (auto status = read_pauses(now); !status)
    log_.warning("steering.failed", {{"because", status.error().code}});
}

Status Gate::read_pauses(Instant now) {
  auto read = store_.steering().pauses();
  if (!read) return failure(std::move(read.error()));
  pauses_ = std::move(*read);
  pauses_read_ = now;
  return {};
}

Status Gate::refresh() {
  const std::lock_guard lock(mutex_);
  return read_pauses(clock_.now());
}

bool Gate::close_breaker(const std::string& destination) {
  const std::lock_guard lock(mutex_);
  const auto found = lanes_.find(destination);
  if (found == lanes_.end()) return false;
  found->second.breaker.reset();
  return true;
}

/// A pause that only drains, or one that stops everything. Of two drains the earlier one counts.
const Pause* Gate::pause_of(const std::string& destination, Instant now, bool draining) const {
  const Pause* first = nullptr;
  for (const auto& pause : pauses_) {
    if ((pause.kind == PauseKind::draining) != draining) continue;
    if (!concerns(pause, destination) || !lasts(pause, now)) continue;
    if (first == nullptr || pause.since < first->since) first = &pause;
  }
  return first;
}

const WindowState& Gate::window_of(Lane& lane, Instant now) const {
  const bool known = lane.window_until && now >= lane.window_from && now < *lane.window_until;
  if (!known) {
    lane.window = lane.windows.at(now);
    lane.window_from = now;
    lane.window_until = std::min(lane.window.slot_end, lane.window.next.value_or(lane.window.slot_end));
  }
  return lane.window;
}

std::optional<Obstacle> Gate::obstacle_of(const std::string& destination, Lane& lane, Instant now) {
  if (!pauses_read_) return Obstacle{"sending.paused", std::nullopt};
  if (const auto* pause = pause_of(destination, now, false)) return Obstacle{"sending.paused", pause->until};
  const auto& window = window_of(lane, now);
  if (!window.open) return Obstacle{"window.closed", window.next};
  if (window.budget > 0 && lane.full_slot == window.slot) return Obstacle{"window.full", window.slot_end};
  if (lane.breaker.lets_through(now)) return std::nullopt;
  if (lane.breaker.state(now) == BreakerState::open) return Obstacle{"breaker.open", lane.breaker.until()};
  return Obstacle{"breaker.probing", std::nullopt};
}

DestinationView Gate::view_of(const std::string& destination, Lane& lane, Instant now) {
  DestinationView out;
  out.name = destination;
  for (const auto& pause : pauses_)
    if (concerns(pause, destination) && lasts(pause, now)) out.pauses.push_back(pause);
  out.breaker = lane.breaker.state(now);
  if (out.breaker == BreakerState::open) out.breaker_until = lane.breaker.until();
  out.windows_defined = lane.windows.defined();
  out.window = window_of(lane, now);
  out.obstacle = obstacle_of(destination, lane, now);
  return out;
}

std::optional<Obstacle> Gate::obstacle(const std::string& destination) {
  const std::lock_guard lock(mutex_);
  const auto found = lanes_.find(destination);
  if (found == lanes_.end()) return Obstacle{"destination.unknown", std::nullopt};
  const Instant now = clock_.now();
  read_pauses_if_old(now);
  return obstacle_of(destination, found->second, now);
}

Result<std::vector<DestinationView>> Gate::views() {
  std::vector<DestinationView> out;
  {
    const std::lock_guard lock(mutex_);
    const Instant now = clock_.now();
    read_pauses_if_old(now);
    for (const auto& name : names_)
      out.push_back(view_of(name, lanes_.at(name), now));
  }
  for (auto& view : out) {
    if (view.window.budget == 0) continue;
    const auto used = store_.steering().used(DestinationName{view.name}, view.window.slot);
    if (!used) return failure(used.error());
    view.bytes_left = view.window.budget - std::min(*used, view.window.budget);
  }
  return out;
}

std::vector<observe::Sample> Gate::samples() {
  std::vector<observe::Sample> out;
  const auto all = views();
  if (!all) return out;
  for (const auto& view : *all) {
    const std::vector<std::pair<std::string, std::string>> labels{{"destination", view.name}};
    out.push_back(
        {"demat_paused", "Whether sending is paused or drained", labels, view.pauses.empty() ? 0.0 : 1.0});
    out.push_back(
        {"demat_breaker_state", "0 closed, 1 half-open, 2 open", labels,
         view.breaker == BreakerState::closed ? 0.0 : (view.breaker == BreakerState::open ? 2.0 : 1.0)});
    if (view.windows_defined)
      out.push_back({"demat_window_open", "Whether a transmission window is open", labels,
                     view.window.open ? 1.0 : 0.0});
    if (view.bytes_left)
      out.push_back({"demat_window_bytes_remaining", "Bytes that this hour may still take", labels,
                     static_cast<double>(*view.bytes_left)});
  }
  return out;
}

}  // namespace demat::steering
