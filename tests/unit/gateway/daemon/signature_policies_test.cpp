#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/wiring.hpp"

namespace demat::wiring {
namespace {

config::SignaturePolicy row(const std::string& name, const std::string& oid) {
  config::SignaturePolicy row;
  row.name = name;
  row.oid = oid;
  row.digest = "pYtFgzn09kQWZywqdIGVd1fFI07tjKmEAyQHr0l/YAk=";
  return row;
}

TEST(SignaturePolicies, ThoseOfHeliosAreThereWithoutAWord) {
  const config::Settings settings;
  EXPECT_EQ(signature_policies(settings).size(), 2U);
  EXPECT_EQ(signature_policy(settings, "")->id, "urn:oid:1.2.250.1.131.1.5.18.21.1.7");
  EXPECT_EQ(signature_policy(settings, "helios-4")->id, "urn:oid:1.2.250.1.131.1.5.18.21.1.4");
}

TEST(SignaturePolicies, ARowIsAddedOrTakesThePlaceOfAKnownOne) {
  config::Settings settings;
  auto eight = row("huit", "1.2.250.1.131.1.5.18.21.1.8");
  eight.from = "2027-01-01";
  eight.until = "2027-12-31";
  eight.accepted_digests = {"sha1:Ag9eHnx6opvWHDh9kR8QbRYDPRA="};
  eight.certificate_digest = "sha512";
  auto seven = row("sept", "1.2.250.1.131.1.5.18.21.1.7");
  seven.spuri = "https://www.example.fr/nouvelle";
  settings.signature_policies = {eight, seven};
  EXPECT_EQ(signature_policies(settings).size(), 3U);
  EXPECT_EQ(signature_policy(settings, "")->spuri, "https://www.example.fr/nouvelle");
  for (const char* name : {"huit", "1.2.250.1.131.1.5.18.21.1.8", "urn:oid:1.2.250.1.131.1.5.18.21.1.8"}) {
    const auto policy = signature_policy(settings, name);
    ASSERT_TRUE(policy) << name;
    EXPECT_EQ(policy->accepted.at(0).method, xades::names::sha1);
    EXPECT_EQ(policy->certificate_digest, Digester::Algorithm::sha512);
    // Days are those of Paris.
    EXPECT_TRUE(policy->in_force(*xades::parse_instant("2026-12-31T23:00:00Z")));
    EXPECT_FALSE(policy->in_force(*xades::parse_instant("2026-12-31T22:59:59Z")));
    EXPECT_TRUE(policy->in_force(*xades::parse_instant("2027-12-31T22:59:59Z")));
    EXPECT_FALSE(policy->in_force(*xades::parse_instant("2027-12-31T23:00:00Z")));
  }
  EXPECT_EQ(signature_policy(settings, "neuf").error().code, "signing.policy_unknown");
}

}  // namespace
}  // namespace demat::wiring
