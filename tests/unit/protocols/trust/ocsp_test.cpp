// OCSP responses: who may answer, what an answer is worth alone and beside a list.

#include "protocols/trust/ocsp.hpp"

#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <functional>

#include "ocsp_kit.hpp"

using namespace demat;
using test::codes;
using trust::Outcome;

namespace {

const test::Pki& pki() {
  return test::ordinary_pki();
}

const test::Holder& delegate() {
  static const auto made = test::issue(
      {.name = "Répondeur", .key_usage = "critical,digitalSignature", .extended_key_usage = "OCSPSigning"},
      &pki().sub);
  return made;
}

test::OcspWish about_leaf(std::string status = "good") {
  test::OcspWish wish;
  wish.about = &pki().leaf;
  wish.issuer = &pki().sub;
  wish.status = std::move(status);
  return wish;
}

/// The profile without a list of the signer's issuer, and with this response.
trust::Contents answered(const test::OcspWish& wish, const test::Holder& responder) {
  auto contents = test::contents_of(pki());
  contents.crls.pop_back();
  contents.ocsp = {{"leaf.ocsp", test::make_ocsp(wish, responder)}};
  return contents;
}

struct Case {
  const char* name;
  std::function<trust::Contents()> contents;
  const char* status;  ///< what is said of the signer's certificate
  const char* code;
  Outcome outcome;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

test::OcspWish with(const std::function<void(test::OcspWish&)>& change, const char* status = "good") {
  auto wish = about_leaf(status);
  change(wish);
  return wish;
}

trust::Contents beside_list(const test::OcspWish& wish, const test::ListWish& list) {
  auto contents = answered(wish, pki().sub);
  contents.crls.push_back({"sub.crl", test::make_list(list, pki().sub)});
  return contents;
}

test::ListWish revoking(const char* since, int reason, const char* this_update) {
  test::ListWish wish;
  wish.this_update = this_update;
  wish.revoked = {{&pki().leaf, since, reason}};
  return wish;
}

constexpr const char* nothing = "trust.revocation.missing";

const std::vector<Case> cases = {
    // Who may answer
    {"ByTheIssuer", [] { return answered(about_leaf(), pki().sub); }, "good", "trust.revocation.good_ocsp",
     Outcome::pass},
    {"ByTheIssuersKey", [] { return answered(with([](auto& w) { w.by_key = true; }), pki().sub); }, "good",
     "trust.revocation.good_ocsp", Outcome::pass},
    {"WithoutItsCertificate",
     [] { return answered(with([](auto& w) { w.with_certificate = false; }), pki().sub); }, "good",
     "trust.revocation.good_ocsp", Outcome::pass},
    {"Sha256Id", [] { return answered(with([](auto& w) { w.id_digest = "SHA256"; }), pki().sub); }, "good",
     "trust.revocation.good_ocsp", Outcome::pass},
    {"Delegated", [] { return answered(about_leaf(), delegate()); }, "good", "trust.revocation.good_ocsp",
     Outcome::pass},
    {"DelegateNotInside",
     [] { return answered(with([](auto& w) { w.with_certificate = false; }), delegate()); }, "missing",
     nothing, Outcome::indeterminate},
    {"DelegateWithoutTheUsage",
     [] {
       return answered(about_leaf(), test::issue({.name = "R", .key_usage = "digitalSignature"}, &pki().sub));
     },
     "missing", nothing, Outcome::indeterminate},
    {"DelegateOfTheRoot",
     [] {
       return answered(
           about_leaf(),
           test::issue({.name = "R", .key_usage = "digitalSignature", .extended_key_usage = "OCSPSigning"},
                       &pki().root));
     },
     "missing", nothing, Outcome::indeterminate},
    {"DelegateEnded",
     [] {
       return answered(about_leaf(), test::issue({.name = "R",
                                                  .not_after = "20250101000000Z",
                                                  .key_usage = "digitalSignature",
                                                  .extended_key_usage = "OCSPSigning"},
                                                 &pki().sub));
     },
     "missing", nothing, Outcome::indeterminate},
    {"DelegateCertifiedWeakly",
     [] {
       return answered(about_leaf(), test::issue({.name = "R",
                                                  .key_usage = "digitalSignature",
                                                  .extended_key_usage = "OCSPSigning",
                                                  .sign_digest = "SHA1"},
                                                 &pki().sub));
     },
     "missing", nothing, Outcome::indeterminate},
    {"DelegateWithAShortKey",
     [] {
       return answered(about_leaf(), test::issue({.name = "R",
                                                  .elliptic = false,
                                                  .rsa_bits = 1024,
                                                  .key_usage = "digitalSignature",
                                                  .extended_key_usage = "OCSPSigning"},
                                                 &pki().sub));
     },
     "missing", nothing, Outcome::indeterminate},
    {"SignerForItself", [] { return answered(about_leaf(), pki().leaf); }, "missing", nothing,
     Outcome::indeterminate},
    {"Forger",
     [] {
       return answered(about_leaf(),
                       test::issue({.name = "Signataires d'essai", .authority = true}, nullptr));
     },
     "missing", nothing, Outcome::indeterminate},
    {"WeakDigest", [] { return answered(with([](auto& w) { w.sign_digest = "SHA1"; }), pki().sub); },
     "missing", nothing, Outcome::indeterminate},
    {"OfAnotherCertificate", [] { return answered(with([](auto& w) { w.about = &delegate(); }), pki().sub); },
     "missing", nothing, Outcome::indeterminate},
    // What it is worth
    {"Revoked", [] { return answered(about_leaf("revoked"), pki().sub); }, "revoked",
     "trust.revocation.revoked", Outcome::fail},
    {"RevokedLater",
     [] { return answered(with([](auto& w) { w.revoked_at = "20260115110000Z"; }, "revoked"), pki().sub); },
     "revoked", "trust.revocation.later", Outcome::warn},
    {"RevokedLaterCompromised",
     [] {
       return answered(with(
                           [](auto& w) {
                             w.revoked_at = "20260115110000Z";
                             w.reason = CRL_REASON_KEY_COMPROMISE;
                           },
                           "revoked"),
                       pki().sub);
     },
     "revoked", "trust.revocation.compromised", Outcome::fail},
    {"OnHold",
     [] {
       return answered(with([](auto& w) { w.reason = CRL_REASON_CERTIFICATE_HOLD; }, "revoked"), pki().sub);
     },
     "on_hold", "trust.revocation.on_hold", Outcome::indeterminate},
    {"Unknown", [] { return answered(about_leaf("unknown"), pki().sub); }, "unknown",
     "trust.revocation.unknown", Outcome::indeterminate},
    {"Stale", [] { return answered(with([](auto& w) { w.next_update = "20260115110000Z"; }), pki().sub); },
     "stale", "trust.revocation.stale_ocsp", Outcome::indeterminate},
    {"Aged",
     [] {
       return answered(with([](auto& w) {
                         w.this_update = "20260114110000Z";
                         w.next_update = "";
                       }),
                       pki().sub);
     },
     "stale", "trust.revocation.stale_ocsp", Outcome::indeterminate},
    {"StaleButRevoked",
     [] { return answered(with([](auto& w) { w.next_update = "20260115110000Z"; }, "revoked"), pki().sub); },
     "revoked", "trust.revocation.revoked", Outcome::fail},
    {"OfTheFuture",
     [] { return answered(with([](auto& w) { w.this_update = "20260115130000Z"; }), pki().sub); }, "missing",
     nothing, Outcome::indeterminate},
    // Beside a list
    {"StaleListFreshAnswer",
     [] {
       test::ListWish list;
       list.next_update = "20260115110000Z";
       return beside_list(about_leaf(), list);
     },
     "good", "trust.revocation.good_ocsp", Outcome::pass},
    {"FreshListStaleAnswer",
     [] { return beside_list(with([](auto& w) { w.next_update = "20260115110000Z"; }), {}); }, "good",
     "trust.revocation.good", Outcome::pass},
    {"UnknownToTheResponder", [] { return beside_list(about_leaf("unknown"), {}); }, "good",
     "trust.revocation.good", Outcome::pass},
    {"RevokedByTheListOnly",
     [] {
       return beside_list(with([](auto& w) { w.this_update = "20260115110000Z"; }),
                          revoking("20260115090000Z", CRL_REASON_SUPERSEDED, "20260115080000Z"));
     },
     "revoked", "trust.revocation.revoked", Outcome::fail},
    {"RevokedByTheAnswerOnly", [] { return beside_list(about_leaf("revoked"), {}); }, "revoked",
     "trust.revocation.revoked", Outcome::fail},
    {"EarlierDateCounts",
     [] {
       return beside_list(with([](auto& w) { w.revoked_at = "20260115113000Z"; }, "revoked"),
                          revoking("20260115090000Z", CRL_REASON_SUPERSEDED, "20260115080000Z"));
     },
     "revoked", "trust.revocation.revoked", Outcome::fail},
    {"EitherReasonCounts",
     [] {
       return beside_list(with(
                              [](auto& w) {
                                w.revoked_at = "20260115113000Z";
                                w.reason = CRL_REASON_KEY_COMPROMISE;
                              },
                              "revoked"),
                          revoking("20260115110000Z", -1, "20260115080000Z"));
     },
     "revoked", "trust.revocation.compromised", Outcome::fail},
    {"HoldLiftedSince",
     [] {
       return beside_list(with([](auto& w) { w.this_update = "20260115110000Z"; }),
                          revoking("20260115090000Z", CRL_REASON_CERTIFICATE_HOLD, "20260115080000Z"));
     },
     "good", "trust.revocation.good_ocsp", Outcome::pass},
    {"HeldSince",
     [] {
       return beside_list(about_leaf(),
                          revoking("20260115090000Z", CRL_REASON_CERTIFICATE_HOLD, "20260115100000Z"));
     },
     "on_hold", "trust.revocation.on_hold", Outcome::indeterminate},
    // What the profile admits
    {"ListsOnly",
     [] {
       auto contents = answered(about_leaf("revoked"), pki().sub);
       contents.rules.revocation_by = trust::RevocationSource::crl;
       return contents;
     },
     "missing", nothing, Outcome::indeterminate},
    {"ResponsesOnly",
     [] {
       auto contents = test::contents_of(pki());
       contents.rules.revocation_by = trust::RevocationSource::ocsp;
       return contents;
     },
     "missing", nothing, Outcome::indeterminate},
    {"ResponsesForSignersListsAbove",
     [] {
       auto contents = answered(about_leaf(), delegate());
       contents.rules.revocation_by = trust::RevocationSource::ocsp;
       return contents;
     },
     "good", "trust.revocation.good_ocsp", Outcome::pass},
};

class Ocsp : public testing::TestWithParam<Case> {};

TEST_P(Ocsp, Judging) {
  const auto& one = GetParam();
  const auto profile = test::profile_of(one.contents());
  const auto report = trust::judge(&profile, test::question_of(pki().leaf));
  ASSERT_EQ(report.revocation.size(), 2U);
  EXPECT_EQ(report.revocation[0].status, one.status);
  EXPECT_NE((" " + codes(report, one.outcome) + " ").find(" " + std::string(one.code) + " "),
            std::string::npos)
      << codes(report, one.outcome);
  EXPECT_EQ(report.revocation[1].status, "good");
}
INSTANTIATE_TEST_SUITE_P(Trust, Ocsp, testing::ValuesIn(cases),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(OcspOfEnded, IsWorthNothingWithoutACutoff) {
  const auto ended =
      test::issue({.not_after = "20260115113000Z", .policies = "1.2.250.1.999.1.2.1"}, &pki().sub);
  for (const auto& [cutoff, status] : {std::pair{"", "unlisted_expired"},
                                       {"20260115114500Z", "unlisted_expired"},
                                       {"20250101000000Z", "good"}}) {
    auto wish = about_leaf();
    wish.about = &ended;
    wish.archive_cutoff = cutoff;
    const auto profile = test::profile_of(answered(wish, pki().sub));
    const auto report = trust::judge(&profile, test::question_of(ended));
    ASSERT_FALSE(report.revocation.empty());
    EXPECT_EQ(report.revocation[0].status, status) << cutoff;
  }
}

TEST(OcspOfOffered, IsReadForAuthoritiesThatTheDocumentBrings) {
  const auto between = test::issue({.name = "Sous-autorité", .authority = true}, &pki().sub);
  const auto leaf = test::issue({.policies = "1.2.250.1.999.1.2.1"}, &between);
  auto contents = test::contents_of(pki());
  test::OcspWish wish;
  wish.about = &leaf;
  wish.issuer = &between;
  contents.ocsp = {{"leaf.ocsp", test::make_ocsp(wish, between)}};
  const auto profile = test::profile_of(contents);
  EXPECT_FALSE(profile.ocsp().front().authentic);
  auto question = test::question_of(leaf);
  question.offered = {between.der()};
  const auto report = trust::judge(&profile, question);
  EXPECT_EQ(report.verdict.indication, trust::Indication::passed) << codes(report, Outcome::fail);
  ASSERT_EQ(report.revocation.size(), 3U);
  EXPECT_EQ(report.revocation[0].kind, "ocsp");
}

TEST(OcspEvidence, IsWhatTheJudgementUsed) {
  const auto contents = answered(about_leaf(), delegate());
  const auto profile = test::profile_of(contents);
  const auto report = trust::judge(&profile, test::question_of(pki().leaf));
  ASSERT_EQ(report.evidence.size(), 2U);
  EXPECT_EQ(report.evidence[0].kind, trust::EvidenceKind::ocsp);
  EXPECT_EQ(*report.evidence[0].bytes, contents.ocsp[0].der);
  EXPECT_EQ(report.revocation[0].evidence, sha256(as_text(contents.ocsp[0].der)).str());
  EXPECT_EQ(report.evidence[1].kind, trust::EvidenceKind::crl);
  EXPECT_EQ(*report.evidence[1].bytes, contents.crls[0].der);
}

TEST(OcspProfile, TellsOfResponsesByNobody) {
  const auto stranger = test::issue({.name = "Inconnue", .authority = true}, nullptr);
  const auto profile = test::profile_of(answered(about_leaf(), stranger));
  const auto findings = profile.examine(test::at("2026-01-15T12:00:00Z")).findings;
  const auto has = [&](const char* code) {
    return std::ranges::any_of(findings, [&](const Finding& one) { return one.code == code; });
  };
  EXPECT_TRUE(has("trust.ocsp_of_nobody"));
  EXPECT_TRUE(has("trust.crl_missing"));
  const auto good = test::profile_of(answered(about_leaf(), pki().sub));
  EXPECT_TRUE(good.examine(test::at("2026-01-15T12:00:00Z")).findings.empty());
  EXPECT_EQ(good.ocsp().front().status, "good");
}

TEST(OcspProfile, RefusesWhatIsNone) {
  auto contents = test::contents_of(pki());
  contents.ocsp = {{"broken.ocsp", {0x30, 0x03, 0x0A, 0x01, 0x06}}};  // "unauthorized": no answer at all
  const auto made = trust::TrustProfile::make(contents);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, "trust.ocsp_unreadable");
}

std::string checked(const Bytes& response) {
  const auto facts = trust::check_ocsp_response(response, pki().leaf.der(), pki().sub.der());
  return facts ? facts->status : facts.error().code;
}

TEST(OcspFetched, IsCheckedBeforeItIsKept) {
  EXPECT_EQ(checked(test::make_ocsp(about_leaf(), delegate())), "good");
  EXPECT_EQ(checked(test::make_ocsp(about_leaf("revoked"), pki().sub)), "revoked");
  EXPECT_EQ(checked(test::make_ocsp(about_leaf(), pki().root)), "trust.ocsp_not_authentic");
  EXPECT_EQ(checked(test::make_ocsp(with([](auto& w) { w.about = &pki().sub; }), pki().sub)),
            "trust.ocsp_of_another");
  EXPECT_EQ(checked({1, 2, 3}), "trust.ocsp_unreadable");
  auto damaged = test::make_ocsp(about_leaf(), pki().sub);
  damaged[damaged.size() / 3] ^= 0x01U;
  EXPECT_NE(checked(damaged), "good");
}

/// The answers of OpenSSL's own responder, to our request.
class RealResponder : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::has_tool("openssl")) GTEST_SKIP() << "the openssl command is missing";
    for (const auto& [name, holder] : {std::pair{"sub", &pki().sub}, {"delegate", &delegate()}})
      write(name, *holder);
    const auto request = trust::ocsp_request(pki().leaf.der(), pki().sub.der()).value();
    folder_.write("request.der", as_text(request));
  }

  void write(const std::string& name, const test::Holder& holder) const {
    folder_.write(name + ".pem", holder.pem());
    folder_.write(name + ".key", test::key_pem(holder));
  }

  /// What the authority's index says of the signer: "V" or "R", with the date of revocation.
  [[nodiscard]] Bytes answer(const std::string& status, const std::string& revoked,
                             const std::string& responder) const {
    const auto serial = trust::describe(pki().leaf.der()).value().serial;
    folder_.write("index.txt",
                  status + "\t440101000000Z\t" + revoked + "\t" + serial + "\tunknown\t/CN=Jeanne Essai\n");
    const std::string at = folder_.path().string() + "/";
    const auto ran =
        test::run("cd " + at + " && openssl ocsp -index index.txt -CA sub.pem -rsigner " + responder +
                  ".pem -rkey " + responder + ".key -reqin request.der -respout response.der -nmin 60");
    EXPECT_EQ(ran.code, 0) << ran.output;
    const auto bytes = test::read_file(at + "response.der");
    return {bytes.begin(), bytes.end()};
  }

  [[nodiscard]] static trust::SignerReport judged(const Bytes& response) {
    auto contents = test::contents_of(pki());
    contents.crls.pop_back();
    contents.rules.revocation = trust::Revocation::warn;  // the root's list is of another time
    contents.ocsp = {{"response.der", response}};
    const auto profile = test::profile_of(contents);
    auto question = test::question_of(pki().leaf);
    question.signed_at = question.received = question.now =
        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    return trust::judge(&profile, question);
  }

  test::TemporaryFolder folder_;
};

TEST_F(RealResponder, SaysGood) {
  for (const char* responder : {"sub", "delegate"}) {
    const auto report = judged(answer("V", "", responder));
    EXPECT_EQ(report.revocation.at(0).status, "good") << responder;
    EXPECT_EQ(report.revocation.at(0).kind, "ocsp");
  }
}

TEST_F(RealResponder, SaysRevoked) {
  const auto report = judged(answer("R", "260115100000Z,keyCompromise", "delegate"));
  EXPECT_EQ(report.verdict.sub_indication, "REVOKED");
  EXPECT_EQ(report.revocation.at(0).reason, "keyCompromise");
  EXPECT_EQ(report.revocation.at(0).revoked_at, test::at("2026-01-15T10:00:00Z"));
}

}  // namespace
