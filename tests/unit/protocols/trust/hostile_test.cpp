// Hostile signers, with the outcome that docs/signatures.md promises for each (read by docs/check.py: number,
// name, outcome and code stay literals in this order).

#include <gtest/gtest.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <functional>

#include "pki_kit.hpp"

using namespace demat;

namespace {

enum class Outcome { passed, warned, failed, indeterminate };

struct Case {
  const char* number;
  const char* name;
  Outcome outcome;
  const char* code;
  std::function<void(trust::Contents&, trust::Question&)> change;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.number << ' ' << one.name;
}

const test::Pki& pki() {
  return test::ordinary_pki();
}

Bytes leaf_of(test::HolderWish wish) {
  if (wish.policies.empty()) wish.policies = "1.2.250.1.999.1.2.1";
  return test::issue(wish, &pki().sub).der();
}

void set_list(trust::Contents& contents, const test::ListWish& wish) {
  contents.crls.back() = {"sub.crl", test::make_list(wish, pki().sub)};
}

std::vector<Case> hostile_cases() {
  return {
      {"T14", "SelfSignedSigner", Outcome::failed, "trust.path.none",
       [](auto&, auto& q) { q.certificate_der = test::issue({.name = "Jeanne Essai"}, nullptr).der(); }},
      {"T32", "RevokedAndCompromised", Outcome::failed, "trust.revocation.revoked",
       [](auto& c, auto&) {
         set_list(c, {.revoked = {{&pki().leaf, "20260115100000Z", CRL_REASON_KEY_COMPROMISE}}});
       }},
      {"T32b", "EmptyList", Outcome::passed, "", [](auto&, auto&) {}},
      {"T32c", "NoListAtAll", Outcome::indeterminate, "trust.revocation.missing",
       [](auto& c, auto&) { c.crls.pop_back(); }},
      {"T32d", "ListThreeDaysLater", Outcome::indeterminate, "trust.revocation.stale",
       [](auto&, auto& q) { q.now = test::at("2026-01-18T12:00:00Z"); }},
      {"T36", "AnchorOfTheSystem", Outcome::failed, "trust.path.none",
       [](auto& c, auto&) {
         // The environment and the system's store name the very root that is missing from the profile.
         static const test::TemporaryFolder folder;
         static const auto file = folder.write("system.pem", pki().root.pem());
         ::setenv("SSL_CERT_FILE", file.c_str(), 1);
         ::setenv("SSL_CERT_DIR", folder.path().c_str(), 1);
         c.anchors = {{"other.pem", test::issue({.name = "Autre", .authority = true}, nullptr).der()}};
       }},
      {"I90", "AuthoritySigns", Outcome::failed, "trust.usage.authority",
       [](auto&, auto& q) { q.certificate_der = pki().sub.der(); }},
      {"I91", "SignerIssuedBySigner", Outcome::failed, "trust.path.broken",
       [](auto&, auto& q) {
         // A signer's key makes certificates: basicConstraints must stop it.
         q.certificate_der = test::issue({.policies = "1.2.250.1.999.1.2.1"}, &pki().leaf).der();
         q.offered = {pki().leaf.der()};
       }},
      {"I92", "OfferedRoot", Outcome::failed, "trust.path.none",
       [](auto&, auto& q) {
         static const auto root = test::issue({.name = "Racine d'ailleurs", .authority = true}, nullptr);
         q.certificate_der = test::issue({.policies = "1.2.250.1.999.1.2.1"}, &root).der();
         q.offered = {root.der()};
       }},
      {"I93", "ThousandsOffered", Outcome::passed, "",
       [](auto&, auto& q) {
         static const auto other = test::issue({.name = "Signataires d'essai", .authority = true}, nullptr);
         q.offered.assign(5'000, other.der());
       }},
      {"I94", "ChainThatRunsInCircles", Outcome::failed, "trust.path.none",
       [](auto&, auto& q) {
         // Two authorities that certify each other, and nothing above them.
         static const auto one = test::issue({.name = "Un", .authority = true}, nullptr);
         static const auto two = test::issue({.name = "Deux", .authority = true}, &one);
         static const auto leaf = test::issue({.policies = "1.2.250.1.999.1.2.1"}, &two);
         q.certificate_der = leaf.der();
         q.offered = {two.der(), one.der(), two.der(), one.der()};
       }},
      {"I95", "NegativeSerial", Outcome::passed, "",
       [](auto&, auto& q) { q.certificate_der = leaf_of({.serial = -5}); }},
  };
}

class HostileSigner : public testing::TestWithParam<Case> {
 protected:
  void TearDown() override {
    ::unsetenv("SSL_CERT_FILE");
    ::unsetenv("SSL_CERT_DIR");
  }
};

TEST_P(HostileSigner, ComesToThePromisedVerdict) {
  const auto& one = GetParam();
  auto contents = test::contents_of(pki());
  auto question = test::question_of(pki().leaf);
  one.change(contents, question);
  const auto profile = test::profile_of(std::move(contents));
  const auto report = trust::judge(&profile, question);
  constexpr trust::Indication verdicts[] = {trust::Indication::passed, trust::Indication::passed,
                                            trust::Indication::failed, trust::Indication::indeterminate};
  constexpr trust::Outcome said[] = {trust::Outcome::pass, trust::Outcome::warn, trust::Outcome::fail,
                                     trust::Outcome::indeterminate};
  const auto index = static_cast<std::size_t>(one.outcome);
  EXPECT_EQ(report.verdict.indication, verdicts[index])
      << "fail: " << test::codes(report, trust::Outcome::fail)
      << "; indeterminate: " << test::codes(report, trust::Outcome::indeterminate);
  const auto all = " " + test::codes(report, said[index]) + " ";
  EXPECT_NE(all.find(std::string(one.code)), std::string::npos) << all;
}

INSTANTIATE_TEST_SUITE_P(Signers, HostileSigner, testing::ValuesIn(hostile_cases()),
                         [](const testing::TestParamInfo<Case>& info) {
                           return std::string(info.param.number) + "_" + info.param.name;
                         });

}  // namespace
