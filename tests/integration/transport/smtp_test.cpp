#include <gmock/gmock.h>

#include <fstream>

#include "gateway/transport/smtp_client.hpp"
#include "tests/support/rig/smtp_sink.hpp"

// Mails to a real server: what each end of the dialogue means.

namespace demat::transport {
namespace {

using rig::SmtpSink;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

SmtpMail mail_to(const std::string& to, const std::string& text = "Bonjour") {
  return {"actes@exemple.fr", to, "Subject: essai\r\nTo: " + to + "\r\n\r\n" + text + "\r\n"};
}

std::string long_text() {
  std::string out;
  for (int i = 0; i < 1'000; ++i)
    out += std::string(76, 'x') + "\r\n";
  return out;
}

class SmtpTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string missing = rig::missing_for_smtp();
    if (!missing.empty()) GTEST_SKIP() << missing;
  }
};

TEST_F(SmtpTest, AMailGoesByteForByteOverVerifiedTls) {
  for (const auto mode : {SmtpSink::Mode::starttls, SmtpSink::Mode::smtps, SmtpSink::Mode::clear}) {
    const bool clear = mode == SmtpSink::Mode::clear;
    const SmtpSink sink(mode, clear ? "" : "actes", clear ? "" : "p\"a s'se\\");
    const auto settings = sink.settings();
    const auto mail = mail_to("a@exemple.fr", ".\r\n..deux\r\n" + long_text());
    const auto outcome = SmtpClient(settings).send(mail);
    ASSERT_EQ(outcome.end, SmtpEnd::taken) << outcome.words << outcome.error.detail;
    EXPECT_EQ(outcome.reply, 250);
    const auto taken = sink.taken();
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0].content, mail.bytes);
    EXPECT_EQ(taken[0].to, "a@exemple.fr");
    EXPECT_EQ(taken[0].from, "actes@exemple.fr");
    EXPECT_EQ(taken[0].user, clear ? "" : "actes");
    EXPECT_EQ(taken[0].tls, !clear);
  }
}

TEST_F(SmtpTest, SeveralMailsShareASessionAndADeadOneIsReplaced) {
  SmtpSink sink;
  const auto settings = sink.settings();
  SmtpClient client(settings);
  for (const char* to : {"a@exemple.fr", "b@exemple.fr"})
    ASSERT_EQ(client.send(mail_to(to)).end, SmtpEnd::taken);
  auto taken = sink.taken();
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].peer_port, taken[1].peer_port);
  sink.stop();
  sink.start();
  ASSERT_EQ(client.send(mail_to("c@exemple.fr")).end, SmtpEnd::taken);
  EXPECT_EQ(sink.taken().size(), 3U);
}

TEST_F(SmtpTest, WithoutTlsNothingLeaves) {
  // A server, or who stands between, that offers no STARTTLS.
  const SmtpSink sink(SmtpSink::Mode::clear);
  auto settings = sink.settings();
  settings.starttls = true;
  settings.user = "actes";
  settings.password = config::Secret("secret");
  const auto outcome = SmtpClient(settings).send(mail_to("a@exemple.fr"));
  EXPECT_EQ(outcome.end, SmtpEnd::no_server);
  EXPECT_EQ(outcome.error.code, "transport.identity");
  EXPECT_THAT(sink.heard(), IsEmpty());
  EXPECT_THAT(sink.taken(), IsEmpty());
}

TEST_F(SmtpTest, AnotherServerGetsNothing) {
  for (const auto mode : {SmtpSink::Mode::starttls, SmtpSink::Mode::smtps}) {
    const SmtpSink sink(mode);
    const rig::TempFolder other;
    auto settings = sink.settings();
    const rig::Pki pki(other.path() / "pki", "Another CA");
    settings.ca = pki.ca();
    auto outcome = SmtpClient(settings).send(mail_to("a@exemple.fr"));
    EXPECT_EQ(outcome.end, SmtpEnd::no_server);
    EXPECT_EQ(outcome.error.code, "transport.identity") << outcome.error.detail;
    settings.ca.clear();
    outcome = SmtpClient(settings).send(mail_to("a@exemple.fr"));
    EXPECT_EQ(outcome.error.code, "transport.identity") << "the system's authorities do not know it";
    EXPECT_THAT(sink.heard(), IsEmpty());
  }
}

