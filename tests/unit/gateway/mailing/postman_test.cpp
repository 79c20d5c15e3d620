#include "gateway/mailing/postman.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <set>

#include "gateway/store/actes.hpp"
#include "gateway/store/sqlite_store.hpp"
#include "protocols/base/byte_source.hpp"
#include "protocols/mail/message.hpp"
#include "tests/support/rig/smtp_sink.hpp"

// A store with mails, and a real server that they go to.

namespace demat::mailing {
namespace {

using rig::SmtpSink;
using rig::wait_until;
using std::chrono::hours;
using std::chrono::seconds;
using store::MailState;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A clock that the test moves forward.
class TestClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return SystemClock().now() + Duration(ahead_.load()); }
  void advance(Duration by) { ahead_ += by.count(); }

 private:
  std::atomic<std::int64_t> ahead_{0};
};

class PostmanTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string missing = rig::missing_for_smtp();
    if (!missing.empty()) GTEST_SKIP() << missing;
    sink_ = std::make_unique<SmtpSink>();
    settings_ = sink_->settings();
    ASSERT_TRUE(store::create_sqlite_store(options()));
    open();
  }
  void TearDown() override { postman_.reset(); }

  [[nodiscard]] store::SqliteOptions options() const {
    return {.folder = folder_.path() / "data", .environment = "test", .inline_payload = 4096};
  }
  void open() { store_ = store::open_sqlite_store(options(), clock_).value(); }
  void start() {
    PostmanParts parts{*store_, clock_, [this] {
                         const std::lock_guard lock(mutex_);
                         return settings_;
                       }};
    parts.heard = [this](const auto&, const auto&) { ++heard_; };
    parts.server_ill = [this](const Error& error) {
      const std::lock_guard lock(mutex_);
      ill_.insert(error.code);
    };
    parts.given_up = [this](const store::OutgoingMail& mail, const store::MailFailure& how) {
      const std::lock_guard lock(mutex_);
      given_up_.push_back(mail.recipient + " " + how.error_code);
    };
    postman_ = std::make_unique<Postman>(std::move(parts));
  }
  void queue(std::vector<std::string> recipients, const std::string& subject = "Été : accusé") {
    store::MailSettlement told;
    store::NewReturn item;
    item.remote_name = "mail-" + std::to_string(++mails_);
    auto writer = store_->new_payload().value();
    ASSERT_TRUE(writer->append(item.remote_name));
    told.item = store_->import_return(item, std::move(*writer->finish())).value();
    told.item.state = flow::ReturnState::matched;
    told.mails.push_back({AuthorityId{"123456782"}, FlowId{}, "actes_1_2", subject, "Bonjour,\nl'été.\n",
                          "exemple.fr", std::move(recipients)});
    told.tell = 0;
    ASSERT_TRUE(store_->actes().settle(std::move(told)));
    if (postman_) postman_->wake();
  }
  [[nodiscard]] store::OutgoingMail mail_of(const std::string& recipient) {
    const auto page = store_->mails().list({}, "", 100).value();
    for (const auto& one : page.items)
      if (one.recipient == recipient) return one;
    throw std::runtime_error("no mail to " + recipient);
  }
  [[nodiscard]] bool becomes(const std::string& recipient, MailState state) {
    return wait_until([&] { return mail_of(recipient).state == state; }, seconds(20));
  }

  TestClock clock_;
  rig::TempFolder folder_;
  std::unique_ptr<SmtpSink> sink_;
  std::unique_ptr<store::Store> store_;
  std::mutex mutex_;
  config::Mail settings_;
  std::set<std::string> ill_;
  std::vector<std::string> given_up_;
  std::atomic<int> heard_ = 0;
  int mails_ = 0;
  std::unique_ptr<Postman> postman_;
};

TEST_F(PostmanTest, OneRecipientIsRefusedTheOtherGetsTheMail) {
  sink_->misbehave(R"({"recipients": {"b@exemple.fr": "550 5.1.1 no such user"}})");
  start();
  queue({"a@exemple.fr", "b@exemple.fr", "conseil@exemple.fr"});
  ASSERT_TRUE(becomes("a@exemple.fr", MailState::sent));
  ASSERT_TRUE(becomes("conseil@exemple.fr", MailState::sent));
  ASSERT_TRUE(becomes("b@exemple.fr", MailState::failed));
  EXPECT_EQ(mail_of("b@exemple.fr").error_code, "mail.refused");
  EXPECT_EQ(mail_of("b@exemple.fr").reason, "550 5.1.1 no such user");
  const auto taken = sink_->taken();
  ASSERT_EQ(taken.size(), 2U);
  const auto mail = mail::decode(MemorySource(taken[0].content)).value();
  EXPECT_EQ(mail.message_id, mail_of("a@exemple.fr").message_id);
  EXPECT_EQ(mail.subject, "Été : accusé");
  EXPECT_THAT(taken[0].content, HasSubstr("Auto-Submitted: auto-generated"));
  EXPECT_THAT(taken[0].content, testing::Not(HasSubstr("conseil@exemple.fr"))) << "nobody sees the others";
  const std::lock_guard lock(mutex_);
  EXPECT_THAT(given_up_, ElementsAre("b@exemple.fr mail.refused"));
}

