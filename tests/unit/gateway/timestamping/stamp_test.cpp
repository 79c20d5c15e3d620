#include "gateway/timestamping/stamp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocols/timestamp/timestamp.hpp"
#include "tests/support/rig/pki.hpp"
#include "tests/support/rig/process.hpp"
#include "tsa_kit.hpp"

namespace demat::timestamping {
namespace {

using test::Holder;

/// A real HTTP authority around openssl, and a desk that believes its issuer.
class Stamping : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"trust/anchors", "trust/issuers", "other/anchors", "other/issuers"})
      std::filesystem::create_directories(folder_.path() / name);
    const auto& pki = test::ordinary_pki();
    rig::write_file(folder_.path() / "trust/anchors/root.pem", pki.root.pem());
    rig::write_file(folder_.path() / "trust/issuers/sub.pem", pki.sub.pem());
    const auto other = test::issue({.name = "Autre", .authority = true}, nullptr);
    for (const char* name : {"anchors", "issuers"})
      rig::write_file(folder_.path() / "other" / name / "a.pem", other.pem());
    settings_.name = "tsa";
    settings_.trust = "horodatage";
    settings_.timeout = std::chrono::seconds(20);
    settings_.connect_timeout = std::chrono::seconds(5);
    serve(test::ordinary_tsa());
    config::Settings all;
    for (const auto& [name, where] : {std::pair{"horodatage", "trust"}, {"autre", "other"}}) {
      config::Trust trust;
      trust.name = name;
      trust.folder = folder_.path() / where;
      trust.revocation = config::RevocationRule::off;
      all.trusts.push_back(trust);
    }
    desk_ = trust_desk::TrustDesk::open(all).value();
  }

  void serve(const Holder& holder, std::vector<std::string> more = {}, const char* scheme = "http") {
    child_ = {};
    const auto& path = folder_.path();
    std::filesystem::remove(path / "port");
    rig::write_file(path / "tsa.pem", holder.pem());
    rig::write_file(path / "tsa.key", test::key_pem(holder));
    std::vector<std::string> words{"/usr/bin/python3",
                                   std::string(DEMAT_SOURCE_DIR) + "/tests/support/tsa.py",
                                   "--dir",
                                   path.string(),
                                   "--port-file",
                                   (path / "port").string(),
                                   "--certificate",
                                   (path / "tsa.pem").string(),
                                   "--key",
                                   (path / "tsa.key").string()};
    words.insert(words.end(), more.begin(), more.end());
    child_ = rig::Child(words, path / "output");
    ASSERT_TRUE(
        rig::wait_until([&] { return std::filesystem::exists(path / "port"); }, std::chrono::seconds(30)))
        << rig::read_file(path / "output");
    settings_.url = std::string(scheme) + "://localhost:" + rig::read_file(path / "port") + "/tsa";
  }

  void misbehave(const std::string& fault) const { rig::write_file(folder_.path() / "fault", fault); }

  [[nodiscard]] Result<Bytes> ask(Instant now = SystemClock().now()) const {
    return stamp(settings_, *desk_, "what is stamped", now);
  }
  [[nodiscard]] std::string code(Instant now = SystemClock().now()) const {
    const auto token = ask(now);
    if (token) return "";
    EXPECT_EQ(token.error().outlook, Outlook::waiting);
    EXPECT_THAT(token.error().detail, testing::HasSubstr("[[timestamp]] tsa"));
    return token.error().code;
  }

  rig::TempFolder folder_;
  rig::Child child_;
  config::TimestampAuthority settings_;
  std::shared_ptr<trust_desk::TrustDesk> desk_;
};

TEST_F(Stamping, GivesATokenThatHolds) {
  for (const char* digest : {"sha256", "sha384", "sha512"}) {
    settings_.digest = digest;
    const auto token = ask();
    ASSERT_TRUE(token) << token.error().code << token.error().detail;
    EXPECT_TRUE(timestamp::verify_token(*token, "what is stamped"));
  }
  settings_.policy = "1.2.250.1.999.3.2";
  const auto token = ask();
  ASSERT_TRUE(token) << token.error().detail;
  EXPECT_EQ(timestamp::verify_token(*token, "what is stamped")->policy, "1.2.250.1.999.3.2");
}

TEST_F(Stamping, WhateverTheAuthorityAnswersItOnlyWaits) {
  ASSERT_EQ(code(), "");
  const std::vector<std::pair<const char*, const char*>> faults{
      {"down", "timestamp.unreachable"}, {"silent", "timestamp.unreachable"},
      {"html", "timestamp.unreachable"}, {"nonsense", "timestamp.response_unreadable"},
      {"refuse", "timestamp.refused"},   {"replay", "timestamp.mismatch"},
  };
  for (const auto& [fault, expected] : faults) {
    misbehave(fault);
    EXPECT_EQ(code(), expected) << fault;
  }
  misbehave("");
  EXPECT_EQ(code(), "");
  settings_.policy = "1.2.3.4";
  EXPECT_EQ(code(), "timestamp.refused");
  settings_.policy.clear();
  child_ = {};
  EXPECT_EQ(code(), "timestamp.unreachable");
}

TEST_F(Stamping, TheTimesAgree) {
  EXPECT_EQ(code(SystemClock().now() - std::chrono::minutes(6)), "timestamp.drift");
  EXPECT_EQ(code(SystemClock().now() + std::chrono::minutes(6)), "timestamp.drift");
  EXPECT_EQ(code(SystemClock().now() - std::chrono::minutes(4)), "");
}

TEST_F(Stamping, TheAuthorityIsJudged) {
  settings_.trust = "autre";
  const auto token = ask();
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code, "timestamp.untrusted");
  EXPECT_THAT(token.error().detail, testing::HasSubstr("trust.path.none"));
  settings_.trust = "gone";
  EXPECT_EQ(code(), "timestamp.untrusted");
}

TEST_F(Stamping, ByHttpsWithAPassword) {
  const rig::Pki pki(folder_.path() / "pki");
  const auto issued = pki.issue("tsa", rig::Usage::server);
  serve(test::ordinary_tsa(),
        {"--tls-certificate", issued.certificate, "--tls-key", issued.key, "--user", "u", "--password", "p"},
        "https");
  EXPECT_EQ(code(), "timestamp.unreachable") << "nobody vouches for the server";
  settings_.ca = pki.ca();
  EXPECT_EQ(code(), "timestamp.unreachable") << "no password";
  settings_.user = "u";
  settings_.password = config::Secret("p");
  EXPECT_EQ(code(), "");
}

}  // namespace
}  // namespace demat::timestamping
