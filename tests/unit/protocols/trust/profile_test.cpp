// Profiles: what they are made of, their version, and what an operator is told about them.

#include <gtest/gtest.h>

#include <algorithm>

#include "pki_kit.hpp"
#include "protocols/trust/decoding.hpp"

using namespace demat;

namespace {

const test::Pki& pki() {
  return test::ordinary_pki();
}

std::string error_of(trust::Contents contents) {
  const auto made = trust::TrustProfile::make(std::move(contents));
  return made ? "" : made.error().code + " " + made.error().detail;
}

TEST(Profile, RefusesWhatCannotBeOne) {
  auto contents = test::contents_of(pki());
  contents.anchors.clear();
  EXPECT_EQ(error_of(contents), "trust.no_anchor essai");
  contents = test::contents_of(pki());
  contents.issuers.clear();
  EXPECT_EQ(error_of(contents), "trust.no_issuer essai");
  contents = test::contents_of(pki());
  contents.anchors.push_back({"leaf.pem", pki().leaf.der()});
  EXPECT_EQ(error_of(contents), "trust.not_an_authority leaf.pem");
  contents = test::contents_of(pki());
  contents.intermediates = {{"broken.pem", {1, 2}}};
  EXPECT_EQ(error_of(contents), "trust.certificate_unreadable broken.pem");
  contents = test::contents_of(pki());
  contents.crls.push_back({"broken.crl", {1, 2}});
  EXPECT_EQ(error_of(contents), "trust.crl_unreadable broken.crl");
}

TEST(Profile, VersionFollowsContentsNotOrder) {
  const auto contents = test::contents_of(pki());
  const auto version = test::profile_of(contents).version();
  EXPECT_EQ(version.size(), 64U);
  auto reordered = contents;
  std::reverse(reordered.crls.begin(), reordered.crls.end());
  reordered.crls[0].file = "renamed.crl";
  EXPECT_EQ(test::profile_of(reordered).version(), version);
  auto stricter = contents;
  stricter.rules.strict_x509 = true;
  EXPECT_NE(test::profile_of(stricter).version(), version);
  auto fewer = contents;
  fewer.crls.pop_back();
  EXPECT_NE(test::profile_of(fewer).version(), version);
  auto moved = contents;
  moved.intermediates = {moved.issuers[0]};
  EXPECT_NE(test::profile_of(moved).version(), version);
}

std::string told(const trust::TrustProfile& profile, const char* when) {
  std::string out;
  for (const auto& one : profile.examine(test::at(when)).findings)
    out += one.code + "/" + to_string(one.severity) + "@" + one.place.path + " ";
  return out;
}

TEST(Profile, TellsWhatAnOperatorShouldLookAt) {
  auto contents = test::contents_of(pki());
  EXPECT_EQ(told(test::profile_of(contents), "2026-01-15T12:00:00Z"), "");
  EXPECT_EQ(told(test::profile_of(contents), "2026-01-17T12:00:00Z"),
            "trust.crl_stale/error@root.crl trust.crl_stale/error@sub.crl ");
  auto without = contents;
  without.crls.pop_back();
  without.rules.revocation = trust::Revocation::warn;
  EXPECT_EQ(told(test::profile_of(without), "2026-01-15T12:00:00Z"), "trust.crl_missing/warning@sub.pem ");
  without.rules.revocation = trust::Revocation::off;
  EXPECT_EQ(told(test::profile_of(without), "2044-12-20T12:00:00Z"),
            "trust.authority_expires/warning@sub.pem ");
  const auto stranger = test::issue({.name = "Inconnue", .authority = true}, nullptr);
  without.issuers.push_back({"stranger.pem", stranger.der()});
  without.crls.push_back({"nobody.crl", test::make_list({}, test::issue({.authority = true}, nullptr))});
  EXPECT_EQ(told(test::profile_of(without), "2026-01-15T12:00:00Z"),
            "trust.issuer_without_path/error@stranger.pem trust.crl_of_nobody/warning@nobody.crl ");
}

TEST(Decoding, ReadsPemBundlesAndDer) {
  const std::string bundle = "texte libre\n" + pki().root.pem() + "\nautre texte\n" + pki().sub.pem();
  const auto both = trust::read_certificates(bundle);
  ASSERT_TRUE(both);
  ASSERT_EQ(both->size(), 2U);
  EXPECT_EQ((*both)[1], pki().sub.der());
  const Bytes der = pki().root.der();
  const auto one = trust::read_certificates(as_text(der));
  ASSERT_TRUE(one);
  EXPECT_EQ(one->at(0), der);
  const Bytes list = test::make_list({}, pki().sub);
  ASSERT_TRUE(trust::read_crls(as_text(list)));
  const auto pem_list = trust::read_crls(test::list_pem(list));
  ASSERT_TRUE(pem_list);
  EXPECT_EQ(pem_list->at(0), list);
}

TEST(Decoding, RefusesAFileWithOneBadBlock) {
  const std::string good = pki().root.pem();
  const std::string broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  for (const auto& text :
       {std::string(), std::string("rien"), broken, good + broken, good + "-----BEGIN CERTIFICATE-----\nAAAA",
        test::list_pem(test::make_list({}, pki().sub))}) {
    const auto read = trust::read_certificates(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, "trust.certificate_unreadable");
  }
  ASSERT_FALSE(trust::read_crls(good));
}

TEST(Facts, AreThoseOfTheCertificate) {
  const auto facts = trust::describe(pki().leaf.der());
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->subject, "CN=Jeanne Essai,OU=0002 000000000,O=COMMUNE D ESSAI,C=FR");
  EXPECT_EQ(facts->issuer_name, "Signataires d'essai");
  EXPECT_EQ(facts->key_kind, "EC");
  EXPECT_EQ(facts->key_bits, 256);
  EXPECT_EQ(facts->signature_digest, "SHA256");
  EXPECT_EQ(facts->key_usage, std::vector<std::string>{"nonRepudiation"});
  EXPECT_EQ(facts->policies, std::vector<std::string>{"1.2.250.1.999.1.2.1"});
  EXPECT_FALSE(facts->authority);
  EXPECT_EQ(trust::describe(Bytes{1}).error().code, "trust.certificate_unreadable");
}

TEST(Facts, HaveNoControlCharactersInSentences) {
  const auto holder = test::issue({.name = "Jeanne\x1b[2J\nEssai"}, nullptr);
  const auto facts = trust::describe(holder.der());
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->name, "Jeanne [2J Essai");
  EXPECT_EQ(facts->subject.find('\x1b'), std::string::npos);
}

}  // namespace