TEST_F(PostmanTest, WhoIsPutOffIsTriedAgain) {
  sink_->misbehave(R"({"recipients": {"a@exemple.fr": "451 4.7.1 grey"}, "times": 2})");
  start();
  queue({"a@exemple.fr", "b@exemple.fr"});
  ASSERT_TRUE(becomes("b@exemple.fr", MailState::sent));
  ASSERT_TRUE(becomes("a@exemple.fr", MailState::sent));
  EXPECT_EQ(mail_of("a@exemple.fr").tries, 3U);
  EXPECT_EQ(mail_of("a@exemple.fr").error_code, "");
  EXPECT_EQ(sink_->taken().size(), 2U);
}

TEST_F(PostmanTest, WhoIsPutOffForTooLongIsGivenUpAndMayBeTriedByHand) {
  sink_->misbehave(R"({"recipients": {"a@exemple.fr": "451 4.7.1 grey"}})");
  settings_.give_up = hours(24);
  start();
  queue({"a@exemple.fr"});
  ASSERT_TRUE(wait_until([&] { return mail_of("a@exemple.fr").tries > 0; }));
  EXPECT_EQ(mail_of("a@exemple.fr").error_code, "mail.deferred");
  clock_.advance(hours(25));
  postman_->wake();
  ASSERT_TRUE(becomes("a@exemple.fr", MailState::failed));
  EXPECT_EQ(mail_of("a@exemple.fr").error_code, "mail.expired");
  sink_->misbehave("{}");
  ASSERT_TRUE(store_->mails().retry(mail_of("a@exemple.fr").id, "tester"));
  postman_->hurry();
  ASSERT_TRUE(becomes("a@exemple.fr", MailState::sent));
}

TEST_F(PostmanTest, AServerThatIsDownCostsNobodyATry) {
  sink_->stop();
  settings_.give_up = seconds(1);
  start();
  queue({"a@exemple.fr", "b@exemple.fr"});
  ASSERT_TRUE(wait_until([&] {
    const std::lock_guard lock(mutex_);
    return ill_.contains("transport.unreachable");
  }));
  clock_.advance(hours(24 * 30));
  EXPECT_EQ(mail_of("a@exemple.fr").state, MailState::waiting);
  EXPECT_EQ(mail_of("a@exemple.fr").tries, 0U);
  sink_->start();
  ASSERT_TRUE(becomes("a@exemple.fr", MailState::sent));
  ASSERT_TRUE(becomes("b@exemple.fr", MailState::sent));
  EXPECT_EQ(sink_->taken().size(), 2U);
}

TEST_F(PostmanTest, AnAnswerThatIsLostMakesADoubleOfTheSameBytes) {
  sink_->misbehave(R"({"silent": true, "times": 1})");
  start();
  queue({"a@exemple.fr"});
  ASSERT_TRUE(becomes("a@exemple.fr", MailState::sent));
  const auto taken = sink_->taken();
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].content, taken[1].content) << "Message-ID and all";
  EXPECT_EQ(mail_of("a@exemple.fr").tries, 2U);
}

TEST_F(PostmanTest, OffMeansThatNothingLeavesUntilItIsOn) {
  const auto on = settings_;
  settings_.url.clear();
  start();
  queue({"a@exemple.fr"});
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_THAT(sink_->heard(), IsEmpty());
  {
    const std::lock_guard lock(mutex_);
    settings_ = on;
  }
  postman_->hurry();
  ASSERT_TRUE(becomes("a@exemple.fr", MailState::sent));
}

TEST_F(PostmanTest, WhatWaitedInTheStoreLeavesAfterARestart) {
  queue({"a@exemple.fr"});
  store_.reset();
  open();
  start();
  ASSERT_TRUE(becomes("a@exemple.fr", MailState::sent));
  EXPECT_EQ(sink_->taken().size(), 1U);
}

TEST_F(PostmanTest, AConnectionCarriesSoManyMailsAndNoMore) {
  settings_.per_connection = 3;
  std::vector<std::string> many;
  for (int i = 0; i < 7; ++i)
    many.push_back("p" + std::to_string(i) + "@exemple.fr");
  queue(many);
  start();
  for (const auto& one : many)
    ASSERT_TRUE(becomes(one, MailState::sent));
  std::map<std::uint16_t, int> mails;
  for (const auto& one : sink_->taken())
    ++mails[one.peer_port];
  EXPECT_EQ(mails.size(), 3U);
  for (const auto& [port, count] : mails)
    EXPECT_LE(count, 3);
}

TEST_F(PostmanTest, WhatCanNotBeAMailIsGivenUpAlone) {
  start();
  queue({"pas une adresse", "b@exemple.fr"});
  ASSERT_TRUE(becomes("b@exemple.fr", MailState::sent));
  ASSERT_TRUE(becomes("pas une adresse", MailState::failed));
  EXPECT_EQ(mail_of("pas une adresse").error_code, "mail.address");
  queue({"c@exemple.fr"}, "Objet\r\nBcc: x@exemple.fr");
  ASSERT_TRUE(becomes("c@exemple.fr", MailState::failed));
  EXPECT_EQ(mail_of("c@exemple.fr").error_code, "mail.header_injection");
}

TEST(PostmanWaitTest, GrowsToItsBound) {
  config::Mail mail;
  mail.retry_first = seconds(30);
  mail.retry_max = seconds(1800);
  EXPECT_EQ(wait_after(mail, 1), seconds(30));
  EXPECT_EQ(wait_after(mail, 2), seconds(60));
  EXPECT_EQ(wait_after(mail, 6), seconds(960));
  EXPECT_EQ(wait_after(mail, 7), seconds(1800));
  EXPECT_EQ(wait_after(mail, 4'000'000'000), seconds(1800));
}

}  // namespace
}  // namespace demat::mailing
