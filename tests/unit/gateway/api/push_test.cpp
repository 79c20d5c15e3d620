#include <thread>

#include "gateway/store/outbox.hpp"
#include "tests/unit/gateway/api/rig/api_fixture.hpp"

namespace demat::api {
namespace {

using flow::Trigger;
using ::testing::HasSubstr;
using ::testing::Not;

class PushTest : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    services_->push = [] {
      config::Push push;
      push.allowed_hosts = {"hooks.example.fr"};
      return push;
    };
  }
  test::Reply add(const std::string& who, const std::string& url = "https://hooks.example.fr/x") {
    return call(who, "POST", "/v1/webhooks", R"({"url":")" + url + "\"}");
  }
  /// What a stream sends within some seconds.
  test::Reply stream(const std::string& who, const std::string& path, std::vector<std::string> more = {},
                     int seconds = 6) {
    more.insert(more.end(), {"-N", "--max-time", std::to_string(seconds)});
    return as(who).call(path, more);
  }
};

TEST_F(PushTest, AWebhookShowsItsSecretOnceAndBelongsToItsAuthority) {
  const auto made = add("operator");
  ASSERT_EQ(made.status, 201) << made.body;
  expect_shape(json(made), "Webhook");
  const auto secret = text(made, "secret");
  EXPECT_TRUE(secret.starts_with("whsec_"));
  const auto path = made.headers.at("location");
  EXPECT_THAT(call("operator", "GET", "/v1/webhooks").body, Not(HasSubstr(secret)));
  EXPECT_THAT(call("operator", "GET", path).body, HasSubstr("hooks.example.fr"));
  EXPECT_THAT(call("platform", "GET", "/v1/webhooks").body, HasSubstr(text(made, "id")));
  EXPECT_THAT(call("other", "GET", "/v1/webhooks").body, Not(HasSubstr(text(made, "id"))));
  expect_problem(call("other", "GET", path), 404, "api.unknown");
  expect_problem(call("other", "DELETE", path), 404, "api.unknown");
  expect_problem(call("other", "GET", path + "/deliveries"), 404, "api.unknown");
  expect_problem(call("reader", "GET", path), 403, "access.denied");
  expect_problem(add("transmitter"), 403, "access.denied");
  expect_problem(add("platform"), 403, "access.denied");  // it names no authority
  EXPECT_EQ(call("operator", "DELETE", path).status, 204);
  expect_problem(call("operator", "GET", path), 404, "api.unknown");
}

TEST_F(PushTest, RefusesOtherAddresses) {
  expect_problem(add("operator", "https://evil.example/"), 422, "push.host");
  expect_problem(add("operator", "http://hooks.example.fr/"), 422, "push.url");
  services_->push = [] { return config::Push{}; };
  expect_problem(add("operator"), 403, "push.off");
}

TEST_F(PushTest, ListsDeliveriesAndDeliversAgain) {
  const auto made = add("operator");
  const auto id = deposited("PUSH-1");
  ASSERT_TRUE(store_->outbox().spread());
  const auto path = made.headers.at("location") + "/deliveries";
  const auto list = call("operator", "GET", path);
  const auto items = json(list).at("items").as_array();
  ASSERT_EQ(items.size(), 1U);
  expect_shape(items[0], "Delivery");
  EXPECT_EQ(items[0].at("flow").as_string(), id.str());
  const store::DeliveryId delivery{std::string(items[0].at("id").as_string())};
  ASSERT_TRUE(store_->outbox().failed(delivery, {500, "push.refused", clock_.now(), true, false}));
  const auto again = call("operator", "POST", path + "/" + delivery.str() + "/redeliver", "{}");
  ASSERT_EQ(again.status, 202) << again.body;
  EXPECT_EQ(text(again, "state"), "pending");
  expect_problem(call("operator", "POST", path + "/unknown/redeliver", "{}"), 404, "api.unknown");
  expect_problem(call("other", "POST", path + "/" + delivery.str() + "/redeliver", "{}"), 404, "api.unknown");
}

TEST_F(PushTest, StreamsEventsOfTheCallersAuthorities) {
  test::Reply mine;
  test::Reply theirs;
  std::thread first([&] { mine = stream("reader", "/v1/events", {}, 14); });
  std::thread second([&] { theirs = stream("other", "/v1/events", {}, 14); });
  std::this_thread::sleep_for(std::chrono::milliseconds(4'000));
  const auto id = deposited("STREAM-1");
  first.join();
  second.join();
  EXPECT_EQ(mine.status, 200) << mine.err;
  EXPECT_EQ(mine.headers.at("content-type"), "text/event-stream");
  EXPECT_THAT(mine.body, HasSubstr("event: flow\ndata: "));
  EXPECT_THAT(mine.body, HasSubstr(id.str()));
  EXPECT_THAT(theirs.body, Not(HasSubstr(id.str())));

  const auto at = mine.body.rfind("id: ") + 4;
  const auto cursor = mine.body.substr(at, 32);
  apply(id, {Trigger::cancel});
  const auto resumed = stream("reader", "/v1/events", {"-H", "Last-Event-ID: " + cursor});
  EXPECT_THAT(resumed.body, HasSubstr("\"state\":\"cancelled\""));
  EXPECT_THAT(resumed.body, Not(HasSubstr("\"state\":\"received\"")));
  const auto one = stream("reader", "/v1/events?after=" + cursor + "&flow=" + id.str());
  EXPECT_THAT(one.body, HasSubstr("\"state\":\"cancelled\""));
}

TEST_F(PushTest, GuardsItsStreams) {
  const auto id = deposited("STREAM-2");
  expect_problem(call("other", "GET", "/v1/events?flow=" + id.str()), 404, "flow.unknown");
  expect_problem(call("reader", "GET", "/v1/events?authority=" + siren_b_), 403, "access.denied");
  expect_problem(call("reader", "GET", "/v1/events?after=nonsense"), 400, "store.bad_cursor");
  expect_problem(as("").call("/v1/events"), 401, "access.no_certificate");
}

}  // namespace
}  // namespace demat::api
