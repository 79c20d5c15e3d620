#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <mutex>
#include <thread>

#include "gateway/http/server.hpp"
#include "gateway/push/deliverer.hpp"
#include "gateway/push/event_hub.hpp"
#include "gateway/push/signature.hpp"
#include "gateway/store/sqlite_store.hpp"
#include "tests/unit/gateway/http/rig/client.hpp"

namespace demat::push {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* siren = "123456782";

/// A clock that the test moves forward.
class TestClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return SystemClock().now() + Duration(ahead_.load()); }
  void advance(Duration by) { ahead_ += by.count(); }

 private:
  std::atomic<std::int64_t> ahead_{0};
};

struct Got {
  std::string path;
  std::string delivery;
  std::string signature;
  std::string body;
};

/// A store with flows, and a real HTTPS server that is told of them.
class DeliveryTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { pki_ = std::make_unique<test::Pki>(); }
  static void TearDownTestSuite() { pki_.reset(); }

  void SetUp() override {
    const store::SqliteOptions options{folder_.file("store"), "test", 4096};
    ASSERT_TRUE(store::create_sqlite_store(options));
    store_ = std::move(*store::open_sqlite_store(options, clock_));
    ASSERT_TRUE(store_->put_authority({AuthorityId{siren}, "Commune", {}, true}, "test"));
    push_.allowed_hosts = {"127.0.0.1"};
    push_.ca = pki_->file("ca.pem");
    push_.timeout = std::chrono::seconds(5);
    start_recipient();
  }
  void TearDown() override {
    hub_.reset();
    deliverer_.reset();
    if (recipient_) recipient_->stop();
  }

  void start_recipient() {
    http::Router router;
    for (const auto* path : {"/hook", "/redirect", "/broken"})
      router.add({"POST", path, http::Handler([this](const http::Request& request, const std::string& body) {
                    return receive(request, body);
                  })});
    http::ServerOptions options;
    options.http.port = 0;
    options.http.certificate = pki_->file("server.pem");
    options.http.key = pki_->file("server.key");
    options.http.client_ca = pki_->file("ca.pem");
    options.linger = std::chrono::milliseconds(100);
    recipient_ = std::move(*http::Server::start(std::move(options), std::move(router)));
    port_ = recipient_->port();
  }

  http::Response receive(const http::Request& request, const std::string& body) {
    const std::lock_guard lock(mutex_);
    got_.push_back({request.path, std::string(request.header("demat-delivery")),
                    std::string(request.header("demat-signature")), body});
    http::Response out;
    if (request.path == "/redirect") {
      out.status = 302;
      out.with("Location", "https://127.0.0.1:" + std::to_string(port_) + "/hook");
    }
    const auto flow = std::string(boost::json::parse(body).at("flow").as_string());
    if (refused_.contains(flow) || request.path == "/broken") out.status = 500;
    return out;
  }

  [[nodiscard]] std::string url(const std::string& path = "/hook") const {
    return "https://127.0.0.1:" + std::to_string(port_) + path;
  }
  store::Webhook hook(const std::string& to) {
    store::Webhook webhook;
    webhook.authority = AuthorityId{siren};
    webhook.url = to;
    webhook.created_by = "test";
    return *store_->outbox().add_webhook(webhook, "whsec_test");
  }
  FlowId flow(const std::string& name) {
    auto writer = store_->new_payload();
    EXPECT_TRUE((*writer)->append("<x>" + name + "</x>"));
    store::NewFlow fresh;
    fresh.flow.authority = AuthorityId{siren};
    fresh.flow.business_key = name;
    fresh.flow.nom_fic = NomFic{name};
    fresh.actor = "test";
    auto outcome = store_->accept(std::move(fresh), std::move(*(*writer)->finish()));
    return std::get<store::DurableReceipt>(*outcome).flow().id;
  }
  void step(const FlowId& id, flow::Trigger trigger) {
    store::Change change;
    change.flow = id;
    change.steps.push_back({trigger, "{}", "test", "why"});
    ASSERT_TRUE(store_->apply(std::move(change)));
  }
  void start_deliverer() {
    DelivererParts parts{*store_, clock_, [this] { return push_; }, {}, {}};
    parts.given_up = [this](const store::DueDelivery&, const SendOutcome&) { ++given_up_; };
    parts.workers = 2;
    deliverer_ = std::make_unique<Deliverer>(std::move(parts));
    hub_ = std::make_unique<EventHub>(*store_, [this] { deliverer_->wake(); });
  }
  [[nodiscard]] std::vector<Got> got() {
    const std::lock_guard lock(mutex_);
    return got_;
  }
  /// Waits until `done`, moving the clock so that waits end.
  bool eventually(const std::function<bool()>& done, Duration each = Duration(0)) {
    for (int i = 0; i < 600; ++i) {
      if (done()) return true;
      clock_.advance(each);
      if (each.count() != 0) deliverer_->wake();
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }
  [[nodiscard]] std::vector<store::Delivery> deliveries(const store::WebhookId& id) {
    return store_->outbox().deliveries(id, "", 100)->items;
  }

  static inline std::unique_ptr<test::Pki> pki_;
  test::TemporaryFolder folder_;
  TestClock clock_;
  config::Push push_;
  std::unique_ptr<store::Store> store_;
  std::mutex mutex_;
  std::vector<Got> got_;
  std::set<std::string> refused_;
  std::atomic<int> given_up_{0};
  std::unique_ptr<http::Server> recipient_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Deliverer> deliverer_;
  std::unique_ptr<EventHub> hub_;
};

