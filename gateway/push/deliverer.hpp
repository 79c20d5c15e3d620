#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "gateway/config/settings.hpp"
#include "gateway/push/webhook_sender.hpp"
#include "gateway/store/outbox.hpp"

namespace demat::push {

/// What the deliverer works with; tests give their own. All must be thread-safe.
struct DelivererParts {
  store::Store& store;
  const Clock& clock;
  std::function<config::Push()> settings;
  /// A delivery was given up: somebody must look.
  std::function<void(const store::DueDelivery&, const SendOutcome&)> given_up;
  std::function<void(std::string_view code, std::string_view detail)> trouble;
  std::function<SendOutcome(const store::DueDelivery&, const config::Push&, Instant)> send = send_webhook;
  std::size_t workers = 4;
};

/// How long until the next attempt after `attempts` failed ones: 5 s, then twice as long, at most an hour.
[[nodiscard]] Duration wait_after(std::uint32_t attempts);

/// Sends webhooks: at least once, in order per flow, each recipient on its own. A recipient that does not
/// answer is left alone for a while with all its deliveries; a delivery that is refused waits alone. A crash
/// between a POST and its record sends it again: Demat-Delivery is then the same.
class Deliverer {
 public:
  explicit Deliverer(DelivererParts parts);
  ~Deliverer();  ///< waits for running attempts, which end within push.timeout
  Deliverer(const Deliverer&) = delete;
  Deliverer& operator=(const Deliverer&) = delete;

  /// There may be new events. From any thread.
  void wake();

 private:
  void run(const std::stop_token& stop);
  [[nodiscard]] bool pass();
  [[nodiscard]] std::vector<store::DueDelivery> take();
  void give_back(const store::WebhookId& webhook);
  /// False: nothing more is worth a try with this recipient now.
  [[nodiscard]] bool attempt(const store::DueDelivery& due, const config::Push& push);
  [[nodiscard]] std::uint64_t wakes();
  void sleep(const std::stop_token& stop, std::uint64_t seen);
  void report(const Error& error) const;

  DelivererParts parts_;
  std::mutex mutex_;
  std::condition_variable_any woken_;
  std::uint64_t wakes_ = 0;
  std::set<store::WebhookId> busy_;
  std::vector<std::jthread> threads_;  // last: they use all the others
};

}  // namespace demat::push
