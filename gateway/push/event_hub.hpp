#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "gateway/http/message.hpp"
#include "gateway/store/outbox.hpp"

namespace demat::push {

/// Who listens to what.
struct Subscription {
  IdentityId caller;
  store::FeedFilter filter;
  std::uint64_t after = 0;  ///< place in the journal
  /// Asked now and then: is the caller still let in? Must be thread-safe.
  std::function<bool()> still_allowed;
};

/// One event as JSON, for streams and webhooks alike.
[[nodiscard]] std::string event_json(const store::FeedEvent& event);

/// Streams of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) over the
/// store's journal. Thread-safe; streams may outlive it, they just hear nothing new.
class EventHub {
 public:
  static constexpr std::size_t most_per_caller = 8;

  /// `store` outlives it. `also` is called whenever streams are woken; must be quick.
  explicit EventHub(store::Store& store, std::function<void()> also = {});
  ~EventHub();
  EventHub(const EventHub&) = delete;
  EventHub& operator=(const EventHub&) = delete;

  /// Error: `push.too_many_streams` (waiting).
  [[nodiscard]] Result<http::Feed> open(Subscription subscription);

 private:
  struct Registry;
  class Stream;
  void run(const std::stop_token& stop);

  store::Store& store_;
  std::function<void()> also_;
  std::shared_ptr<Registry> registry_;
  std::mutex mutex_;
  std::condition_variable_any told_;
  bool news_ = false;
  bool resting_ = false;  ///< between two wakings
  std::jthread thread_;   // last: it uses all the others
};

}  // namespace demat::push
