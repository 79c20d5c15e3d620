// Acts and annexes that come with a XAdES of their own (signature A7).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "detached_kit.hpp"
#include "gateway/actes/content_checks.hpp"
#include "tsa_kit.hpp"

namespace demat::actes_road {
namespace {

using test::DetachedWish;
using testing::ElementsAre;
using testing::IsEmpty;

struct Held final : ByteSource {
  explicit Held(std::string given) : bytes(std::move(given)) {}
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    return MemorySource(bytes).read(offset, buffer);
  }
  [[nodiscard]] std::size_t size() const override { return bytes.size(); }
  std::string bytes;
};

/// An annexe of an acte, whose signature is `given`.
Contents look(const std::string& content, const std::string& given, const std::string& matieres = "7.1") {
  Deposit deposit;
  deposit.nature = "4";
  deposit.matieres = matieres;
  deposit.files = {{"annexe", "plan.png", "99_DE", sha256(content), content.size(), given}};
  const auto open = [&](const Sha256&) { return Result<store::Payload>(std::make_shared<Held>(content)); };
  return look_into(deposit, open, {}).value();
}

std::vector<std::string> codes(const Contents& contents) {
  std::vector<std::string> out;
  for (const auto& finding : contents.report.findings)
    out.push_back(finding.code);
  return out;
}

DetachedWish stamped(const std::string& over = {}) {
  DetachedWish wish;
  wish.stamp = [over](std::string_view value) {
    return test::make_token({.stamped = over.empty() ? std::string(value) : over}, test::ordinary_tsa());
  };
  return wish;
}

std::string form_of(const std::string& signature, bool coded) {
  return coded ? base64(as_bytes(signature)) : signature;
}

TEST(DetachedXades, ItsSignerIsToldForJudgement) {
  const DetachedWish wish;
  for (const bool coded : {false, true}) {
    const auto contents = look(wish.content, form_of(test::make_detached(wish), coded));
    EXPECT_THAT(codes(contents), IsEmpty());
    ASSERT_EQ(contents.signatures.size(), 1U);
    const auto& told = contents.signatures[0];
    EXPECT_EQ(told.covers, "plan.png");
    EXPECT_EQ(told.format, "XAdES");
    EXPECT_EQ(told.role, "Maire");
    EXPECT_EQ(told.digest, "SHA256");
    EXPECT_EQ(told.references.at(0).element, "plan.png");
    EXPECT_EQ(told.naming, trust::Naming::named);
    EXPECT_EQ(told.cryptography, trust::Indication::passed);
    EXPECT_EQ(told.signed_at, test::signing_time());
    EXPECT_EQ(told.certificate_der, test::ordinary_identity().der);
    EXPECT_FALSE(told.integrity_only);
  }
}

TEST(DetachedXades, BiddersMaySignWithAnyCertificate) {
  DetachedWish wish;
  const auto expired = test::make_identity({.not_after = "20250101000000Z", .key_usage = std::nullopt});
  wish.signer = &expired;
  const auto contents = look(wish.content, test::make_detached(wish), "1.1.3");
  EXPECT_THAT(codes(contents), IsEmpty());
  EXPECT_TRUE(contents.signatures.at(0).integrity_only);
}

TEST(DetachedXades, OfAnotherFileItIsRefusedAndToldAsFailed) {
  const auto contents = look("un autre acte\n", test::make_detached());
  EXPECT_THAT(codes(contents), ElementsAre("xades.detached_content"));
  EXPECT_TRUE(contents.report.refused());
  EXPECT_EQ(contents.report.findings[0].place.path, "plan.png");
  const auto report =
      trust::judge_all(nullptr, contents.signatures, test::signing_time(), test::signing_time());
  EXPECT_EQ(report.verdict.sub_indication, "HASH_FAILURE");
}

TEST(DetachedXades, WhatCannotBeReadIsRefused) {
  const auto text = test::make_detached();
  for (const auto& bad : {text.substr(0, text.size() - 5), "<!DOCTYPE a>" + text.substr(text.find("<ds:")),
                          "<a>" + std::string(9'000'000, ' ') + "</a>"}) {
    const auto contents = look(DetachedWish{}.content, bad);
    EXPECT_THAT(codes(contents), ElementsAre("actes.xades.unreadable")) << bad.size();
    EXPECT_THAT(contents.signatures, IsEmpty());
  }
  EXPECT_THAT(codes(look(DetachedWish{}.content, "<a/>")), ElementsAre("xades.structure"));
}

/// RV5: the stamp goes to the judge, who says whether it counts; one that is not of this signature changes
/// nothing.
TEST(DetachedXades, ItsStampIsJudged) {
  struct Row {
    std::string over;
    const char* code;
  };
  for (const auto& [over, code] :
       {Row{"", "trust.stamp.not_judged"}, Row{"something else", "trust.stamp.broken"}}) {
    const auto contents = look(DetachedWish{}.content, test::make_detached(stamped(over)));
    EXPECT_THAT(codes(contents), IsEmpty());
    ASSERT_EQ(contents.signatures.at(0).stamps.size(), 1U);
    const auto report =
        trust::judge_all(nullptr, contents.signatures, test::signing_time(), test::signing_time());
    std::vector<std::string> said;
    for (const auto& check : report.parts.at(0).signer.checks)
      said.push_back(check.code);
    EXPECT_THAT(said, testing::Contains(code));
  }
}

}  // namespace
}  // namespace demat::actes_road
