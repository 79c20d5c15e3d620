// Time stamps of signatures: which of them proves the time, and what is told when none does.

#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include <functional>

#include "tsa_kit.hpp"

using namespace demat;
using test::codes;
using trust::Outcome;

namespace {

const test::Pki& pki() {
  return test::ordinary_pki();
}

constexpr std::string_view signature_value = "the value of a signature";

test::TokenWish token(const char* time = "20260115100000Z") {
  test::TokenWish wish;
  wish.stamped = signature_value;
  wish.time = time;
  return wish;
}

trust::StampInput stamped(const Bytes& token) {
  const auto value = as_bytes(signature_value);
  return {token, {value.begin(), value.end()}};
}

struct Scene {
  trust::Contents contents = test::contents_of(pki());
  trust::Question question = test::question_of(pki().leaf);

  [[nodiscard]] trust::SignerReport judge() const {
    const auto profile = test::profile_of(contents);
    return trust::judge(&profile, question);
  }
};

struct Case {
  const char* name;
  std::function<void(Scene&)> change;
  const char* time_source;
  const char* signed_at;
  const char* code;
  Outcome outcome;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

void add(Scene& scene, const Bytes& one) {
  scene.question.stamps.push_back(stamped(one));
}

const std::vector<Case> cases = {
    {"Trusted", [](Scene& s) { add(s, test::make_token(token(), test::ordinary_tsa())); }, "proven",
     "2026-01-15T10:00:00Z", "trust.stamp.accepted", Outcome::pass},
    {"TrustedWithoutAClaim",
     [](Scene& s) {
       s.question.signed_at.reset();
       add(s, test::make_token(token(), test::ordinary_tsa()));
     },
     "proven", "2026-01-15T10:00:00Z", "trust.time.proven", Outcome::pass},
    {"BeforeTheClaim", [](Scene& s) { add(s, test::make_token(token(), test::ordinary_tsa())); }, "proven",
     "2026-01-15T10:00:00Z", "trust.time.after_stamp", Outcome::warn},
    {"OfAnotherValue",
     [](Scene& s) {
       auto wish = token();
       wish.stamped = "another value";
       add(s, test::make_token(wish, test::ordinary_tsa()));
     },
     "claimed", "2026-01-15T10:30:00Z", "trust.stamp.broken", Outcome::warn},
    {"NoToken",
     [](Scene& s) {
       add(s, {1, 2, 3});
     },
     "claimed", "2026-01-15T10:30:00Z", "trust.stamp.broken", Outcome::warn},
    {"OfAStranger",
     [](Scene& s) {
       const auto root = test::issue({.name = "Autre racine", .authority = true}, nullptr);
       const auto tsa = test::issue({.name = "Autre horodatage",
                                     .elliptic = false,
                                     .key_usage = "critical,digitalSignature",
                                     .extended_key_usage = "critical,timeStamping"},
                                    &root);
       add(s, test::make_token(token(), tsa));
     },
     "claimed", "2026-01-15T10:30:00Z", "trust.stamp.untrusted", Outcome::warn},
    {"OfSomebodyElsesIssuer",
     [](Scene& s) {
       s.contents.stamps = {
           {"tsa.pem", test::issue({.name = "Horodateurs", .authority = true}, &pki().root).der()}};
       add(s, test::make_token(token(), test::ordinary_tsa()));
     },
     "claimed", "2026-01-15T10:30:00Z", "trust.stamp.untrusted", Outcome::warn},
    {"OfAnIssuerApart",
     [](Scene& s) {
       s.contents.stamps = {{"sub.pem", pki().sub.der()}};
       add(s, test::make_token(token(), test::ordinary_tsa()));
     },
     "proven", "2026-01-15T10:00:00Z", "trust.stamp.accepted", Outcome::pass},
    {"OfARevokedAuthority",
     [](Scene& s) {
       test::ListWish list;
       list.number = 2;
       list.revoked = {{&test::ordinary_tsa(), "20260115090000Z", CRL_REASON_SUPERSEDED}};
       s.contents.crls.push_back({"new.crl", test::make_list(list, pki().sub)});
       add(s, test::make_token(token(), test::ordinary_tsa()));
     },
     "claimed", "2026-01-15T10:30:00Z", "trust.stamp.untrusted", Outcome::warn},
    {"TheSecondHolds",
     [](Scene& s) {
       add(s, {1, 2, 3});
       add(s, test::make_token(token(), test::ordinary_tsa()));
     },
     "proven", "2026-01-15T10:00:00Z", "trust.stamp.broken", Outcome::warn},
    {"LaterThanTheReception",
     [](Scene& s) {
       add(s, test::make_token(token("20260115113000Z"), test::ordinary_tsa()));
       s.question.received = test::at("2026-01-15T11:00:00Z");
     },
     "claimed", "2026-01-15T10:30:00Z", "trust.stamp.accepted", Outcome::pass},
};

class Stamped : public testing::TestWithParam<Case> {};

TEST_P(Stamped, Judging) {
  const auto& one = GetParam();
  Scene scene;
  one.change(scene);
  const auto report = scene.judge();
  EXPECT_EQ(report.time_source, one.time_source);
  EXPECT_EQ(xades::format_instant(report.signed_at), one.signed_at);
  EXPECT_NE((" " + codes(report, one.outcome) + " ").find(" " + std::string(one.code) + " "),
            std::string::npos)
      << codes(report, one.outcome);
  EXPECT_EQ(report.verdict.indication, trust::Indication::passed);
}
INSTANTIATE_TEST_SUITE_P(Trust, Stamped, testing::ValuesIn(cases),
                         [](const auto& info) { return std::string(info.param.name); });

/// A key that is compromised voids what is not proven to be older (signature RV9): here the proof counts.
TEST(StampedAndCompromised, TheProvenTimeDecides) {
  for (const auto& [stamp, indication] :
       {std::pair{true, trust::Indication::passed}, {false, trust::Indication::failed}}) {
    Scene scene;
    test::ListWish list;
    list.number = 2;
    list.revoked = {{&pki().leaf, "20260115110000Z", CRL_REASON_KEY_COMPROMISE}};
    scene.contents.crls.back() = {"sub.crl", test::make_list(list, pki().sub)};
    if (stamp) add(scene, test::make_token(token("20260115104000Z"), test::ordinary_tsa()));
    EXPECT_EQ(scene.judge().verdict.indication, indication) << stamp;
  }
}

TEST(StampedAndRevokedBetween, TheClaimIsNotBelieved) {
  Scene scene;
  test::ListWish list;
  list.number = 2;
  list.revoked = {{&pki().leaf, "20260115103500Z", CRL_REASON_SUPERSEDED}};
  scene.contents.crls.back() = {"sub.crl", test::make_list(list, pki().sub)};
  EXPECT_EQ(scene.judge().verdict.indication, trust::Indication::passed);
  add(scene, test::make_token(token("20260115104000Z"), test::ordinary_tsa()));
  EXPECT_EQ(scene.judge().verdict.sub_indication, "REVOKED");
}

TEST(StampedReport, SaysWhoStampedAndWhyNot) {
  trust::SignatureInput input;
  input.cryptography = trust::Indication::passed;
  input.certificate_der = pki().leaf.der();
  input.signed_at = test::at("2026-01-15T10:30:00Z");
  input.stamps = {stamped(test::make_token(token("20260115104000Z"), test::ordinary_tsa())), stamped({1, 2})};
  const auto profile = test::profile_of(test::contents_of(pki()));
  const auto noon = test::at("2026-01-15T12:00:00Z");
  const auto report = trust::judge_all(&profile, {input}, noon, noon);
  const auto json = trust::to_json(report);
  EXPECT_NE(json.find("\"authority\":\"Horodatage d'essai\""), std::string::npos) << json;
  const auto text = trust::report_text(json, trust::Language::french).value();
  EXPECT_NE(text.find("Un horodatage de « Horodatage d'essai » atteste"), std::string::npos) << text;
  EXPECT_NE(text.find("il n'est pas valable"), std::string::npos) << text;
  EXPECT_NE(text.find("attestée par un horodatage"), std::string::npos) << text;
  const auto alone = trust::to_json(trust::judge_all(nullptr, {input}, noon, noon));
  EXPECT_NE(alone.find("trust.stamp.not_judged"), std::string::npos);
  EXPECT_NE(alone.find("\"time_source\":\"claimed\""), std::string::npos);
}

}  // namespace