TEST_F(DeliveryTest, TellsEachEventOnceInOrderAndSigned) {
  flow("BEFORE");
  hook(url());
  start_deliverer();
  const auto id = flow("A");
  step(id, flow::Trigger::hold);
  step(id, flow::Trigger::cancel);
  ASSERT_TRUE(eventually([&] { return got().size() >= 3; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const auto all = got();
  ASSERT_EQ(all.size(), 3U) << "what was before the webhook is not told";
  const std::vector<std::string> states = {"received", "held", "cancelled"};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto body = boost::json::parse(all[i].body);
    EXPECT_EQ(body.at("flow").as_string(), id.str());
    EXPECT_EQ(body.at("state").as_string(), states[i]);
    EXPECT_EQ(body.at("number").as_int64(), static_cast<std::int64_t>(i + 1));
    EXPECT_EQ(body.at("environment").as_string(), "test");
    ASSERT_THAT(all[i].signature, StartsWith("t="));
    const auto time = std::stoll(all[i].signature.substr(2));
    EXPECT_EQ(all[i].signature, signature_of("whsec_test", time, all[i].body));
  }
}

TEST_F(DeliveryTest, ARefusedOneWaitsAloneAndKeepsTheOrderOfItsFlow) {
  const auto webhook = hook(url());
  const auto bad = flow("BAD");
  {
    const std::lock_guard lock(mutex_);
    refused_.insert(bad.str());
  }
  step(bad, flow::Trigger::hold);
  const auto good = flow("GOOD");
  start_deliverer();
  ASSERT_TRUE(eventually([&] {
    const auto all = deliveries(webhook.id);
    return std::any_of(all.begin(), all.end(), [&](const store::Delivery& one) {
      return one.flow == good && one.state == store::DeliveryState::delivered;
    });
  }));
  for (const auto& one : deliveries(webhook.id)) {
    if (one.flow != bad) continue;
    EXPECT_EQ(one.state, store::DeliveryState::pending);
    EXPECT_EQ(one.http_status, one.attempts == 0 ? 0 : 500);
  }
  {
    const std::lock_guard lock(mutex_);
    refused_.clear();
  }
  ASSERT_TRUE(eventually(
      [&] {
        const auto all = deliveries(webhook.id);
        return std::all_of(all.begin(), all.end(), [](const store::Delivery& one) {
          return one.state == store::DeliveryState::delivered;
        });
      },
      std::chrono::seconds(2)));
  std::vector<std::string> states;
  for (const auto& one : got()) {
    const auto body = boost::json::parse(one.body);
    if (body.at("flow").as_string() == bad.str()) states.emplace_back(body.at("state").as_string());
  }
  EXPECT_EQ(states.back(), "held");
  EXPECT_EQ(std::count(states.begin(), states.end(), "held"), 1) << "never before the first one was taken";
}

TEST_F(DeliveryTest, ADownRecipientIsTriedAgainAndGivenUpWithAnAlarm) {
  const auto webhook = hook(url());
  push_.give_up = std::chrono::minutes(10);
  recipient_->stop();
  recipient_.reset();
  const auto id = flow("DOWN");
  start_deliverer();
  ASSERT_TRUE(eventually([&] { return given_up_ == 1; }, std::chrono::seconds(20)));
  const auto all = deliveries(webhook.id);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all.front().state, store::DeliveryState::given_up);
  EXPECT_EQ(all.front().error_code, "push.unreachable");
  EXPECT_GT(all.front().attempts, 2U);
  EXPECT_TRUE(store_->outbox().find_webhook(webhook.id).value()->failing_since);

  const auto before = port_;
  start_recipient();
  if (port_ == before) {  // else the address has another port now
    ASSERT_TRUE(store_->outbox().redeliver(all.front().id, "test"));
    deliverer_->wake();
    EXPECT_TRUE(eventually([&] { return got().size() == 1; }));
  }
}

TEST_F(DeliveryTest, ARestartLosesNothing) {
  hook(url());
  for (int i = 0; i < 5; ++i)
    flow("R" + std::to_string(i));
  ASSERT_TRUE(store_->outbox().spread());
  store_.reset();
  store_ = std::move(*store::open_sqlite_store({folder_.file("store"), "test", 4096}, clock_));
  flow("R5");
  start_deliverer();
  ASSERT_TRUE(eventually([&] { return got().size() >= 6; }));
  std::set<std::string> ids;
  for (const auto& one : got())
    ids.insert(one.delivery);
  EXPECT_EQ(ids.size(), 6U);
}

TEST_F(DeliveryTest, FollowsNoRedirectAndGoesNowhereElse) {
  const auto webhook = hook(url("/redirect"));
  flow("X");
  start_deliverer();
  ASSERT_TRUE(
      eventually([&] { return !deliveries(webhook.id).empty() && deliveries(webhook.id)[0].attempts > 0; }));
  EXPECT_EQ(deliveries(webhook.id).front().http_status, 302);
  EXPECT_EQ(deliveries(webhook.id).front().error_code, "push.refused");
  for (const auto& one : got())
    EXPECT_EQ(one.path, "/redirect");
}

TEST_F(DeliveryTest, WillNotBeLedInside) {
  store::DueDelivery due;
  due.secret = "whsec_test";
  due.event.flow = FlowId{"f"};
  due.webhook.url = "https://localhost:" + std::to_string(port_) + "/hook";
  push_.allowed_hosts = {"127.0.0.1"};
  EXPECT_EQ(send_webhook(due, push_, clock_.now()).error_code, "push.host");
  push_.allowed_hosts = {"*.localhost"};
  due.webhook.url = "https://inside.localhost:" + std::to_string(port_) + "/hook";
  const auto outcome = send_webhook(due, push_, clock_.now());
  EXPECT_THAT(outcome.error_code, ::testing::AnyOf("push.private_address", "push.unreachable"))
      << "a wildcard does not open the loopback";
  push_.allowed_hosts = {"127.0.0.1"};
  push_.ca = pki_->file("server.key");
  due.webhook.url = url();
  EXPECT_THAT(send_webhook(due, push_, clock_.now()).error_code,
              ::testing::AnyOf("push.tls", "push.unreachable"));
  EXPECT_TRUE(got().empty());
}

TEST_F(DeliveryTest, StreamsAreFewAndResume) {
  hub_ = std::make_unique<EventHub>(*store_);
  const auto id = flow("S");
  Subscription all{IdentityId{"c"}, {}, 0, {}};
  auto feed = hub_->open(all);
  ASSERT_TRUE(feed);
  EXPECT_THAT((*feed)->next().value(), StartsWith("retry: 5000\nid: "));
  const auto first = (*feed)->next().value();
  EXPECT_THAT(first, HasSubstr("\"flow\":\"" + id.str() + "\""));
  EXPECT_EQ((*feed)->next(), "");
  const auto cursor = first.substr(4, 32);
  const auto place = store_->outbox().place_of(cursor);
  ASSERT_TRUE(place);
  EXPECT_FALSE(store_->outbox().place_of(std::string(32, '0')));
  step(id, flow::Trigger::hold);
  auto resumed = hub_->open({IdentityId{"c"}, {}, *place, {}});
  static_cast<void>((*resumed)->next());
  const auto next = (*resumed)->next().value();
  EXPECT_THAT(next, HasSubstr("\"state\":\"held\""));
  EXPECT_THAT(next, ::testing::Not(HasSubstr("\"state\":\"received\"")));

  store::FeedFilter others;
  others.authorities = std::set<AuthorityId>{AuthorityId{"987654324"}};
  auto foreign = hub_->open({IdentityId{"d"}, others, 0, {}});
  static_cast<void>((*foreign)->next());
  EXPECT_EQ((*foreign)->next(), "");

  std::vector<http::Feed> held;
  for (std::size_t i = 2; i < EventHub::most_per_caller; ++i)
    held.push_back(*hub_->open(all));
  const auto refused = hub_->open(all);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "push.too_many_streams");
  held.clear();
  EXPECT_TRUE(hub_->open(all));
}

TEST_F(DeliveryTest, StreamsAreWokenByCommits) {
  hub_ = std::make_unique<EventHub>(*store_);
  auto feed = *hub_->open({IdentityId{"c"}, {}, 0, {}});
  std::atomic<int> woken{0};
  feed->wake_with([&] { ++woken; });
  flow("W");
  EXPECT_TRUE(eventually([&] { return woken > 0; }));
  feed->wake_with({});
  const int seen = woken;
  flow("W2");
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  EXPECT_EQ(woken, seen);
}

}  // namespace
}  // namespace demat::push
