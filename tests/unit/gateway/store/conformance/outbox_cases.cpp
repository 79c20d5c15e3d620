#include "gateway/store/outbox.hpp"
#include "tests/unit/gateway/store/conformance/suite.hpp"

// The feed of events and what is delivered to webhooks.

namespace demat::store::conformance {
namespace {

using flow::Trigger;
using std::chrono::hours;
using std::chrono::seconds;

constexpr const char* siren = "123456782";

FeedFilter only(const std::string& authority) {
  FeedFilter filter;
  filter.authorities = std::set<AuthorityId>{AuthorityId{authority}};
  return filter;
}

Webhook hook(Store& store) {
  EXPECT_TRUE(store.put_authority({AuthorityId{siren}, "Commune", {}, true}, "test"));
  Webhook webhook;
  webhook.authority = AuthorityId{siren};
  webhook.url = "https://hooks.example.fr/";
  webhook.created_by = "test";
  return store.outbox().add_webhook(webhook, "whsec_x").value();
}

TEST_P(StoreSuite, TheFeedIsInOrderAndOfItsAuthority) {
  auto& outbox = store().outbox();
  const auto mine = accept_new("A", "<a/>");
  ASSERT_TRUE(store().accept(wanted("B", "987654324"), stage("<b/>")));
  step(mine.id, Trigger::hold);
  const auto page = outbox.feed(only(siren), 0, 10).value();
  ASSERT_EQ(page.events.size(), 2U);
  EXPECT_EQ(page.events[0].code, "flow.received");
  EXPECT_EQ(page.events[1].to, flow::State::held);
  EXPECT_EQ(page.events[1].number, 2U) << "of the flow, not of the journal";
  EXPECT_EQ(page.events[1].environment, "test");
  EXPECT_FALSE(page.more);
  EXPECT_EQ(page.reached, outbox.latest().value());
  EXPECT_EQ(outbox.feed({}, 0, 10).value().events.size(), 3U);
  EXPECT_TRUE(outbox.feed(only("000000000"), 0, 10).value().events.empty());
  const auto first = outbox.feed(only(siren), 0, 1).value();
  EXPECT_TRUE(first.more);
  EXPECT_EQ(outbox.feed(only(siren), first.reached, 10).value().events.size(), 1U);
  FeedFilter one = only(siren);
  one.flow = mine.id;
  EXPECT_EQ(outbox.feed(one, 0, 10).value().events.size(), 2U);

  EXPECT_EQ(outbox.place_of(page.events[1].cursor).value(), page.events[1].sequence);
  EXPECT_EQ(host->reopen().outbox().place_of(page.events[1].cursor).value(), page.events[1].sequence);
  EXPECT_EQ(store().outbox().place_of("12").error().code, "store.bad_cursor");
  EXPECT_EQ(store().outbox().place_of(std::string(32, 'a')).error().code, "store.bad_cursor");
}

TEST_P(StoreSuite, EachCommitWithEventsIsTold) {
  std::atomic<int> told{0};
  store().outbox().watch([&] { ++told; });
  accept_new("A", "<a/>");
  EXPECT_EQ(told, 1);
  ASSERT_TRUE(store().writable());
  EXPECT_EQ(told, 1) << "nothing happened";
  store().outbox().watch({});
  accept_new("B", "<b/>");
  EXPECT_EQ(told, 1);
}

TEST_P(StoreSuite, EventsAreSpreadOnceAndDueInOrderPerFlow) {
  accept_new("OLD", "<old/>");
  const auto webhook = hook(store());
  const auto a = accept_new("A", "<a/>");
  step(a.id, Trigger::hold);
  const auto b = accept_new("B", "<b/>");
  ASSERT_FALSE(store().outbox().spread().value());
  auto& outbox = host->reopen().outbox();
  ASSERT_FALSE(outbox.spread().value());
  EXPECT_EQ(outbox.deliveries(webhook.id, "", 10).value().items.size(), 3U);

  const auto due = outbox.due(clock.now(), {}, 10).value();
  ASSERT_EQ(due.size(), 2U) << "one per flow";
  EXPECT_EQ(due[0].event.flow, a.id);
  EXPECT_EQ(due[0].event.code, "flow.received");
  EXPECT_EQ(due[0].secret, "whsec_x");
  EXPECT_EQ(due[0].webhook.url, "https://hooks.example.fr/");
  EXPECT_EQ(due[1].event.flow, b.id);
  EXPECT_TRUE(outbox.due(clock.now(), {webhook.id}, 10).value().empty()) << "somebody has it in hand";

  ASSERT_TRUE(outbox.delivered(due[0].delivery.id, 204));
  const auto next = outbox.due(clock.now(), {}, 10).value();
  ASSERT_EQ(next.size(), 2U);
  EXPECT_EQ(next[0].event.to, flow::State::held);
}

TEST_P(StoreSuite, FailuresWaitRestAndAreGivenUp) {
  const auto webhook = hook(store());
  accept_new("A", "<a/>");
  accept_new("B", "<b/>");
  auto& outbox = store().outbox();
  ASSERT_TRUE(outbox.spread());
  auto due = outbox.due(clock.now(), {}, 10).value();
  ASSERT_EQ(due.size(), 2U);
  ASSERT_TRUE(
      outbox.failed(due[0].delivery.id, {500, "push.refused", clock.now() + seconds(5), false, false}));
  EXPECT_EQ(outbox.due(clock.now(), {}, 10).value().size(), 1U) << "it waits alone";
  ASSERT_TRUE(
      outbox.failed(due[1].delivery.id, {0, "push.unreachable", clock.now() + seconds(9), false, true}));
  clock.advance(seconds(6));
  EXPECT_TRUE(outbox.due(clock.now(), {}, 10).value().empty()) << "the recipient rests";
  EXPECT_EQ(outbox.next_due().value(), clock.now() + seconds(3));
  EXPECT_TRUE(outbox.find_webhook(webhook.id).value()->failing_since);
  clock.advance(seconds(3));
  due = outbox.due(clock.now(), {}, 10).value();
  ASSERT_EQ(due.size(), 2U);
  EXPECT_EQ(due[0].delivery.attempts, 1U);
  ASSERT_TRUE(outbox.delivered(due[0].delivery.id, 200));
  EXPECT_FALSE(outbox.find_webhook(webhook.id).value()->failing_since);
  ASSERT_TRUE(outbox.failed(due[1].delivery.id, {410, "push.refused", clock.now(), true, false}));
  EXPECT_TRUE(outbox.due(clock.now() + hours(1), {}, 10).value().empty());
  EXPECT_EQ(outbox.find_delivery(due[1].delivery.id).value()->state, DeliveryState::given_up);
  ASSERT_TRUE(outbox.redeliver(due[1].delivery.id, "test"));
  EXPECT_EQ(outbox.due(clock.now(), {}, 10).value().size(), 1U);
  EXPECT_EQ(outbox.redeliver(DeliveryId{"none"}, "test").error().code, "store.not_found");
  clock.advance(hours(1));
  EXPECT_EQ(outbox.forget_deliveries(clock.now()).value(), 1U) << "what still waits stays";
}

TEST_P(StoreSuite, AWebhookGoesWithItsDeliveries) {
  const auto webhook = hook(store());
  accept_new("A", "<a/>");
  auto& outbox = store().outbox();
  ASSERT_TRUE(outbox.spread());
  EXPECT_EQ(outbox.webhooks(std::nullopt).value().size(), 1U);
  EXPECT_TRUE(outbox.webhooks(std::set<AuthorityId>{AuthorityId{"987654324"}}).value().empty());
  ASSERT_TRUE(outbox.remove_webhook(webhook.id, "test"));
  EXPECT_TRUE(outbox.due(clock.now(), {}, 10).value().empty());
  EXPECT_EQ(outbox.remove_webhook(webhook.id, "test").error().code, "store.not_found");
  EXPECT_TRUE(store().verify_journal()->intact);
}

}  // namespace
}  // namespace demat::store::conformance
