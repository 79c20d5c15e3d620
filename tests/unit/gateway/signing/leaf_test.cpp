#include "gateway/signing/leaf.hpp"

#include <gtest/gtest.h>

#include "signing_kit.hpp"

using namespace demat;
using signing::CertificateUse;

namespace {

test::IdentityWish with_usage(std::optional<std::string> usage) {
  test::IdentityWish wish;
  wish.key_usage = std::move(usage);
  return wish;
}

std::string verdict(const test::Identity& identity, const signing::LeafRules& rules) {
  const auto status = signing::check_leaf(identity.der, rules, "essai");
  return status ? "" : status.error().code;
}

}  // namespace

TEST(Leaf, UsageDecidesWhatACertificateMaySign) {
  struct Case {
    std::optional<std::string> usage;
    const char* as_signature;
    const char* as_seal;
  };
  const std::vector<Case> cases{
      {"critical,nonRepudiation", "", ""},
      {"critical,digitalSignature,nonRepudiation", "", ""},
      {"critical,digitalSignature", "signing.key.usage", ""},
      {"critical,keyEncipherment", "signing.key.usage", "signing.key.usage"},
      {std::nullopt, "signing.key.usage", "signing.key.usage"},
      {"critical,nonRepudiation,keyCertSign", "signing.key.authority", "signing.key.authority"},
      {"critical,nonRepudiation,cRLSign", "signing.key.authority", "signing.key.authority"},
  };
  for (const auto& one : cases) {
    const auto identity = test::make_identity(with_usage(one.usage));
    EXPECT_EQ(verdict(identity, {CertificateUse::signature}), one.as_signature) << one.usage.value_or("none");
    EXPECT_EQ(verdict(identity, {CertificateUse::seal}), one.as_seal) << one.usage.value_or("none");
  }
}

TEST(Leaf, TheKeyIsStrongAndOfAnAllowedKind) {
  test::IdentityWish small, elliptic, odd;
  small.rsa_bits = 1024;
  elliptic.elliptic = true;
  odd.exponent = 3;
  EXPECT_EQ(verdict(test::make_identity(small), {}), "signing.key.weak");
  EXPECT_EQ(verdict(test::make_identity(odd), {}), "signing.key.weak");
  const auto curve = test::make_identity(elliptic);
  EXPECT_EQ(verdict(curve, {}), "signing.key.weak");
  EXPECT_EQ(verdict(curve, {.allow_p256 = true}), "");
}

TEST(Leaf, AnUnreadableCertificateIsNamed) {
  const auto status = signing::check_leaf(Bytes{1, 2, 3}, {}, "essai");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, "signing.key.certificate");
  EXPECT_NE(status.error().fr.find("essai"), std::string::npos);
}