TEST_F(SmtpTest, WhatConcernsTheServerIsNoWordOnTheRecipient) {
  SmtpSink sink(SmtpSink::Mode::starttls, "actes", "secret");
  auto settings = sink.settings();
  settings.password = config::Secret("wrong");
  auto outcome = SmtpClient(settings).send(mail_to("a@exemple.fr"));
  EXPECT_EQ(outcome.end, SmtpEnd::no_server);
  EXPECT_EQ(outcome.error.code, "transport.login") << outcome.error.detail;
  EXPECT_THAT(outcome.error.detail, Not(HasSubstr("wrong")));
  settings.user.clear();
  outcome = SmtpClient(settings).send(mail_to("a@exemple.fr"));
  EXPECT_EQ(outcome.error.code, "transport.login")
      << "530, whatever command meets it: " << outcome.error.detail;

  settings = sink.settings();
  sink.misbehave(R"({"sender": "553 5.1.8 not you"})");
  outcome = SmtpClient(settings).send(mail_to("a@exemple.fr"));
  EXPECT_EQ(outcome.end, SmtpEnd::no_server);
  EXPECT_EQ(outcome.error.code, "transport.refused");
  EXPECT_THAT(outcome.error.detail, HasSubstr("553 5.1.8 not you"));
  sink.misbehave("{}");
  sink.stop();
  outcome = SmtpClient(settings).send(mail_to("a@exemple.fr"));
  EXPECT_EQ(outcome.error.code, "transport.unreachable");
  EXPECT_EQ(outcome.error.outlook, Outlook::waiting);
  sink.start();
  EXPECT_EQ(SmtpClient(settings).send(mail_to("a@exemple.fr")).end, SmtpEnd::taken);
}

TEST_F(SmtpTest, OneRecipientIsRefusedAndTheOtherServed) {
  const SmtpSink sink;
  sink.misbehave(
      R"({"recipients": {"a@exemple.fr": "550 5.1.1 no such user", "b@exemple.fr": "451 4.7.1 grey"}})");
  const auto settings = sink.settings();
  SmtpClient client(settings);
  auto outcome = client.send(mail_to("a@exemple.fr"));
  EXPECT_EQ(outcome.end, SmtpEnd::refused);
  EXPECT_EQ(outcome.reply, 550);
  EXPECT_EQ(outcome.words, "550 5.1.1 no such user");
  outcome = client.send(mail_to("b@exemple.fr"));
  EXPECT_EQ(outcome.end, SmtpEnd::put_off);
  EXPECT_EQ(outcome.reply, 451);
  EXPECT_EQ(client.send(mail_to("c@exemple.fr")).end, SmtpEnd::taken);
  EXPECT_THAT(sink.heard(), ElementsAre("a@exemple.fr", "b@exemple.fr", "c@exemple.fr"));
  EXPECT_EQ(sink.taken().size(), 1U);
}

TEST_F(SmtpTest, TheAnswerToTheContentDecides) {
  const SmtpSink sink;
  const auto settings = sink.settings();
  SmtpClient client(settings);
  sink.misbehave(R"({"content": "554 5.7.1 we do not like it"})");
  EXPECT_EQ(client.send(mail_to("a@exemple.fr")).end, SmtpEnd::refused);
  sink.misbehave(R"({"content": "452 4.3.1 full"})");
  EXPECT_EQ(client.send(mail_to("a@exemple.fr")).end, SmtpEnd::put_off);
  sink.misbehave(R"({"silent": true})");
  const auto outcome = client.send(mail_to("a@exemple.fr"));
  EXPECT_EQ(outcome.end, SmtpEnd::cut);
  EXPECT_EQ(outcome.reply, 0);
  EXPECT_EQ(sink.taken().size(), 1U) << "it has the mail, and we cannot know";
}

TEST_F(SmtpTest, AStopEndsAConnectionThatIsBeingMade) {
  const std::atomic<bool> stop = true;
  SmtpSink sink;
  const auto settings = sink.settings();
  EXPECT_EQ(SmtpClient(settings, &stop).send(mail_to("a@exemple.fr")).end, SmtpEnd::no_server);
  EXPECT_THAT(sink.heard(), IsEmpty());
}

}  // namespace
}  // namespace demat::transport
