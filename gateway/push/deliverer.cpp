#include "gateway/push/deliverer.hpp"

#include <algorithm>

namespace demat::push {
namespace {

using std::chrono::seconds;

constexpr std::size_t at_once = 20;
constexpr seconds first_wait{5};
constexpr seconds longest_wait{3'600};
constexpr seconds longest_sleep{60};

}  // namespace

Duration wait_after(std::uint32_t attempts) {
  const std::uint32_t doublings = std::min<std::uint32_t>(attempts > 0 ? attempts - 1 : 0, 12);
  return std::min<Duration>(first_wait * (1U << doublings), longest_wait);
}

Deliverer::Deliverer(DelivererParts parts) : parts_(std::move(parts)) {
  for (std::size_t i = 0; i < parts_.workers; ++i)
    threads_.emplace_back([this](const std::stop_token& stop) { run(stop); });
}

Deliverer::~Deliverer() {
  for (auto& thread : threads_)
    thread.request_stop();
}

void Deliverer::wake() {
  {
    const std::lock_guard lock(mutex_);
    ++wakes_;
  }
  woken_.notify_all();
}

std::uint64_t Deliverer::wakes() {
  const std::lock_guard lock(mutex_);
  return wakes_;
}

void Deliverer::report(const Error& error) const {
  if (parts_.trouble) parts_.trouble("push.store", error.code);
}

void Deliverer::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    bool more = false;
    const auto seen = wakes();
    try {
      more = pass();
    } catch (const std::exception& broken) {
      if (parts_.trouble) parts_.trouble("push.broken", broken.what());
    }
    if (!more) sleep(stop, seen);
  }
}

/// Until the next delivery is due, news come, or a minute has passed.
void Deliverer::sleep(const std::stop_token& stop, std::uint64_t seen) {
  Duration wait = longest_sleep;
  const bool open = !parts_.settings().allowed_hosts.empty();
  if (const auto next = parts_.store.outbox().next_due(); open && next && *next)
    wait = std::clamp<Duration>(**next - parts_.clock.now(), std::chrono::milliseconds(200), longest_sleep);
  std::unique_lock lock(mutex_);
  woken_.wait_for(lock, stop, wait, [seen, this] { return seen != wakes_; });
}

/// Takes the due deliveries of one webhook that nobody has in hand.
std::vector<store::DueDelivery> Deliverer::take() {
  const std::lock_guard lock(mutex_);
  auto due = parts_.store.outbox().due(parts_.clock.now(), busy_, at_once);
  if (!due) {
    report(due.error());
    return {};
  }
  if (!due->empty()) busy_.insert(due->front().webhook.id);
  return std::move(*due);
}

void Deliverer::give_back(const store::WebhookId& webhook) {
  const std::lock_guard lock(mutex_);
  busy_.erase(webhook);
}

/// True when there may be more to do at once.
bool Deliverer::pass() {
  const auto push = parts_.settings();
  if (push.allowed_hosts.empty()) return false;
  const auto spread = parts_.store.outbox().spread();
  if (!spread) {
    report(spread.error());
    return false;
  }
  const auto due = take();
  if (due.empty()) return *spread;
  struct Hand {
    Deliverer& self;
    const store::WebhookId& webhook;
    ~Hand() { self.give_back(webhook); }
  } const hand{*this, due.front().webhook.id};
  for (const auto& one : due) {
    if (!attempt(one, push)) break;
  }
  return true;
}

bool Deliverer::attempt(const store::DueDelivery& due, const config::Push& push) {
  const auto outcome = parts_.send(due, push, parts_.clock.now());
  auto& outbox = parts_.store.outbox();
  if (outcome.error_code.empty()) {
    const auto noted = outbox.delivered(due.delivery.id, outcome.http_status);
    if (!noted) report(noted.error());
    return noted.has_value();
  }
  const auto now = parts_.clock.now();
  store::DeliveryFailure failure{outcome.http_status, outcome.error_code,
                                 now + wait_after(due.delivery.attempts + 1)};
  failure.give_up = now - due.delivery.created_at >= push.give_up;
  failure.unreachable = outcome.http_status == 0;
  if (const auto noted = outbox.failed(due.delivery.id, failure); !noted) {
    report(noted.error());
    return false;
  }
  if (failure.give_up && parts_.given_up) parts_.given_up(due, outcome);
  return !failure.unreachable;
}

}  // namespace demat::push
