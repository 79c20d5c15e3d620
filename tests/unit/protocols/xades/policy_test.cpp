#include "protocols/xades/policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signing_kit.hpp"

namespace demat::xades {
namespace {

using test::replaced;

/// A policy that does not exist yet, as configuration would describe it.
Policy invented_8() {
  Policy policy;
  policy.id = "urn:oid:1.2.250.1.131.1.5.18.21.1.8";
  policy.digest_method = names::sha512;
  policy.digest = base64(Bytes(64, 8));
  policy.spuri = "https://www.example.fr/politique-8.pdf";
  policy.description = "Politique 8 d'essai";
  policy.id_pattern = "SIG{n}.{id}";
  policy.certificate_digest = Digester::Algorithm::sha512;
  return policy;
}

std::string signed_under(const Policy& policy) {
  const auto text = test::make_pes();
  auto request = test::make_request(test::ordinary_identity());
  request.policy = policy;
  const auto document = xml::parse_borrowed(text);
  return sign_pes(*document, text, request).value();
}

DocumentReport verified(const std::string& text, std::vector<Policy> accepted) {
  const auto document = xml::parse_borrowed(text);
  auto options = test::make_options();
  options.accepted_policies = std::move(accepted);
  return verify_pes(*document, options).value();
}

std::string codes(const DocumentReport& report) {
  std::string out;
  for (const auto& finding : report.findings().findings)
    if (finding.code.starts_with("xades.policy") || finding.severity == Severity::error)
      out += (out.empty() ? "" : " ") + finding.code;
  return out;
}

TEST(Policy, ThoseOfHeliosAreBuiltIn) {
  const auto policies = helios_policies();
  ASSERT_EQ(policies.size(), 2U);
  EXPECT_EQ(policies[0].id, "urn:oid:1.2.250.1.131.1.5.18.21.1.7");
  EXPECT_TRUE(policies[0].in_force(*parse_instant("2018-03-08T08:22:25Z")));
  EXPECT_TRUE(policies[1].in_force(*parse_instant("2018-08-31T21:59:59Z")));
  EXPECT_FALSE(policies[1].in_force(*parse_instant("2018-08-31T22:00:00Z")));
}

TEST(Policy, WhateverComesNextIsDataAlone) {
  const auto text = signed_under(invented_8());
  EXPECT_THAT(text, testing::HasSubstr("Id=\"SIG1.BORD1\""));
  EXPECT_THAT(text, testing::HasSubstr("<xad:CertDigest><xad:DigestMethod Algorithm=\"" +
                                       std::string(names::sha512)));
  const auto report = verified(text, {helios_policy_1_7(), invented_8()});
  EXPECT_TRUE(report.passed()) << codes(report);
  EXPECT_EQ(codes(report), "");
  EXPECT_EQ(report.signatures.front().policy_id, invented_8().id);
  EXPECT_EQ(codes(verified(text, helios_policies())), "xades.policy_unknown");
}

TEST(Policy, AnOlderXadesIsWrittenWhenItWantsOne) {
  auto policy = invented_8();
  policy.xades_ns = names::xades_1_1_1;
  const auto text = signed_under(policy);
  EXPECT_THAT(text, testing::HasSubstr("\"http://uri.etsi.org/01903/v1.1.1#SignedProperties\""));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("v1.2.2")));
  EXPECT_TRUE(verified(text, {policy}).passed());
}

TEST(Policy, StockXmlsecTakesWhatItMakes) {
  if (!test::has_tool("xmlsec1")) GTEST_SKIP() << "xmlsec1 is not installed";
  const test::TemporaryFolder folder;
  const auto file = folder.write("signed.xml", signed_under(invented_8()));
  const auto ca = folder.write("ca.pem", test::ordinary_identity().certificate_pem());
  const auto ran = test::run("xmlsec1 --verify --id-attr:Id Bordereau --trusted-pem " + ca.string() +
                             " --verification-gmt-time '2026-01-15 10:30:00' " + file.string());
  EXPECT_EQ(ran.code, 0) << ran.output;
}

TEST(Policy, ADigestIsUsualOrKnownOrJudgedByTheTable) {
  const auto text = signed_under(invented_8());
  auto table = invented_8();
  table.digest = base64(Bytes(64, 9));
  EXPECT_EQ(codes(verified(text, {table})), "xades.policy_digest");
  table.other_digest_fails = false;
  EXPECT_EQ(codes(verified(text, {table})), "xades.policy_digest_tolerated");
  EXPECT_TRUE(verified(text, {table}).passed());
  table.accepted = {{std::string(names::sha512), base64(Bytes(64, 8))}};
  EXPECT_EQ(codes(verified(text, {table})), "xades.policy_digest_other");
  // The same bytes by another algorithm are another digest.
  table.accepted.front().method = names::sha384;
  table.other_digest_fails = true;
  EXPECT_EQ(codes(verified(text, {table})), "xades.policy_digest");
}

TEST(Policy, PaddingMayBeMissing) {
  auto policy = invented_8();
  const auto text = signed_under(policy);
  // What is signed changes, so only the remark about the policy is looked at.
  const auto bare = replaced(text, policy.digest, policy.digest.substr(0, policy.digest.find('=')));
  EXPECT_THAT(codes(verified(bare, {policy})), testing::HasSubstr("xades.policy_padding"));
  EXPECT_THAT(codes(verified(bare, {policy})), testing::Not(testing::HasSubstr("xades.policy_digest")));
}

TEST(Policy, HasItsTime) {
  const auto text = signed_under(invented_8());
  auto policy = invented_8();
  policy.from = test::signing_time();
  policy.until = test::signing_time() + std::chrono::seconds(1);
  EXPECT_EQ(codes(verified(text, {policy})), "");
  policy.until = test::signing_time();
  EXPECT_EQ(codes(verified(text, {policy})), "xades.policy_period");
  policy.until.reset();
  policy.from = test::signing_time() + std::chrono::seconds(1);
  EXPECT_EQ(codes(verified(text, {policy})), "xades.policy_period");
  policy.out_of_force_fails = false;
  EXPECT_EQ(codes(verified(text, {policy})), "xades.policy_period_tolerated");
  EXPECT_TRUE(verified(text, {policy}).passed());
}

TEST(Policy, NothingIsSignedOutOfItsTimeOrWithoutIds) {
  const auto text = test::make_pes();
  const auto document = xml::parse_borrowed(text);
  const auto refused = [&](auto change) {
    auto request = test::make_request(test::ordinary_identity());
    change(request.policy);
    const auto out = sign_pes(*document, text, request);
    return out ? std::string() : out.error().code;
  };
  EXPECT_EQ(refused([](Policy&) {}), "");
  EXPECT_EQ(refused([](Policy& policy) { policy.until = test::signing_time(); }),
            "xades.policy_not_in_force");
  EXPECT_EQ(refused([](Policy& policy) { policy.id_pattern = "{id}"; }), "xades.policy_not_in_force");
  EXPECT_EQ(refused([](Policy& policy) { policy.id_pattern = "{n} {id}"; }), "xades.policy_not_in_force");
}

}  // namespace
}  // namespace demat::xades
