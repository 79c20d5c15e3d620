#include "gateway/signing/detached_sealing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/signing/file_signer.hpp"
#include "token_rig.hpp"

namespace demat::signing {
namespace {

constexpr std::string_view content = "%PDF-1.4 une délibération";

SigningProfile profile_of(std::shared_ptr<const Signer> signer) {
  SigningProfile profile;
  profile.name = "maire";
  profile.signer = std::move(signer);
  return profile;
}

Result<Bytes> seal(const SigningProfile& profile, const Stamper& stamp = {}) {
  return seal_detached(profile, MemorySource(content), test::signing_time(), stamp);
}

/// Whether `openssl cms` takes the value; whom to believe is not asked.
test::Ran openssl_verifies(const Bytes& der) {
  const test::TemporaryFolder folder;
  const auto cms = folder.write("s.p7s", as_text(der));
  const auto data = folder.write("data", content);
  return test::run("openssl cms -verify -binary -noverify -inform DER -in " + cms.string() + " -content " +
                   data.string() + " -out /dev/null");
}

TEST(DetachedSealing, ByAKeyInFiles) {
  const test::TemporaryFolder folder;
  const auto& identity = test::ordinary_identity();
  const auto key = folder.write("key.pem", identity.key_pem());
  const auto certificate = folder.write("certificate.pem", identity.certificate_pem());
  const auto signer = load_signer(PemFiles{key, certificate, {}});
  ASSERT_TRUE(signer) << signer.error().code;
  const auto der = seal(profile_of(*signer));
  ASSERT_TRUE(der) << der.error().code;
  const auto ran = openssl_verifies(*der);
  EXPECT_EQ(ran.code, 0) << ran.output;
}

TEST(DetachedSealing, ByKeysThatNeverLeaveTheirToken) {
  if (const auto missing = test::TokenRig::missing(); !missing.empty()) GTEST_SKIP() << missing;
  const test::TokenRig rig;
  Tokens tokens;
  for (const auto& [label, id, type] :
       {std::tuple{"maire", "a1", "rsa:3072"}, {"courbe", "b2", "EC:prime256v1"}}) {
    rig.make_key(type, label, id);
    rig.store_certificate(rig.issue(id), label, id);
    auto key = rig.key(label);
    key.rules.allow_p256 = true;
    key.require_hardware = true;
    const auto signer = tokens.open(key);
    ASSERT_TRUE(signer) << signer.error().code << signer.error().detail;
    const auto der = seal(profile_of(*signer));
    ASSERT_TRUE(der) << label << " " << der.error().code;
    const auto ran = openssl_verifies(*der);
    EXPECT_EQ(ran.code, 0) << label << ran.output;
  }
}

/// Says what a token says that is not there.
class Away final : public Signer {
 public:
  [[nodiscard]] const Bytes& certificate_der() const override { return none_; }
  [[nodiscard]] Result<Bytes> sign(std::string_view) const override { return failure(error()); }
  [[nodiscard]] Status ready() const override { return failure(error()); }

 private:
  static Error error() { return waiting_error("signing.token.absent", "fr", "en"); }
  Bytes none_;
};

TEST(DetachedSealing, WhatIsMissingIsTold) {
  EXPECT_EQ(seal(profile_of(std::make_shared<Away>())).error().code, "signing.token.absent");
  const test::TemporaryFolder folder;
  const auto& identity = test::ordinary_identity();
  const auto signer = load_signer(PemFiles{folder.write("key.pem", identity.key_pem()),
                                           folder.write("certificate.pem", identity.certificate_pem()),
                                           {}});
  auto profile = profile_of(*signer);
  profile.margin = std::chrono::hours(24 * 366 * 20);
  EXPECT_EQ(seal(profile).error().code, "signing.key.period");
  profile.margin = {};
  profile.timestamp = "tsa";
  std::string asked;
  const auto out = seal(profile, [&](const std::string& authority, std::string_view) -> Result<Bytes> {
    asked = authority;
    return failure(waiting_error("timestamp.unreachable", "fr", "en"));
  });
  EXPECT_EQ(out.error().code, "timestamp.unreachable");
  EXPECT_EQ(asked, "tsa");
}

}  // namespace
}  // namespace demat::signing
