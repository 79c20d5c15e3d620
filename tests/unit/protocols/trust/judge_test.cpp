// Signers against a trust profile, with authorities made here: each rule, kept and broken.

#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include <functional>

#include "pki_kit.hpp"

using namespace demat;
using test::codes;
using trust::Outcome;

namespace {

/// What differs from the ordinary signer under the ordinary profile, and what that comes to.
struct Case {
  const char* name;
  std::function<void(trust::Contents&, trust::Question&)> change;
  trust::Indication indication;
  const char* sub_indication;
  const char* code;  ///< a check that must have ended in the outcome below
  Outcome outcome;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

constexpr auto passed = trust::Indication::passed;
constexpr auto failed = trust::Indication::failed;
constexpr auto unsure = trust::Indication::indeterminate;

const test::Pki& pki() {
  return test::ordinary_pki();
}

/// Another signer of the ordinary authority.
Bytes other_leaf(test::HolderWish wish) {
  if (wish.policies.empty()) wish.policies = "1.2.250.1.999.1.2.1";
  return test::issue(wish, &pki().sub).der();
}

void set_list(trust::Contents& contents, const test::ListWish& wish) {
  contents.crls.back() = {"sub.crl", test::make_list(wish, pki().sub)};
}

test::ListWish revoking(const char* since, int reason) {
  test::ListWish wish;
  wish.number = 2;
  wish.revoked = {{&pki().leaf, since, reason}};
  return wish;
}

const std::vector<Case> cases = {
    {"Ordinary", [](auto&, auto&) {}, passed, "", "trust.path.found", Outcome::pass},
    // Time (RV5)
    {"NoTime", [](auto&, auto& q) { q.signed_at.reset(); }, passed, "", "trust.time.missing", Outcome::warn},
    {"LittleAhead", [](auto&, auto& q) { q.signed_at = test::at("2026-01-15T12:04:00Z"); }, passed, "",
     "trust.time.claimed", Outcome::pass},
    {"Future", [](auto&, auto& q) { q.signed_at = test::at("2026-01-15T12:06:00Z"); }, failed,
     "SIG_CONSTRAINTS_FAILURE", "trust.time.future", Outcome::fail},
    {"BeforeValidity", [](auto&, auto& q) { q.signed_at = test::at("2023-12-31T23:59:59Z"); }, failed,
     "NOT_YET_VALID", "trust.validity.not_yet", Outcome::fail},
    {"ExpiredWhenSigned",
     [](auto&, auto& q) { q.certificate_der = other_leaf({.not_after = "20260114000000Z"}); }, failed,
     "EXPIRED", "trust.validity.expired", Outcome::fail},
    // Path (RV4)
    {"SelfSigned",
     [](auto&, auto& q) { q.certificate_der = test::issue({.name = "Jeanne Essai"}, nullptr).der(); }, failed,
     "NO_CERTIFICATE_CHAIN_FOUND", "trust.path.none", Outcome::fail},
    {"ForgedIssuer",
     [](auto&, auto& q) {
       const auto forger = test::issue({.name = "Signataires d'essai", .authority = true}, nullptr);
       q.certificate_der = test::issue({.policies = "1.2.250.1.999.1.2.1"}, &forger).der();
       q.offered = {forger.der()};
     },
     failed, "NO_CERTIFICATE_CHAIN_FOUND", "trust.path.none", Outcome::fail},
    {"OtherAnchor",
     [](auto& c, auto&) {
       const auto other = test::issue({.name = "Autre racine", .authority = true}, nullptr);
       c.anchors = {{"other.pem", other.der()}};
     },
     failed, "NO_CERTIFICATE_CHAIN_FOUND", "trust.path.none", Outcome::fail},
    {"AuthorityAsAnchor",
     [](auto& c, auto&) {
       c.anchors = {{"sub.pem", pki().sub.der()}};
     },
     passed, "", "trust.path.found", Outcome::pass},
    {"WeakIssuerSignature", [](auto&, auto& q) { q.certificate_der = other_leaf({.sign_digest = "SHA1"}); },
     failed, "CRYPTO_CONSTRAINTS_FAILURE", "trust.path.weak", Outcome::fail},
    {"TooDeep", [](auto& c, auto&) { c.rules.max_depth = 0; }, failed, "CERTIFICATE_CHAIN_GENERAL_FAILURE",
     "trust.path.broken", Outcome::fail},
    // Authorised issuers (3.0)
    {"IssuerNotAuthorised",
     [](auto& c, auto&) {
       c.intermediates = c.issuers;
       c.issuers = {
           {"other.pem", test::issue({.name = "Autres signataires", .authority = true}, &pki().root).der()}};
     },
     failed, "CHAIN_CONSTRAINTS_FAILURE", "trust.issuer.not_authorised", Outcome::fail},
    {"RootAuthorised",
     [](auto& c, auto&) {
       c.intermediates = c.issuers;
       c.issuers = c.anchors;
     },
     passed, "", "trust.issuer.authorised", Outcome::pass},
    // Usage (RV6, RS4)
    {"NoNonRepudiation",
     [](auto&, auto& q) { q.certificate_der = other_leaf({.key_usage = "critical,digitalSignature"}); },
     failed, "CHAIN_CONSTRAINTS_FAILURE", "trust.usage.absent", Outcome::fail},
    {"NoNonRepudiationTolerated",
     [](auto& c, auto& q) {
       c.rules.non_repudiation = trust::NonRepudiation::tolerant;
       q.certificate_der = other_leaf({.key_usage = "critical,digitalSignature"});
     },
     passed, "", "trust.usage.absent_tolerated", Outcome::warn},
    {"NoUsageAtAll", [](auto&, auto& q) { q.certificate_der = other_leaf({.key_usage = ""}); }, passed, "",
     "trust.usage.absent_tolerated", Outcome::warn},
    {"NoUsageAtAllStrict",
     [](auto& c, auto& q) {
       c.rules.non_repudiation = trust::NonRepudiation::strict;
       q.certificate_der = other_leaf({.key_usage = ""});
     },
     failed, "CHAIN_CONSTRAINTS_FAILURE", "trust.usage.absent", Outcome::fail},
    {"AuthoritySigns", [](auto&, auto& q) { q.certificate_der = pki().sub.der(); }, failed,
     "CHAIN_CONSTRAINTS_FAILURE", "trust.usage.authority", Outcome::fail},
    // Policy (RV7)
    {"OtherPolicy", [](auto&, auto& q) { q.certificate_der = other_leaf({.policies = "1.2.3.4"}); }, failed,
     "CHAIN_CONSTRAINTS_FAILURE", "trust.policy.unlisted", Outcome::fail},
    // Algorithms (RS6, RV12)
    {"Md5", [](auto&, auto& q) { q.digest = "MD5"; }, failed, "CRYPTO_CONSTRAINTS_FAILURE",
     "trust.algorithm.weak", Outcome::fail},
    {"Sha1Now", [](auto&, auto& q) { q.digest = "SHA1"; }, failed, "CRYPTO_CONSTRAINTS_FAILURE",
     "trust.algorithm.weak", Outcome::fail},
    {"Sha1NowInArchive",
     [](auto& c, auto& q) {
       c.rules.algorithms.archive = true;
       q.digest = "SHA1";
     },
     failed, "CRYPTO_CONSTRAINTS_FAILURE", "trust.algorithm.weak", Outcome::fail},
    {"ShortKey",
     [](auto&, auto& q) { q.certificate_der = other_leaf({.elliptic = false, .rsa_bits = 1024}); }, failed,
     "CRYPTO_CONSTRAINTS_FAILURE", "trust.path.weak", Outcome::fail},
    // Revocation (RV8 to RV10)
    {"RevokedBefore", [](auto& c, auto&) { set_list(c, revoking("20260115100000Z", CRL_REASON_SUPERSEDED)); },
     failed, "REVOKED", "trust.revocation.revoked", Outcome::fail},
    {"RevokedLater",
     [](auto& c, auto&) { set_list(c, revoking("20260115104500Z", CRL_REASON_CESSATION_OF_OPERATION)); },
     passed, "", "trust.revocation.later", Outcome::warn},
    {"CompromisedLater",
     [](auto& c, auto&) { set_list(c, revoking("20260115104500Z", CRL_REASON_KEY_COMPROMISE)); }, failed,
     "REVOKED", "trust.revocation.compromised", Outcome::fail},
    {"CompromisedLaterButProven",
     [](auto& c, auto& q) {
       set_list(c, revoking("20260115104500Z", CRL_REASON_KEY_COMPROMISE));
       q.time_proven = true;
     },
     passed, "", "trust.revocation.later", Outcome::warn},
    {"InvalidSinceBeforeTheProof",
     [](auto& c, auto& q) {
       auto list = revoking("20260115104500Z", CRL_REASON_KEY_COMPROMISE);
       list.revoked[0].invalid_since = "20260101000000Z";
       set_list(c, list);
       q.time_proven = true;
     },
     failed, "REVOKED", "trust.revocation.compromised", Outcome::fail},
    {"OnHold", [](auto& c, auto&) { set_list(c, revoking("20260115100000Z", CRL_REASON_CERTIFICATE_HOLD)); },
     unsure, "TRY_LATER", "trust.revocation.on_hold", Outcome::indeterminate},
    {"NoList", [](auto& c, auto&) { c.crls.pop_back(); }, unsure, "TRY_LATER", "trust.revocation.missing",
     Outcome::indeterminate},
    {"NoListTolerated",
     [](auto& c, auto&) {
       c.crls.clear();
       c.rules.revocation = trust::Revocation::warn;
     },
     passed, "", "trust.revocation.missing_tolerated", Outcome::warn},
    {"NoListOff",
     [](auto& c, auto&) {
       c.crls.clear();
       c.rules.revocation = trust::Revocation::off;
     },
     passed, "", "trust.revocation.off", Outcome::not_run},
    {"Stale", [](auto&, auto& q) { q.now = test::at("2026-01-18T12:00:00Z"); }, unsure, "TRY_LATER",
     "trust.revocation.stale", Outcome::indeterminate},
    {"StaleWithinGrace",
     [](auto& c, auto& q) {
       c.rules.crl_grace = std::chrono::hours(72);
       q.now = test::at("2026-01-18T12:00:00Z");
     },
     passed, "", "trust.revocation.good", Outcome::pass},
    {"TooOldThoughNotEnded",
     [](auto& c, auto&) {
       set_list(c, {.this_update = "20260113080000Z", .next_update = "20260213080000Z"});
     },
     unsure, "TRY_LATER", "trust.revocation.stale", Outcome::indeterminate},
    {"LongListsAllowed",
     [](auto& c, auto&) {
       c.rules.crl_max_age = std::chrono::seconds(0);
       set_list(c, {.this_update = "20260113080000Z", .next_update = "20260213080000Z"});
     },
     passed, "", "trust.revocation.good", Outcome::pass},
    {"StaleListStillRevokes",
     [](auto& c, auto& q) {
       set_list(c, revoking("20260115100000Z", CRL_REASON_SUPERSEDED));
       q.now = test::at("2026-01-18T12:00:00Z");
     },
     failed, "REVOKED", "trust.revocation.revoked", Outcome::fail},
    {"ListOfTheFuture", [](auto& c, auto&) { set_list(c, {.this_update = "20260115123000Z"}); }, unsure,
     "TRY_LATER", "trust.revocation.missing", Outcome::indeterminate},
    {"ForgedList",
     [](auto& c, auto&) {
       const auto forger = test::issue({.name = "Signataires d'essai", .authority = true}, nullptr);
       auto list = revoking("20260115100000Z", CRL_REASON_SUPERSEDED);
       c.crls.push_back({"forged.crl", test::make_list(list, forger)});
     },
     passed, "", "trust.revocation.good", Outcome::pass},
    {"ListForAuthoritiesOnly", [](auto& c, auto&) { set_list(c, {.scope = "critical,onlyCA:TRUE"}); }, unsure,
     "TRY_LATER", "trust.revocation.missing", Outcome::indeterminate},
    {"ListForUsersOnly", [](auto& c, auto&) { set_list(c, {.scope = "critical,onlyuser:TRUE"}); }, passed, "",
     "trust.revocation.good", Outcome::pass},
    {"ListOfSomeReasons",
     [](auto& c, auto&) { set_list(c, {.scope = "critical,onlysomereasons:keyCompromise"}); }, unsure,
     "TRY_LATER", "trust.revocation.missing", Outcome::indeterminate},
    {"PartOfTheListThatIsPointedAt",
     [](auto& c, auto& q) {
       set_list(c, {.scope = "critical,fullname:URI:http://crl.invalid/1"});
       q.certificate_der = other_leaf({.crl_points = "URI:http://crl.invalid/1"});
     },
     passed, "", "trust.revocation.good", Outcome::pass},
    {"AnotherPartOfTheList",
     [](auto& c, auto& q) {
       set_list(c, {.scope = "critical,fullname:URI:http://crl.invalid/2"});
       q.certificate_der = other_leaf({.crl_points = "URI:http://crl.invalid/1"});
     },
     unsure, "TRY_LATER", "trust.revocation.missing", Outcome::indeterminate},
    {"EndedSinceAndUnlisted",
     [](auto&, auto& q) { q.certificate_der = other_leaf({.not_after = "20260115110000Z"}); }, unsure,
     "OUT_OF_BOUNDS_NOT_REVOKED", "trust.revocation.unlisted_expired", Outcome::indeterminate},
    {"EndedSinceButKeptOnTheList",
     [](auto& c, auto& q) {
       set_list(c, {.keeps_expired = true});
       q.certificate_der = other_leaf({.not_after = "20260115110000Z"});
     },
     passed, "", "trust.validity.ended_since", Outcome::pass},
    {"AuthorityRevoked",
     [](auto& c, auto&) {
       test::ListWish list;
       list.revoked = {{&pki().sub, "20260101000000Z", CRL_REASON_CA_COMPROMISE}};
       c.crls.front() = {"root.crl", test::make_list(list, pki().root)};
     },
     failed, "REVOKED", "trust.revocation.revoked", Outcome::fail},
    {"Unreadable",
     [](auto&, auto& q) {
       q.certificate_der = {1, 2, 3};
     },
     failed, "FORMAT_FAILURE", "trust.certificate.unreadable", Outcome::fail},
};

class Judging : public testing::TestWithParam<Case> {};

TEST_P(Judging, ComesToTheStatedVerdict) {
  const auto& one = GetParam();
  auto contents = test::contents_of(pki());
  auto question = test::question_of(pki().leaf);
  one.change(contents, question);
  const auto profile = test::profile_of(std::move(contents));
  const auto report = trust::judge(&profile, question);
  const std::string all =
      "fail: " + codes(report, Outcome::fail) + "; indeterminate: " + codes(report, Outcome::indeterminate) +
      "; warn: " + codes(report, Outcome::warn) + "; pass: " + codes(report, Outcome::pass);
  EXPECT_EQ(report.verdict.indication, one.indication) << all;
  EXPECT_EQ(report.verdict.sub_indication, one.sub_indication) << all;
  EXPECT_NE((" " + codes(report, one.outcome) + " ").find(" " + std::string(one.code) + " "),
            std::string::npos)
      << all;
}

INSTANTIATE_TEST_SUITE_P(Trust, Judging, testing::ValuesIn(cases),
                         [](const testing::TestParamInfo<Case>& info) { return info.param.name; });

TEST(Judging, TakesTheHighestListNumberInAnyOrder) {
  const Bytes revoking_list = test::make_list(revoking("20260115100000Z", CRL_REASON_SUPERSEDED), pki().sub);
  for (const long other : {1L, 3L}) {
    const Bytes empty = test::make_list({.number = other}, pki().sub);
    for (const bool first : {true, false}) {
      auto contents = test::contents_of(pki());
      contents.crls.pop_back();
      contents.crls.push_back({"a.crl", first ? empty : revoking_list});
      contents.crls.push_back({"b.crl", first ? revoking_list : empty});
      const auto profile = test::profile_of(std::move(contents));
      const auto report = trust::judge(&profile, test::question_of(pki().leaf));
      EXPECT_EQ(report.verdict.indication, other == 3 ? passed : failed) << other << first;
    }
  }
}

TEST(Judging, HelpsItselfToOfferedAuthoritiesButBelievesThemNot) {
  const auto middle = test::issue({.name = "Intermédiaire", .authority = true}, &pki().sub);
  const auto leaf = test::issue({.policies = "1.2.250.1.999.1.2.1"}, &middle);
  auto contents = test::contents_of(pki());
  contents.crls.push_back({"middle.crl", test::make_list({}, middle)});
  const auto profile = test::profile_of(std::move(contents));
  auto question = test::question_of(leaf);
  EXPECT_EQ(trust::judge(&profile, question).verdict.sub_indication, "NO_CERTIFICATE_CHAIN_FOUND");
  question.offered = {middle.der()};
  const auto report = trust::judge(&profile, question);
  EXPECT_EQ(report.verdict.indication, passed) << codes(report, Outcome::indeterminate);
  EXPECT_EQ(report.path.size(), 4U);
}

TEST(Judging, KnowsArchives) {
  const auto old_root = test::issue({.name = "Vieille racine",
                                     .authority = true,
                                     .elliptic = false,
                                     .not_before = "20100101000000Z",
                                     .not_after = "20300101000000Z"},
                                    nullptr);
  const auto leaf = test::issue(
      {.not_before = "20150101000000Z", .not_after = "20280101000000Z", .sign_digest = "SHA1"}, &old_root);
  trust::Contents contents;
  contents.name = "archives";
  contents.rules.revocation = trust::Revocation::off;
  contents.anchors = contents.issuers = {{"old.pem", old_root.der()}};
  auto question = test::question_of(leaf);
  question.signed_at = test::at("2017-06-01T10:00:00Z");
  question.digest = "SHA1";
  const auto strict = test::profile_of(contents);
  EXPECT_EQ(trust::judge(&strict, question).verdict.indication, failed);
  contents.rules.algorithms.archive = true;
  const auto archive = test::profile_of(contents);
  const auto report = trust::judge(&archive, question);
  EXPECT_EQ(report.verdict.indication, unsure);
  EXPECT_EQ(report.verdict.sub_indication, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE");
}

TEST(Judging, WithoutAProfileTellsOnlyWhoSigned) {
  const auto report = trust::judge(nullptr, test::question_of(pki().leaf));
  EXPECT_EQ(report.verdict.indication, passed);
  EXPECT_EQ(codes(report, Outcome::not_run), "trust.profile.none");
  ASSERT_TRUE(report.certificate);
  EXPECT_EQ(report.certificate->name, "Jeanne Essai");
  EXPECT_EQ(report.certificate->siren, "000000000");
}

/// OpenSSL's own command agrees about paths at a time.
TEST(Judging, AgreesWithOpensslVerify) {
  if (!test::has_tool("openssl")) GTEST_SKIP() << "no openssl command";
  const test::TemporaryFolder folder;
  const auto root = folder.write("root.pem", pki().root.pem());
  const auto sub = folder.write("sub.pem", pki().sub.pem());
  const auto stranger = test::issue({.name = "Inconnue"}, nullptr);
  const auto ended = test::issue({.not_after = "20260114000000Z"}, &pki().sub);
  auto contents = test::contents_of(pki());
  contents.rules.policies.clear();
  contents.rules.revocation = trust::Revocation::off;
  const auto profile = test::profile_of(std::move(contents));
  for (const auto* leaf : {&pki().leaf, &stranger, &ended}) {
    const auto file = folder.write("leaf.pem", leaf->pem());
    for (const char* when : {"2023-06-01T00:00:00Z", "2026-01-10T00:00:00Z", "2026-01-15T10:30:00Z"}) {
      auto question = test::question_of(*leaf);
      question.signed_at = test::at(when);
      const auto ran =
          test::run("openssl verify -no-CApath -no-CAstore -CAfile " + root.string() + " -untrusted " +
                    sub.string() + " -auth_level 2 -attime " +
                    std::to_string(question.signed_at->time_since_epoch().count()) + " " + file.string());
      const bool ours = trust::judge(&profile, question).verdict.indication == passed;
      EXPECT_EQ(ours, ran.code == 0) << when << " " << ran.output;
    }
  }
}

}  // namespace
