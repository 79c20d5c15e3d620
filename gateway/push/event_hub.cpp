#include "gateway/push/event_hub.hpp"

#include <boost/json.hpp>
#include <chrono>
#include <map>
#include <set>
#include <utility>

namespace demat::push {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds pause{200};  ///< between two wakings
constexpr std::chrono::seconds look_again{30};   ///< whether the caller is still let in
constexpr std::size_t events_at_once = 100;

Error too_many_streams() {
  return waiting_error("push.too_many_streams",
                       "Votre certificat écoute déjà assez de flux d'événements : fermez-en un.",
                       "Your certificate listens to enough event streams already: close one.");
}

}  // namespace

std::string event_json(const store::FeedEvent& event) {
  return boost::json::serialize(boost::json::object{{"id", event.cursor},
                                                    {"flow", event.flow.str()},
                                                    {"number", event.number},
                                                    {"code", event.code},
                                                    {"from", to_string(event.from)},
                                                    {"state", to_string(event.to)},
                                                    {"at", to_iso8601(event.at)},
                                                    {"authority", event.authority.str()},
                                                    {"environment", event.environment}});
}

/// The streams that are open.
struct EventHub::Registry {
  std::mutex mutex;
  std::map<Stream*, std::function<void()>> wakes;
  std::map<IdentityId, std::size_t> counts;

  bool enter(const IdentityId& caller) {
    const std::lock_guard lock(mutex);
    auto& count = counts[caller];
    if (count >= most_per_caller) return false;
    ++count;
    return true;
  }
  void leave(const IdentityId& caller, Stream* stream) {
    const std::lock_guard lock(mutex);
    wakes.erase(stream);
    if (--counts[caller] == 0) counts.erase(caller);
  }
  void set(Stream* stream, std::function<void()> wake) {
    const std::lock_guard lock(mutex);
    if (wake)
      wakes[stream] = std::move(wake);
    else
      wakes.erase(stream);
  }
  void wake_all() {
    const std::lock_guard lock(mutex);
    for (const auto& [stream, wake] : wakes)
      wake();
  }
};

class EventHub::Stream final : public http::EventFeed {
 public:
  /// Has entered the registry; leaves it.
  Stream(store::Store& store, std::shared_ptr<Registry> registry, Subscription subscription,
         std::string cursor)
      : store_(store),
        registry_(std::move(registry)),
        subscription_(std::move(subscription)),
        hello_("retry: 5000\nid: " + cursor + "\n\n") {}
  ~Stream() override { registry_->leave(subscription_.caller, this); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  std::optional<std::string> next() override {
    if (!hello_.empty()) return std::exchange(hello_, {});
    if (SteadyClock::now() >= look_at_) {
      look_at_ = SteadyClock::now() + look_again;
      if (subscription_.still_allowed && !subscription_.still_allowed()) return std::nullopt;
    }
    const auto page = store_.outbox().feed(subscription_.filter, subscription_.after, events_at_once);
    if (!page) return std::nullopt;  // the client comes back with its Last-Event-ID
    subscription_.after = page->reached;
    std::string out;
    for (const auto& event : page->events)
      out.append("id: ")
          .append(event.cursor)
          .append("\nevent: flow\ndata: ")
          .append(event_json(event))
          .append("\n\n");
    if (out.empty() && page->more) out = ":\n\n";  // nothing of theirs so far: look at once at what follows
    return out;
  }

  void wake_with(std::function<void()> wake) override { registry_->set(this, std::move(wake)); }

 private:
  store::Store& store_;
  std::shared_ptr<Registry> registry_;
  Subscription subscription_;
  std::string hello_;
  SteadyClock::time_point look_at_ = SteadyClock::now() + look_again;
};

EventHub::EventHub(store::Store& store, std::function<void()> also)
    : store_(store), also_(std::move(also)), registry_(std::make_shared<Registry>()) {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  store_.outbox().watch([this] {
    const std::lock_guard lock(mutex_);
    // One waking for many commits: what rests looks by itself when it has rested.
    if (!std::exchange(news_, true) && !resting_) told_.notify_one();
  });
}

EventHub::~EventHub() {
  store_.outbox().watch({});
}

void EventHub::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::unique_lock lock(mutex_);
    if (!told_.wait(lock, stop, [this] { return news_; })) return;
    news_ = false;
    lock.unlock();
    registry_->wake_all();
    if (also_) also_();
    lock.lock();
    resting_ = true;
    told_.wait_for(lock, stop, pause, [] { return false; });
    resting_ = false;
  }
}

Result<http::Feed> EventHub::open(Subscription subscription) {
  if (!registry_->enter(subscription.caller)) return failure(too_many_streams());
  auto cursor = store_.outbox().cursor_of(subscription.after);
  return std::make_shared<Stream>(store_, registry_, std::move(subscription), std::move(cursor));
}

}  // namespace demat::push
