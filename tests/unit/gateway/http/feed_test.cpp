#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>
#include <utility>

#include "gateway/http/server.hpp"
#include "tests/unit/gateway/http/rig/client.hpp"

namespace demat::http {
namespace {

using ::testing::StartsWith;

/// A feed of two pieces, the second one only when it is woken; then it ends.
class TwoPieces final : public EventFeed {
 public:
  std::optional<std::string> next() override {
    ++asked_;
    if (asked_ == 1) return "first\n";
    if (!ready_) return "";
    if (std::exchange(said_, true)) return std::nullopt;
    return "second\n";
  }
  void wake_with(std::function<void()> wake) override {
    const std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
  }
  bool news() {
    const std::lock_guard lock(mutex_);
    if (!wake_) return false;
    ready_ = true;
    wake_();
    return true;
  }

  [[nodiscard]] int asked() const { return asked_; }

 private:
  std::mutex mutex_;
  std::function<void()> wake_;
  std::atomic<int> asked_{0};
  std::atomic<bool> ready_{false};
  bool said_ = false;
};

class FeedTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    pki_ = std::make_unique<test::Pki>();
    pki_->issue_client("alice");
  }
  static void TearDownTestSuite() { pki_.reset(); }

  void open(std::chrono::milliseconds heartbeat) {
    ServerOptions options;
    options.http.port = 0;
    options.http.certificate = pki_->file("server.pem");
    options.http.key = pki_->file("server.key");
    options.http.client_ca = pki_->file("ca.pem");
    options.workers = 1;
    options.heartbeat = heartbeat;
    Router routes;
    routes.add({"GET", "/who", Handler([](const Request&, const std::string&) { return Response(); })});
    routes.add({"GET", "/feed", Handler([this](const Request&, const std::string&) {
                  Response out;
                  out.body = Feed(feed_);
                  return out;
                })});
    auto server = Server::start(std::move(options), std::move(routes));
    ASSERT_TRUE(server) << server.error().detail;
    server_ = std::move(*server);
  }
  [[nodiscard]] test::Client client(const std::string& name = "alice") const {
    return {*pki_, server_->port(), name};
  }

  static inline std::unique_ptr<test::Pki> pki_;
  std::shared_ptr<TwoPieces> pieces_ = std::make_shared<TwoPieces>();
  std::shared_ptr<EventFeed> feed_ = pieces_;
  std::unique_ptr<Server> server_;  // last: stops before what its handlers use
};

TEST_F(FeedTest, SendsWhenWokenAndHoldsNoWorkerMeanwhile) {
  open(std::chrono::minutes(1));
  test::Reply reply;
  std::thread listener([&] { reply = client().call("/feed"); });
  while (!pieces_->news())
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(client("").call("/who").status, 200) << "the only worker is free";
  listener.join();
  EXPECT_EQ(reply.body, "first\nsecond\n");
  EXPECT_FALSE(pieces_->news()) << "nobody is woken any more";
}

TEST_F(FeedTest, BeatsWhileThereIsNothingAndEndsWithTheServer) {
  open(std::chrono::milliseconds(50));
  test::Reply reply;
  std::thread listener([&] { reply = client().call("/feed"); });
  for (int i = 0; i < 2'000 && pieces_->asked() < 4; ++i)  // the fourth question comes after two beats
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const auto before = std::chrono::steady_clock::now();
  server_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(10));
  listener.join();
  EXPECT_THAT(reply.body, StartsWith("first\n:\n\n:\n\n"));
}

/// A feed without news whose answer takes its time.
class Ponderer final : public EventFeed {
 public:
  std::optional<std::string> next() override {
    asked = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    return "";
  }
  void wake_with(std::function<void()> /*wake*/) override {}
  std::atomic<bool> asked{false};
};

TEST_F(FeedTest, AStopInMidQuestionDoesNotWaitForTheNextBeat) {
  const auto feed = std::make_shared<Ponderer>();
  feed_ = feed;
  open(std::chrono::minutes(1));
  std::thread listener([&] { (void)client().call("/feed"); });
  while (!feed->asked)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const auto before = std::chrono::steady_clock::now();
  server_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(30));
  listener.join();
}

}  // namespace
}  // namespace demat::http
