#include "gateway/signing/key_ring.hpp"

#include <gtest/gtest.h>

#include "gateway/signing/file_signer.hpp"
#include "gateway/signing/sealing.hpp"
#include "signing_kit.hpp"

using namespace demat;

namespace {

signing::SigningProfile profile(const std::string& name) {
  const test::TemporaryFolder folder;
  const auto& identity = test::ordinary_identity();
  const auto signer = signing::load_signer(signing::PemFiles{
      folder.write("key.pem", identity.key_pem()), folder.write("cert.pem", identity.certificate_pem()), ""});
  return {name, signer.value(), {"Maire", "Nîmes", "30000", "France"}, xades::helios_policy_1_7(), nullptr};
}

}  // namespace

TEST(KeyRing, FindsByName) {
  signing::KeyRing ring;
  ASSERT_TRUE(ring.add(profile("maire")));
  ASSERT_TRUE(ring.add(profile("adjoint")));
  ASSERT_NE(ring.find("maire"), nullptr);
  EXPECT_EQ(ring.find("maire")->name, "maire");
  EXPECT_EQ(ring.find("personne"), nullptr);
  EXPECT_EQ(ring.profiles().size(), 2U);
}

TEST(KeyRing, RefusesDuplicatesAndIncompleteProfiles) {
  signing::KeyRing ring;
  ASSERT_TRUE(ring.add(profile("maire")));
  EXPECT_EQ(ring.add(profile("maire")).error().code, "signing.profile.duplicate");
  EXPECT_EQ(ring.add(profile("")).error().code, "signing.profile.incomplete");
  auto keyless = profile("a");
  keyless.signer = nullptr;
  EXPECT_EQ(ring.add(keyless).error().code, "signing.profile.incomplete");
  auto roleless = profile("a");
  roleless.statement.role.clear();
  EXPECT_EQ(ring.add(roleless).error().code, "signing.profile.incomplete");
  EXPECT_EQ(ring.profiles().size(), 1U);
}

TEST(Seal, SignsAndVerifiesBeforeHandingOut) {
  const auto bytes = test::make_pes();
  const auto document = xml::parse(bytes);
  ASSERT_TRUE(document);
  const auto sealed = signing::seal(profile("maire"), *document, bytes, test::signing_time());
  ASSERT_TRUE(sealed) << sealed.error().code;
  EXPECT_TRUE(sealed->report.passed());
  EXPECT_EQ(sealed->report.signatures.front().role, "Maire");
  const auto again = xml::parse(sealed->bytes);
  ASSERT_TRUE(again);
  EXPECT_EQ(signing::seal(profile("maire"), *again, sealed->bytes, test::signing_time()).error().code,
            "xades.already_signed");
}

TEST(Seal, ASignerThatSignsWronglyIsCaught) {
  struct WrongSigner final : signing::Signer {
    [[nodiscard]] const Bytes& certificate_der() const override { return test::ordinary_identity().der; }
    [[nodiscard]] Result<Bytes> sign(std::string_view) const override { return Bytes(256, 1); }
  };
  auto wrong = profile("maire");
  wrong.signer = std::make_shared<const WrongSigner>();
  const auto bytes = test::make_pes();
  const auto document = xml::parse(bytes);
  ASSERT_TRUE(document);
  const auto sealed = signing::seal(wrong, *document, bytes, test::signing_time());
  ASSERT_FALSE(sealed);
  EXPECT_EQ(sealed.error().code, "xades.self_check");
}
