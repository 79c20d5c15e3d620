// Certificates of clients against a trust profile: each rule, kept and broken.

#include "protocols/trust/client.hpp"

#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include <functional>

#include "pki_kit.hpp"

using namespace demat;
using trust::ClientFault;

namespace {

constexpr const char* policy = "1.2.250.1.999.1.2.1";

test::HolderWish client_wish() {
  test::HolderWish wish;
  wish.key_usage = "critical,digitalSignature";
  wish.extended_key_usage = "clientAuth";
  wish.policies = policy;
  return wish;
}

struct Case {
  const char* name;
  std::function<void(test::HolderWish&)> wish;
  std::function<void(trust::Contents&)> contents;
  ClientFault fault;
  const char* check;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

const auto same = [](auto&) {};

const std::vector<Case> cases = {
    {"Ordinary", same, same, ClientFault::none, ""},
    {"BothUsages", [](auto& w) { w.extended_key_usage = "serverAuth,clientAuth"; }, same, ClientFault::none,
     ""},
    {"SignatureOnly",
     [](auto& w) {
       w.key_usage = "critical,nonRepudiation";
       w.extended_key_usage = "";
     },
     same, ClientFault::usage, "trust.usage.signature_only"},
    {"Server", [](auto& w) { w.extended_key_usage = "serverAuth"; }, same, ClientFault::usage,
     "trust.usage.not_client"},
    {"AnyUsageIsNotThisOne", [](auto& w) { w.extended_key_usage = "anyExtendedKeyUsage"; }, same,
     ClientFault::usage, "trust.usage.not_client"},
    {"Unstated", [](auto& w) { w.extended_key_usage = ""; }, same, ClientFault::usage,
     "trust.usage.client_unstated"},
    {"UnstatedTolerated", [](auto& w) { w.extended_key_usage = ""; },
     [](auto& c) { c.rules.non_repudiation = trust::NonRepudiation::tolerant; }, ClientFault::none, ""},
    {"TolerantIsNotBlind", [](auto& w) { w.extended_key_usage = "serverAuth"; },
     [](auto& c) { c.rules.non_repudiation = trust::NonRepudiation::tolerant; }, ClientFault::usage,
     "trust.usage.not_client"},
    {"Authority",
     [](auto& w) {
       w.authority = true;
       w.key_usage = "critical,keyCertSign,digitalSignature";
     },
     same, ClientFault::usage, "trust.usage.authority"},
    {"Expired", [](auto& w) { w.not_after = "20260115115959Z"; }, same, ClientFault::expired,
     "trust.validity.expired"},
    {"NotYetValid", [](auto& w) { w.not_before = "20260115120001Z"; }, same, ClientFault::not_yet_valid,
     "trust.validity.not_yet"},
    {"Rsa1024",
     [](auto& w) {
       w.elliptic = false;
       w.rsa_bits = 1024;
     },
     same, ClientFault::weak, "trust.path.weak"},
    {"Sha1", [](auto& w) { w.sign_digest = "SHA1"; }, same, ClientFault::weak, "trust.path.weak"},
    {"ArchivesOpenNoDoor", [](auto& w) { w.sign_digest = "SHA1"; },
     [](auto& c) { c.rules.algorithms.archive = true; }, ClientFault::weak, "trust.algorithm.weak"},
    {"OtherPolicy", [](auto& w) { w.policies = "1.2.3"; }, [](auto& c) { c.rules.policies = {policy}; },
     ClientFault::policy, "trust.policy.unlisted"},
    {"NoList", same, [](auto& c) { c.crls.clear(); }, ClientFault::unknown, "trust.revocation.missing"},
    {"NoListTolerated", same,
     [](auto& c) {
       c.crls.clear();
       c.rules.revocation = trust::Revocation::warn;
     },
     ClientFault::none, ""},
    {"StaleList", same,
     [](auto& c) {
       c.crls.back() = {"sub.crl", test::make_list({.number = 2, .next_update = "20260115110000Z"},
                                                   test::ordinary_pki().sub)};
     },
     ClientFault::unknown, "trust.revocation.stale"},
    {"IssuerNotAuthorised", same,
     [](auto& c) {
       c.intermediates = c.issuers;
       c.issuers = {{"other.pem", test::issue({.name = "Autre", .authority = true}, nullptr).der()}};
     },
     ClientFault::untrusted, "trust.issuer.not_authorised"},
};

class ClientCertificate : public testing::TestWithParam<Case> {};

TEST_P(ClientCertificate, IsJudgedForTheDoor) {
  auto wish = client_wish();
  GetParam().wish(wish);
  const auto client = test::issue(wish, &test::ordinary_pki().sub);
  auto contents = test::contents_of(test::ordinary_pki());
  GetParam().contents(contents);
  const auto verdict = trust::judge_client(test::profile_of(std::move(contents)), client.der(), {},
                                           test::at("2026-01-15T12:00:00Z"));
  EXPECT_STREQ(to_string(verdict.fault), to_string(GetParam().fault)) << verdict.check;
  EXPECT_EQ(verdict.check, GetParam().check);
  EXPECT_FALSE(verdict.serial.empty());
  EXPECT_NE(verdict.issuer.find("CN="), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Rules, ClientCertificate, testing::ValuesIn(cases),
                         [](const auto& info) { return std::string(info.param.name); });

class RevokedClient : public testing::TestWithParam<std::pair<int, const char*>> {};

TEST_P(RevokedClient, IsRefusedWhateverTheReason) {
  const auto client = test::issue(client_wish(), &test::ordinary_pki().sub);
  auto contents = test::contents_of(test::ordinary_pki());
  test::ListWish wish{.number = 2};
  wish.revoked = {{&client, "20260115100000Z", GetParam().first}};
  contents.crls.back() = {"sub.crl", test::make_list(wish, test::ordinary_pki().sub)};
  const auto verdict = trust::judge_client(test::profile_of(std::move(contents)), client.der(), {},
                                           test::at("2026-01-15T12:00:00Z"));
  EXPECT_EQ(verdict.fault, ClientFault::revoked);
  EXPECT_EQ(verdict.check, GetParam().second);
}

INSTANTIATE_TEST_SUITE_P(Reasons, RevokedClient,
                         testing::Values(std::pair{-1, "trust.revocation.revoked"},
                                         std::pair{CRL_REASON_KEY_COMPROMISE, "trust.revocation.revoked"},
                                         std::pair{CRL_REASON_SUPERSEDED, "trust.revocation.revoked"},
                                         std::pair{CRL_REASON_CERTIFICATE_HOLD, "trust.revocation.on_hold"}));

TEST(ClientVerdict, TellsNothingThatAStrangerWrote) {
  auto wish = client_wish();
  wish.name = "Jeanne Dupont";
  const auto stranger = test::issue(wish, nullptr);
  const auto profile = test::profile_of(test::contents_of(test::ordinary_pki()));
  const auto verdict = trust::judge_client(profile, stranger.der(), {}, test::at("2026-01-15T12:00:00Z"));
  EXPECT_EQ(verdict.fault, ClientFault::untrusted);
  EXPECT_EQ(verdict.issuer, "");
  const Bytes garbage{1, 2, 3};
  EXPECT_EQ(trust::judge_client(profile, garbage, {}, test::at("2026-01-15T12:00:00Z")).fault,
            ClientFault::untrusted);
}

}  // namespace
