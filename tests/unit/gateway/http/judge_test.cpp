// Clients judged by somebody else than TLS: at the handshake, at each request, on resumed sessions.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "gateway/http/server.hpp"
#include "tests/unit/gateway/http/rig/client.hpp"

namespace demat::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* revoked_code = "access.certificate_revoked";

/// Something that is never over.
class Silence final : public EventFeed {
 public:
  std::optional<std::string> next() override { return ""; }
  void wake_with(std::function<void()>) override {}
};

class JudgeTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    pki_ = std::make_unique<test::Pki>();
    fingerprint_ = pki_->issue_client("alice");
    pki_->issue_rogue("mallory");
  }
  static void TearDownTestSuite() { pki_.reset(); }

  Router routes() {
    Router router;
    router.add({"GET", "/who", Handler([](const Request& request, const std::string&) {
                  Response out;
                  out.body =
                      request.peer.sha256 + (request.peer.refusal ? " " + request.peer.refusal->code : "");
                  return out;
                })});
    router.add({"GET", "/revoke", Handler([this](const Request&, const std::string&) {
                  fault_ = PeerFault::revoked;
                  return Response{};
                })});
    router.add({"GET", "/feed", Handler([this](const Request&, const std::string&) {
                  feeding_ = true;
                  Response out;
                  out.body = Feed(std::make_shared<Silence>());
                  return out;
                })});
    return router;
  }

  static config::Http settings(config::ClientRefusal refusal) {
    config::Http http;
    http.port = 0;
    http.certificate = pki_->file("server.pem");
    http.key = pki_->file("server.key");
    http.client_trust = "clients";
    http.client_refusal = refusal;
    return http;
  }

  void start(config::ClientRefusal refusal, std::chrono::milliseconds heartbeat = std::chrono::seconds(15)) {
    ServerOptions options;
    options.http = settings(refusal);
    options.heartbeat = heartbeat;
    options.judge = [this](const PeerChain& chain) -> std::optional<PeerVerdict> {
      ++asked_;
      if (absent_) return std::nullopt;
      if (chain.der.empty())
        return PeerVerdict{PeerFault::other, permanent_error("test.empty", "vide", "empty")};
      if (fault_ == PeerFault::none) return PeerVerdict{};
      return PeerVerdict{fault_, permanent_error(revoked_code, "révoqué", "revoked")};
    };
    auto server = Server::start(std::move(options), routes());
    ASSERT_TRUE(server) << server.error().detail;
    server_ = std::move(*server);
  }

  [[nodiscard]] test::Client client(const std::string& name = "alice") const {
    return {*pki_, server_->port(), name};
  }

  /// One session of openssl's own client: says its request, reads until the server closes.
  [[nodiscard]] std::string session(const std::string& request, std::vector<std::string> options) const {
    std::vector<std::string> words{"openssl",  "s_client",
                                   "-connect", "127.0.0.1:" + std::to_string(server_->port()),
                                   "-CAfile",  pki_->file("ca.pem"),
                                   "-cert",    pki_->file("alice.pem"),
                                   "-key",     pki_->file("alice.key"),
                                   "-ign_eof"};
    words.insert(words.end(), options.begin(), options.end());
    return test::run(words, "GET " + request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .out;
  }

  static inline std::unique_ptr<test::Pki> pki_;
  static inline std::string fingerprint_;
  std::atomic<PeerFault> fault_{PeerFault::none};
  std::atomic<bool> absent_{false};
  std::atomic<int> asked_{0};
  std::atomic<bool> feeding_{false};
  std::unique_ptr<Server> server_;  // last: stops before what its handlers use
};

TEST_F(JudgeTest, TheJudgeAloneDecidesWhomTlsLetsIn) {
  start(config::ClientRefusal::handshake);
  EXPECT_EQ(client().call("/who").body, fingerprint_);
  // No authority is configured: who is a stranger is for the judge to say.
  EXPECT_EQ(client("mallory").call("/who").status, 200);
  EXPECT_EQ(client("").call("/who").body, "");
}

struct Alert {
  PeerFault fault;
  const char* text;
};

class AlertTest : public JudgeTest, public ::testing::WithParamInterface<Alert> {};

