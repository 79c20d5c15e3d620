// Profiles as folders: loaded, watched, and kept when a file is bad.

#include "gateway/trust/desk.hpp"

#include <gtest/gtest.h>

#include "gateway/trust/loading.hpp"
#include "pki_kit.hpp"

using namespace demat;
using namespace demat::trust_desk;

namespace {

class Desk : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"anchors", "issuers", "crls"})
      std::filesystem::create_directories(folder_.path() / name);
    const auto& pki = test::ordinary_pki();
    folder_.write("anchors/root.pem", pki.root.pem());
    const Bytes sub = pki.sub.der();
    folder_.write("issuers/sub.der", as_text(sub));
    folder_.write("crls/root.crl", test::list_pem(test::make_list({}, pki.root)));
    const Bytes list = test::make_list({}, pki.sub);
    folder_.write("crls/sub.crl", as_text(list));
    settings_.trusts = {{.name = "essai", .folder = folder_.path()}};
    config::Destination strict;
    strict.name = "helios";
    strict.trust = "essai";
    config::Destination free;
    free.name = "simulateur";
    settings_.destinations = {strict, free};
  }

  [[nodiscard]] std::shared_ptr<TrustDesk> open() const { return TrustDesk::open(settings_).value(); }

  test::TemporaryFolder folder_;
  config::Settings settings_;
};

trust::FlowReport report_of(const Demand& demand, const char* now) {
  trust::SignatureInput signature;
  signature.covers = "acte.pdf";
  signature.cryptography = trust::Indication::passed;
  signature.certificate_der = test::ordinary_pki().leaf.der();
  signature.signed_at = test::at("2026-01-15T10:30:00Z");
  return trust::judge_all(demand.profile ? &*demand.profile : nullptr, {signature}, test::at(now),
                          test::at(now));
}

TEST_F(Desk, GivesEachDestinationItsProfile) {
  const auto desk = open();
  ASSERT_TRUE(desk->demand_of("helios").profile);
  EXPECT_EQ(desk->demand_of("helios").profile->crls().size(), 2U);
  EXPECT_FALSE(desk->demand_of("simulateur").profile);
  EXPECT_FALSE(desk->demand_of("nobody").profile);
  EXPECT_EQ(desk->all().size(), 1U);
}

TEST_F(Desk, SeesWhatChangesAndNothingElse) {
  const auto desk = open();
  const auto before = desk->find("essai")->version();
  EXPECT_TRUE(desk->refresh().changed.empty());
  const Bytes list = test::make_list({.number = 2}, test::ordinary_pki().sub);
  folder_.write("crls/sub.crl", as_text(list));
  EXPECT_EQ(desk->refresh().changed, std::vector<std::string>{"essai"});
  EXPECT_NE(desk->find("essai")->version(), before);
  EXPECT_TRUE(desk->refresh().changed.empty());
}

TEST_F(Desk, KeepsWhatItHasWhenAFileIsBad) {
  const auto desk = open();
  const auto before = desk->find("essai")->version();
  folder_.write("crls/other.crl", "not a list");
  for (int i = 0; i < 2; ++i) {
    const auto refreshed = desk->refresh();
    ASSERT_EQ(refreshed.broken.size(), 1U) << i;
    EXPECT_EQ(refreshed.broken[0].first, "essai");
    EXPECT_EQ(refreshed.broken[0].second.code, "trust.crl_unreadable");
    EXPECT_NE(refreshed.broken[0].second.detail.find("crls/other.crl"), std::string::npos);
    EXPECT_EQ(desk->find("essai")->version(), before);
  }
  std::filesystem::remove(folder_.path() / "crls/other.crl");
  EXPECT_TRUE(desk->refresh().broken.empty());
  EXPECT_EQ(desk->find("essai")->version(), before);
}

TEST_F(Desk, PassesOverFilesUnderWay) {
  for (const char* name : {"crls/.new.crl", "crls/sub.crl.tmp", "crls/sub.crl.part", "crls/sub.crl~"})
    folder_.write(name, "half a li");
  EXPECT_EQ(open()->find("essai")->crls().size(), 2U);
}

TEST_F(Desk, DoesNotOpenWithABadFile) {
  folder_.write("anchors/leaf.pem", test::ordinary_pki().leaf.pem());
  const auto desk = TrustDesk::open(settings_);
  ASSERT_FALSE(desk);
  EXPECT_EQ(desk.error().code, "trust.not_an_authority");
  EXPECT_EQ(desk.error().detail, "essai: anchors/leaf.pem");
}

TEST_F(Desk, AnEmptyFolderIsNoProfile) {
  std::filesystem::remove(folder_.path() / "issuers/sub.der");
  const auto desk = TrustDesk::open(settings_);
  ASSERT_FALSE(desk);
  EXPECT_EQ(desk.error().code, "trust.no_issuer");
}

TEST_F(Desk, DoubtWaitsOrWarns) {
  const auto demand = open()->demand_of("helios");
  const auto sure = decide(report_of(demand, "2026-01-15T12:00:00Z"), demand);
  EXPECT_FALSE(sure.wait);
  EXPECT_TRUE(sure.findings.findings.empty());
  auto doubt = decide(report_of(demand, "2026-01-18T12:00:00Z"), demand);
  ASSERT_TRUE(doubt.wait);
  EXPECT_EQ(doubt.wait->code, "trust.indeterminate");
  EXPECT_EQ(doubt.wait->outlook, Outlook::waiting);
  EXPECT_EQ(doubt.wait->detail, "essai TRY_LATER");
  auto lenient = demand;
  lenient.doubt_waits = false;
  doubt = decide(report_of(lenient, "2026-01-18T12:00:00Z"), lenient);
  EXPECT_FALSE(doubt.wait);
  EXPECT_FALSE(doubt.findings.refused());
  EXPECT_EQ(doubt.findings.findings.size(), 2U);
}

TEST_F(Desk, CertainFailureRefuses) {
  auto demand = open()->demand_of("helios");
  auto report = report_of(demand, "2026-01-18T12:00:00Z");
  report.parts[0].signer.checks.push_back(trust::make_check("trust.usage.absent", {"X"}));
  report.verdict = trust::verdict_of(report.parts[0].signer.checks);
  const auto decision = decide(report, demand);
  EXPECT_TRUE(decision.findings.refused());
  EXPECT_FALSE(decision.wait);
}

}  // namespace
