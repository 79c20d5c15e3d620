// Budgets that arrive with an enveloped XAdES signature.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/actes/content_checks.hpp"
#include "protocols/actes/budget.hpp"
#include "protocols/baseline/baseline.hpp"
#include "signing_kit.hpp"
#include "tsa_kit.hpp"

namespace demat::actes_road {
namespace {

using testing::ElementsAre;

const std::string plain =
    "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n"
    "<DocumentBudgetaire xmlns=\"http://www.minefi.gouv.fr/cp/demat/docbudgetaire\"><VersionSchema V=\"72\"/>"
    "<EnTeteDocBudgetaire><LibelleColl V=\"Ville\"/><IdColl V=\"12345678200011\"/></EnTeteDocBudgetaire>"
    "<Budget><BlocBudget><NatDec V=\"09\"/><Exer V=\"2026\"/></BlocBudget></Budget></DocumentBudgetaire>\n";

std::string signed_budget(std::function<Result<Bytes>(std::string_view)> stamp = {}) {
  const auto& identity = test::ordinary_identity();
  baseline::BaselineRequest request;
  request.statement = {"Maire", "Valjoie", "34000", "France"};
  request.signing_time = test::signing_time();
  request.certificate_der = identity.der;
  request.sign = identity.signer();
  request.stamp = std::move(stamp);
  const auto document = xml::parse_borrowed(plain);
  return baseline::sign_baseline(*document, plain, request).value();
}

struct Held final : ByteSource {
  explicit Held(std::string given) : bytes(std::move(given)) {}
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    return MemorySource(bytes).read(offset, buffer);
  }
  [[nodiscard]] std::size_t size() const override { return bytes.size(); }
  std::string bytes;
};

Contents look(const std::string& budget) {
  Deposit deposit;
  deposit.nature = "5";
  deposit.matieres = "7.1";
  deposit.files = {{"acte", "budget.xml", "99_BU", sha256(budget), budget.size(), {}}};
  const auto open = [&](const Sha256&) { return Result<store::Payload>(std::make_shared<Held>(budget)); };
  return look_into(deposit, open, {}).value();
}

std::vector<std::string> codes(const Contents& contents) {
  std::vector<std::string> out;
  for (const auto& finding : contents.report.findings)
    out.push_back(finding.code);
  return out;
}

TEST(SignedBudgets, TheirSignersAreToldForJudgement) {
  const auto contents = look(signed_budget());
  EXPECT_THAT(codes(contents), ElementsAre("actes.budget.not_sealed"));
  ASSERT_EQ(contents.signatures.size(), 1U);
  EXPECT_EQ(contents.signatures[0].covers, "budget.xml");
  EXPECT_EQ(contents.signatures[0].role, "Maire");
  EXPECT_EQ(contents.signatures[0].cryptography, trust::Indication::passed);
  EXPECT_EQ(contents.signatures[0].certificate_der, test::ordinary_identity().der);
}

TEST(SignedBudgets, TheirStampsAreToldForJudgement) {
  for (const bool sound : {true, false}) {
    auto budget = signed_budget([](std::string_view value) -> Result<Bytes> {
      return test::make_token({.stamped = std::string(value)}, test::ordinary_tsa());
    });
    if (!sound) budget = test::replaced(budget, "EncapsulatedTimeStamp>M", "EncapsulatedTimeStamp>N");
    const auto contents = look(budget);
    // One that does not hold is a warning of the judge, and no reason to refuse.
    EXPECT_THAT(codes(contents), ElementsAre("actes.budget.not_sealed"));
    ASSERT_EQ(contents.signatures.at(0).stamps.size(), 1U);
    const auto& stamp = contents.signatures[0].stamps[0];
    EXPECT_EQ(timestamp::verify_token(stamp.token, as_text(stamp.stamped)).has_value(), sound);
  }
}

TEST(SignedBudgets, OnesThatWereChangedAreRefused) {
  const auto contents =
      look(test::replaced(signed_budget(), "<xades:ClaimedRole>Maire", "<xades:ClaimedRole>Autre"));
  EXPECT_THAT(codes(contents), ElementsAre("actes.budget.not_sealed", "xades.digest_properties"));
  EXPECT_EQ(contents.report.findings[1].place.path, "budget.xml");
  EXPECT_EQ(contents.signatures.at(0).cryptography, trust::Indication::failed);
}

TEST(SignedBudgets, SealedAfterwardsTheySayNothingAnyMore) {
  const auto contents = look(actes::seal_budget(signed_budget(), "2026-02-25").value());
  EXPECT_THAT(codes(contents), ElementsAre("actes.budget.signed_before_seal"));
  EXPECT_FALSE(contents.report.refused());
  EXPECT_TRUE(contents.signatures.empty());
}

TEST(SignedBudgets, OtherFormsAreLeftToWhoReceivesThem) {
  auto other = signed_budget();
  other = test::replaced(std::move(other), "xmldsig-more#rsa-sha256", "xmldsig-more#rsa-sha512");
  EXPECT_THAT(codes(look(other)),
              ElementsAre("actes.budget.not_sealed", "actes.budget.signature_unsupported"));
}

}  // namespace
}  // namespace demat::actes_road