TEST_P(AlertTest, SaysWhyTheHandshakeEnds) {
  start(config::ClientRefusal::handshake);
  fault_ = GetParam().fault;
  for (const auto* version : {"1.2", "1.3"}) {
    const auto reply = client().call("/who", {"-v", "--tls-max", version});
    EXPECT_NE(reply.curl_exit, 0) << version;
    EXPECT_EQ(reply.status, 0) << version;
    EXPECT_THAT(reply.err, HasSubstr(GetParam().text)) << version;
  }
}

INSTANTIATE_TEST_SUITE_P(Faults, AlertTest,
                         ::testing::Values(Alert{PeerFault::unknown_authority, "unknown ca"},
                                           Alert{PeerFault::expired, "certificate expired"},
                                           Alert{PeerFault::unsupported, "unsupported certificate"},
                                           Alert{PeerFault::weak, "bad certificate"},
                                           Alert{PeerFault::revoked, "certificate revoked"},
                                           Alert{PeerFault::other, "handshake failure"}));

TEST_F(JudgeTest, ARefusalLeftToTheRequestsReachesTheHandler) {
  start(config::ClientRefusal::request);
  EXPECT_EQ(client().call("/who").body, fingerprint_);
  fault_ = PeerFault::revoked;
  const auto reply = client().call("/who");
  EXPECT_EQ(reply.status, 200) << reply.err;
  EXPECT_EQ(reply.body, fingerprint_ + " " + revoked_code);
}

TEST_F(JudgeTest, EachRequestOfAnOpenConnectionIsJudged) {
  for (const auto refusal : {config::ClientRefusal::handshake, config::ClientRefusal::request}) {
    fault_ = PeerFault::none;
    start(refusal);
    const auto reply = client().call("/who", {"-w", "%{num_connects} ", client().url("/revoke")});
    EXPECT_THAT(reply.body, HasSubstr(fingerprint_ + " " + revoked_code)) << reply.err;
    EXPECT_THAT(reply.body, HasSubstr("0 ")) << "a second connection";
  }
}

TEST_F(JudgeTest, AResumedSessionIsJudgedToo) {
  start(config::ClientRefusal::handshake);
  for (const std::string version : {"-tls1_2", "-tls1_3"}) {
    fault_ = PeerFault::none;
    const auto file = pki_->file("session" + version);
    EXPECT_THAT(session("/who", {version, "-sess_out", file}), HasSubstr(fingerprint_));
    const auto again = session("/who", {version, "-sess_in", file});
    EXPECT_THAT(again, HasSubstr("Reused, TLS")) << version;
    EXPECT_THAT(again, Not(HasSubstr(revoked_code)));
    fault_ = PeerFault::revoked;
    const auto late = session("/who", {version, "-sess_in", file});
    EXPECT_THAT(late, HasSubstr("Reused, TLS")) << version;
    EXPECT_THAT(late, HasSubstr(fingerprint_ + " " + revoked_code)) << version;
  }
}

TEST_F(JudgeTest, AFeedEndsWithItsCertificate) {
  start(config::ClientRefusal::handshake, std::chrono::milliseconds(50));
  std::thread revoking([this] {
    for (int i = 0; i < 2'000 && !feeding_; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    fault_ = PeerFault::revoked;
  });
  const auto reply = client().call("/feed", {"--max-time", "20"});
  revoking.join();
  EXPECT_EQ(reply.curl_exit, 0) << reply.err;
  EXPECT_EQ(reply.status, 200);
}

TEST_F(JudgeTest, WithoutAVerdictNothingUnverifiedOpens) {
  start(config::ClientRefusal::handshake);
  absent_ = true;
  EXPECT_NE(client().call("/who").curl_exit, 0);
  start(config::ClientRefusal::request);
  EXPECT_EQ(client().call("/who").body, "");
}

TEST_F(JudgeTest, GoesBackToItsAuthorityOnReload) {
  start(config::ClientRefusal::request);
  auto http = settings(config::ClientRefusal::request);
  http.client_trust.clear();
  http.client_ca = pki_->file("ca.pem");
  ASSERT_TRUE(server_->reload(http));
  absent_ = true;
  EXPECT_EQ(client().call("/who").body, fingerprint_);
  EXPECT_NE(client("mallory").call("/who").curl_exit, 0);
}

TEST_F(JudgeTest, AProfileWithoutAJudgeIsABrokenInvariant) {
  ServerOptions options;
  options.http = settings(config::ClientRefusal::handshake);
  EXPECT_THROW(static_cast<void>(Server::start(std::move(options), routes())), std::logic_error);
}

}  // namespace
}  // namespace demat::http
