// Responders asked over a real web server: what is kept of their answers, and what never is.

#include "gateway/trust/ocsp_fetcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/trust/loading.hpp"
#include "ocsp_kit.hpp"
#include "protocols/trust/ocsp.hpp"
#include "tests/support/rig/list_server.hpp"

using namespace demat;
using namespace demat::trust_desk;
using namespace std::chrono_literals;
using testing::IsEmpty;

namespace {

const trust::Instant noon = test::at("2026-01-15T12:00:00Z");

class Responder : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"anchors", "issuers"})
      std::filesystem::create_directories(folder_.path() / "profile" / name);
    folder_.write("profile/anchors/root.pem", pki().root.pem());
    folder_.write("profile/issuers/sub.pem", pki().sub.pem());
    settings_.data_folder = folder_.path() / "data";
    settings_.trusts = {{.name = "essai", .folder = folder_.path() / "profile"}};
    auto& trust = settings_.trusts[0];
    trust.fetch = true;
    trust.fetch_hosts = {"127.0.0.1"};
    trust.fetch_timeout = 20s;
    publish(wish());
  }

  static const test::Pki& pki() { return test::ordinary_pki(); }
  [[nodiscard]] test::OcspWish wish(const char* status = "good") const {
    test::OcspWish out;
    out.about = &leaf_;
    out.issuer = &pki().sub;
    out.status = status;
    return out;
  }
  void publish(const test::OcspWish& answer, const test::Holder& responder = pki().sub) const {
    const Bytes der = test::make_ocsp(answer, responder);
    server_.publish("leaf", as_text(der));
  }
  std::shared_ptr<TrustDesk> desk() {
    auto out = TrustDesk::open(settings_).value();
    out->saw("essai", leaf_.der());
    return out;
  }
  bool turn(TrustDesk& desk) {
    return fetcher_.turn(desk, [this] { return now_; }, {});
  }
  static std::size_t answers(TrustDesk& desk) {
    EXPECT_TRUE(desk.refresh().broken.empty());
    return desk.find("essai")->ocsp().size();
  }
  /// The same certificate with another responder.
  void point_to(const std::string& path) {
    leaf_ = test::issue({.information = "OCSP;URI:" + server_.url(path)}, &pki().sub);
  }

  rig::ListServer server_;
  test::Holder leaf_ = test::issue({.information = "OCSP;URI:" + server_.url("/ocsp/leaf")}, &pki().sub);
  test::TemporaryFolder folder_;
  config::Settings settings_;
  trust::Instant now_ = noon;
  OcspFetcher fetcher_{[] { return 0.5; }};
};

TEST_F(Responder, IsAskedAboutACertificateThatWasJudged) {
  const auto open = desk();
  EXPECT_TRUE(turn(*open));
  EXPECT_EQ(answers(*open), 1U);
  EXPECT_THAT(server_.requests(), testing::ElementsAre("POST /ocsp/leaf application/ocsp-request"));
  const Bytes request = trust::ocsp_request(leaf_.der(), pki().sub.der()).value();
  EXPECT_EQ(server_.asked(), as_text(request));
  const auto state = fetcher_.states().at(0);
  EXPECT_EQ(state.error, "");
  EXPECT_EQ(state.last_success, noon);
  // Again within fetch_every; the same answer changes nothing.
  now_ = noon + 1h;
  EXPECT_FALSE(turn(*open));
  EXPECT_EQ(server_.requests().size(), 2U);
}

TEST_F(Responder, ARevocationIsTakenOver) {
  const auto open = desk();
  EXPECT_TRUE(turn(*open));
  auto revoked = wish("revoked");
  revoked.this_update = "20260115090000Z";
  publish(revoked);
  fetcher_.all_now();
  EXPECT_TRUE(turn(*open));
  EXPECT_EQ(answers(*open), 1U);
  EXPECT_EQ(open->find("essai")->ocsp().at(0).status, "revoked");
  // The older one does not come back.
  publish(wish());
  fetcher_.all_now();
  EXPECT_FALSE(turn(*open));
  EXPECT_EQ(fetcher_.states().at(0).error, "trust.list_older");
  EXPECT_EQ(open->find("essai")->ocsp().at(0).status, "revoked");
}

TEST_F(Responder, WhatDoesNotHoldIsDropped) {
  const auto stranger = test::issue({.name = "Signataires d'essai", .authority = true}, nullptr);
  const auto refused = [&](const char* code) {
    const auto open = desk();
    fetcher_.all_now();
    EXPECT_FALSE(turn(*open)) << code;
    EXPECT_EQ(answers(*open), 0U) << code;
    EXPECT_EQ(fetcher_.states().at(0).error, code);
  };
  server_.publish("leaf", "<html>It works!</html>");
  refused("trust.ocsp_unreadable");
  publish(wish(), stranger);
  refused("trust.ocsp_not_authentic");
  auto other = wish();
  other.about = &pki().leaf;
  publish(other);
  refused("trust.ocsp_of_another");
  auto over = wish();
  over.next_update = "20260115115900Z";
  publish(over);
  refused("trust.list_over");
  auto future = wish();
  future.this_update = "20260115120600Z";
  publish(future);
  refused("trust.list_future");
  server_.publish("leaf", std::string(100'001, 'x'));
  refused("trust.fetch_too_large");
  point_to("/nothing");
  refused("trust.fetch_status");
  point_to("/elsewhere");
  refused("trust.fetch_redirects");
}

TEST_F(Responder, IsNotAskedWithoutReason) {
  const auto silent = [&](const char* why) {
    const auto open = desk();
    EXPECT_FALSE(turn(*open)) << why;
    EXPECT_THAT(server_.requests(), IsEmpty()) << why;
  };
  auto& trust = settings_.trusts[0];
  trust.revocation_by = config::RevocationSource::crl;
  silent("lists alone count");
  trust.revocation_by = config::RevocationSource::either;
  trust.fetch = false;
  silent("the profile does not fetch");
  trust.fetch = true;
  trust.fetch_hosts = {"ocsp.example.fr"};
  silent("the host is not listed");
  EXPECT_EQ(fetcher_.states().at(0).error, "trust.fetch_host");
  fetcher_.all_now();
  silent("nor when told to");
  trust.fetch_hosts = {"127.0.0.1"};
  const auto stranger = test::issue({.name = "Autre", .authority = true}, nullptr);
  leaf_ = test::issue({.information = "OCSP;URI:" + server_.url("/ocsp/leaf")}, &stranger);
  silent("a stranger's certificate");
}

}  // namespace
