#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/flow/state.hpp"
#include "gateway/store/store.hpp"

namespace demat::store {

using WebhookId = Strong<struct WebhookIdTag>;
using DeliveryId = Strong<struct DeliveryIdTag>;

/// One event of one flow, for those who want to be told.
struct FeedEvent {
  std::uint64_t sequence = 0;  ///< place in the journal; not for callers: it tells how much others do
  std::string cursor;          ///< the same, sealed
  std::uint64_t number = 0;    ///< place in the flow's own history
  FlowId flow;
  AuthorityId authority;
  std::string environment;
  Instant at{};
  std::string code;
  flow::State from = flow::State::received;
  flow::State to = flow::State::received;
};
/// Whose events.
struct FeedFilter {
  std::optional<std::set<AuthorityId>> authorities;  ///< unset: all
  std::optional<FlowId> flow;
};
struct FeedPage {
  std::vector<FeedEvent> events;  ///< in order
  std::uint64_t reached = 0;      ///< everything up to here has been looked at
  bool more = false;
};

/// Who wants to be told of the events of one authority, by a POST.
struct Webhook {
  WebhookId id;
  AuthorityId authority;
  std::string url;
  std::string created_by;
  Instant created_at{};
  std::optional<Instant> failing_since;  ///< it has not taken anything since
  std::optional<Instant> next_attempt_at;
};

enum class DeliveryState { pending, delivered, given_up };
[[nodiscard]] std::string_view to_string(DeliveryState state);

/// One event on its way to one webhook.
struct Delivery {
  DeliveryId id;
  WebhookId webhook;
  std::uint64_t sequence = 0;
  FlowId flow;
  std::string code;
  flow::State to = flow::State::received;
  DeliveryState state = DeliveryState::pending;
  std::uint32_t attempts = 0;
  Instant created_at{};
  std::optional<Instant> next_attempt_at;  ///< while pending
  std::optional<Instant> ended_at;
  int http_status = 0;     ///< of the last attempt; 0: no answer came
  std::string error_code;  ///< of the last attempt
};
/// With what is needed to send it.
struct DueDelivery {
  Delivery delivery;
  Webhook webhook;
  std::string secret;
  FeedEvent event;
};
/// How an attempt went wrong.
struct DeliveryFailure {
  int http_status = 0;
  std::string error_code;
  Instant next{};
  bool give_up = false;
  bool unreachable = false;  ///< nothing else is worth a try before `next`
};

/// Webhook subscriptions and what is to be delivered to each of them. A part of Store: same durability,
/// thread-safety and errors.
class Outbox {
 public:
  virtual ~Outbox() = default;

  // --- the feed of events
  /// Events after `after`; at most `limit` of them, after looking at a bounded part of the journal.
  [[nodiscard]] virtual Result<FeedPage> feed(const FeedFilter& filter, std::uint64_t after,
                                              std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::uint64_t> latest() = 0;
  [[nodiscard]] virtual std::string cursor_of(std::uint64_t place) const = 0;
  /// A cursor as the feed gave it. Error: `store.bad_cursor`.
  [[nodiscard]] virtual Result<std::uint64_t> place_of(std::string_view cursor) const = 0;
  /// Calls `told` after each commit that added events, on the writer's thread: it must only wake somebody. An
  /// empty function ends it.
  virtual void watch(std::function<void()> told) = 0;

  // --- webhooks
  /// From now on. The secret is kept sealed with a key made from journal.key.
  [[nodiscard]] virtual Result<Webhook> add_webhook(Webhook webhook, const std::string& secret) = 0;
  [[nodiscard]] virtual Result<std::optional<Webhook>> find_webhook(const WebhookId& id) = 0;
  [[nodiscard]] virtual Result<std::vector<Webhook>> webhooks(
      const std::optional<std::set<AuthorityId>>& authorities) = 0;
  /// With its deliveries. Error: `store.not_found`.
  [[nodiscard]] virtual Status remove_webhook(const WebhookId& id, const std::string& actor) = 0;

  // --- deliveries
  /// Makes deliveries of what the journal holds since each webhook's place, which moves on in the same
  /// transaction: no event is lost and none comes twice by this. True when there may be more.
  [[nodiscard]] virtual Result<bool> spread() = 0;
  /// Due deliveries of one webhook that is not `busy`, at most one per flow, in order.
  [[nodiscard]] virtual Result<std::vector<DueDelivery>> due(Instant now, const std::set<WebhookId>& busy,
                                                             std::size_t limit) = 0;
  /// When the next one is due.
  [[nodiscard]] virtual Result<std::optional<Instant>> next_due() = 0;
  [[nodiscard]] virtual Status delivered(const DeliveryId& id, int http_status) = 0;
  [[nodiscard]] virtual Status failed(const DeliveryId& id, const DeliveryFailure& how) = 0;
  /// Newest first.
  [[nodiscard]] virtual Result<Page<Delivery>> deliveries(const WebhookId& webhook, const std::string& cursor,
                                                          std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::optional<Delivery>> find_delivery(const DeliveryId& id) = 0;
  /// Pending again, whatever became of it. Error: `store.not_found`.
  [[nodiscard]] virtual Status redeliver(const DeliveryId& id, const std::string& actor) = 0;
  /// Drops what ended before; returns how many.
  [[nodiscard]] virtual Result<std::size_t> forget_deliveries(Instant before) = 0;
};

}  // namespace demat::store
