#pragma once

#include "gateway/store/access.hpp"
#include "gateway/store/outbox.hpp"
#include "gateway/store/sealing.hpp"

namespace demat::store {

class SqliteOutbox final : public Outbox {
 public:
  explicit SqliteOutbox(const Access& access) : access_(access), sealing_(access.key) {}

  // outbox_feed.cpp
  Result<FeedPage> feed(const FeedFilter& filter, std::uint64_t after, std::size_t limit) override;
  Result<std::uint64_t> latest() override;
  std::string cursor_of(std::uint64_t place) const override { return sealing_.hide(place); }
  Result<std::uint64_t> place_of(std::string_view cursor) const override;
  void watch(std::function<void()> told) override { access_.journal.watch(std::move(told)); }

  // sqlite_outbox.cpp
  Result<Webhook> add_webhook(Webhook webhook, const std::string& secret) override;
  Result<std::optional<Webhook>> find_webhook(const WebhookId& id) override;
  Result<std::vector<Webhook>> webhooks(const std::optional<std::set<AuthorityId>>& authorities) override;
  Status remove_webhook(const WebhookId& id, const std::string& actor) override;

  // outbox_deliveries.cpp
  Result<bool> spread() override;
  Result<std::vector<DueDelivery>> due(Instant now, const std::set<WebhookId>& busy,
                                       std::size_t limit) override;
  Result<std::optional<Instant>> next_due() override;
  Status delivered(const DeliveryId& id, int http_status) override;
  Status failed(const DeliveryId& id, const DeliveryFailure& how) override;
  Result<Page<Delivery>> deliveries(const WebhookId& webhook, const std::string& cursor,
                                    std::size_t limit) override;
  Result<std::optional<Delivery>> find_delivery(const DeliveryId& id) override;
  Status redeliver(const DeliveryId& id, const std::string& actor) override;
  Result<std::size_t> forget_deliveries(Instant before) override;

 private:
  [[nodiscard]] DueDelivery complete(Connection& db, Delivery delivery) const;
  const Access& access_;
  Sealing sealing_;
};

/// The rows behind them, for both files.
[[nodiscard]] std::optional<Webhook> find_webhook_row(Connection& db, const WebhookId& id);
[[nodiscard]] std::uint64_t latest_event(Connection& db);
/// Events of `filter` in (after, through], in order.
[[nodiscard]] std::vector<FeedEvent> events_between(Connection& db, const FeedFilter& filter,
                                                    std::uint64_t after, std::uint64_t through,
                                                    std::size_t limit);
[[nodiscard]] std::uint64_t number_in_flow(Connection& db, const FlowId& flow, std::uint64_t sequence);

}  // namespace demat::store
