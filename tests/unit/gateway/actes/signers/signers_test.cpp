// Signers of actes: judged by the profile of the préfecture's destination, but for public procurement.

#include <gtest/gtest.h>

#include <filesystem>

#include "gateway/actes/road.hpp"
#include "pki_kit.hpp"

namespace demat::actes_road {
namespace {

class Signers : public testing::Test {
 protected:
  void SetUp() override {
    const auto& pki = test::ordinary_pki();
    for (const char* name : {"anchors", "issuers"})
      std::filesystem::create_directories(folder_.path() / name);
    folder_.write("anchors/root.pem", pki.root.pem());
    folder_.write("issuers/sub.pem", pki.sub.pem());
    config::Settings settings;
    settings.trusts = {{.name = "actes", .folder = folder_.path()}};
    settings.trusts[0].revocation = config::RevocationRule::off;
    config::Destination prefecture;
    prefecture.name = "prefecture";
    prefecture.trust = "actes";
    settings.destinations = {prefecture};
    desk_ = trust_desk::TrustDesk::open(settings).value();
  }

  static trust::SignatureInput signature(const test::Holder& holder, bool intact = true) {
    trust::SignatureInput made;
    made.covers = "acte.pdf";
    made.cryptography = intact ? trust::Indication::passed : trust::Indication::failed;
    if (!intact) made.sub_indication = "HASH_FAILURE";
    made.certificate_der = holder.der();
    made.signed_at = test::at("2026-01-15T10:30:00Z");
    return made;
  }

  [[nodiscard]] std::optional<trust_desk::Decision> judge(
      const std::vector<trust::SignatureInput>& all) const {
    const auto noon = test::at("2026-01-15T12:00:00Z");
    return judge_signers(all, desk_.get(), "prefecture", noon, noon);
  }

  test::TemporaryFolder folder_;
  std::shared_ptr<trust_desk::TrustDesk> desk_;
};

TEST_F(Signers, NothingIsSaidOfWhatIsNotSigned) {
  EXPECT_FALSE(judge({}));
}

TEST_F(Signers, AKnownOneIsFine) {
  const auto decision = judge({signature(test::ordinary_pki().leaf)});
  ASSERT_TRUE(decision);
  EXPECT_FALSE(decision->wait);
  EXPECT_TRUE(decision->findings.findings.empty());
  EXPECT_NE(decision->json.find("acte.pdf"), std::string::npos);
}

TEST_F(Signers, AStrangerIsRefusedExceptWhereIntegritySuffices) {
  auto stranger = signature(test::issue({.name = "Entreprise"}, nullptr));
  ASSERT_TRUE(judge({stranger})->findings.refused());
  stranger.integrity_only = true;
  const auto decision = judge({stranger});
  EXPECT_FALSE(decision->findings.refused());
  EXPECT_NE(decision->json.find("trust.profile.not_asked"), std::string::npos);
}

TEST_F(Signers, AnAlteredOneIsToldInTheReportEvenThen) {
  auto altered = signature(test::ordinary_pki().leaf, false);
  altered.integrity_only = true;
  EXPECT_NE(judge({altered})->json.find("HASH_FAILURE"), std::string::npos);
}

}  // namespace
}  // namespace demat::actes_road
