// The shared vectors on trust and revocation: certificates, lists and the signed files that only trust can
// judge (T14, T32).

#include <gtest/gtest.h>

#include "pki_kit.hpp"
#include "protocols/trust/decoding.hpp"
#include "protocols/xml/parser.hpp"

using namespace demat;
using trust::Outcome;

namespace {

constexpr const char* test_policy = "1.2.250.1.999.1.2.1";

std::filesystem::path folder() {
  return test::shared_folder() / "fixtures/signature-vectors";
}

trust::Item certificate(const char* name) {
  return {name, trust::read_certificates(test::read_file(folder() / name)).value().at(0)};
}

trust::Item list(const char* name) {
  return {name, trust::read_crls(test::read_file(folder() / name)).value().at(0)};
}

class SharedTrust : public testing::Test {
 protected:
  void SetUp() override {
    if (test::shared_folder().empty() || !std::filesystem::exists(folder()))
      GTEST_SKIP() << "the shared signature vectors are absent";
  }

  /// TP4 with these lists beside that of the root.
  static trust::TrustProfile profile(const std::vector<const char*>& lists) {
    trust::Contents contents;
    contents.name = "TP4";
    contents.rules.policies = {test_policy};
    contents.anchors = {certificate("root.pem")};
    contents.issuers = {certificate("sub.pem")};
    contents.crls = {list("root.crl")};
    for (const char* name : lists)
      contents.crls.push_back(list(name));
    return test::profile_of(std::move(contents));
  }

  static trust::FlowReport judge(const trust::TrustProfile& profile, const char* file,
                                 const char* now = "2026-01-15T12:00:00Z") {
    const auto document = xml::parse(test::read_file(folder() / file)).value();
    xades::VerifyOptions options;
    options.now = test::at("2026-01-15T12:00:00Z");
    options.accepted_policies = {xades::helios_policy_1_7()};
    const auto verified = xades::verify_pes(document, options).value();
    return trust::judge_flow(&profile, verified, options.now, test::at(now));
  }
};

TEST_F(SharedTrust, AListDecides) {
  struct Row {
    std::vector<const char*> lists;
    const char* now;
    trust::Indication indication;
    const char* sub_indication;
  };
  const char* const noon = "2026-01-15T12:00:00Z";
  constexpr auto passed = trust::Indication::passed;
  constexpr auto failed = trust::Indication::failed;
  constexpr auto unsure = trust::Indication::indeterminate;
  const std::vector<Row> rows = {
      {{"sub_empty.crl"}, noon, passed, ""},
      {{"sub_empty.crl"}, "2026-01-18T12:00:00Z", unsure, "TRY_LATER"},
      {{}, noon, unsure, "TRY_LATER"},
      {{"sub_revoked_before.crl"}, noon, failed, "REVOKED"},
      {{"sub_revoked.crl"}, noon, failed, "REVOKED"},
      {{"sub_revoked_cessation.crl"}, noon, passed, ""},
      {{"sub_revoked.crl", "sub_revoked_cessation.crl"}, noon, passed, ""},
      {{"sub_revoked_cessation.crl", "sub_revoked.crl"}, noon, passed, ""},
      {{"sub_revoked_before.crl", "sub_revoked_cessation.crl"}, noon, failed, "REVOKED"},
      {{"sub_revoked_cessation.crl", "sub_revoked_before.crl"}, noon, failed, "REVOKED"},
  };
  for (const auto& row : rows) {
    const auto report = judge(profile(row.lists), "base.xml", row.now);
    const std::string which = row.lists.empty() ? "none" : row.lists.back();
    EXPECT_EQ(report.verdict.indication, row.indication) << which << row.now;
    EXPECT_EQ(report.verdict.sub_indication, row.sub_indication) << which << row.now;
  }
}

TEST_F(SharedTrust, AKeyCompromisedLaterSparesWhatIsProven) {
  const auto tp4 = profile({"sub_revoked.crl"});
  auto question = test::question_of(test::ordinary_pki().leaf);
  question.certificate_der = certificate("sw2048.pem").der;
  question.time_proven = true;
  const auto report = trust::judge(&tp4, question);
  EXPECT_EQ(report.verdict.indication, trust::Indication::passed);
  EXPECT_EQ(test::codes(report, Outcome::warn), "trust.revocation.later");
}

TEST_F(SharedTrust, ASelfSignedSignerLeadsNowhere) {
  const auto report = judge(profile({"sub_empty.crl"}), "k03_selfsigned.xml");
  EXPECT_EQ(report.verdict.indication, trust::Indication::failed);
  EXPECT_EQ(report.verdict.sub_indication, "NO_CERTIFICATE_CHAIN_FOUND");
}

TEST_F(SharedTrust, LeavesPassUnderTheirOwnProfileAlone) {
  const auto tp4 = profile({"sub_empty.crl"});
  auto other = test::contents_of(test::ordinary_pki());
  const auto strangers = test::profile_of(std::move(other));
  trust::Contents demanding;
  demanding.name = "demanding";
  demanding.rules.policies = {"1.2.250.1.131.1.5.18.20.1.5.2"};
  demanding.anchors = {certificate("root.pem")};
  demanding.issuers = {certificate("sub.pem")};
  demanding.crls = {list("root.crl"), list("sub_empty.crl")};
  const auto other_policy = test::profile_of(std::move(demanding));
  for (const char* leaf : {"sw2048.pem", "sw3072.pem", "swec.pem"}) {
    auto question = test::question_of(test::ordinary_pki().leaf);
    question.certificate_der = certificate(leaf).der;
    EXPECT_EQ(trust::judge(&tp4, question).verdict.indication, trust::Indication::passed) << leaf;
    EXPECT_EQ(trust::judge(&strangers, question).verdict.sub_indication, "NO_CERTIFICATE_CHAIN_FOUND")
        << leaf;
    EXPECT_EQ(test::codes(trust::judge(&other_policy, question), Outcome::fail), "trust.policy.unlisted")
        << leaf;
  }
}

TEST_F(SharedTrust, SignedFilesOfTheVectorsPass) {
  const auto tp4 = profile({"sub_empty.crl"});
  for (const char* file : {"base.xml", "base2.xml", "ok_global.xml", "ok_rsa3072.xml",
                           "i01_enveloped_on_signedproperties.xml", "r09_withcomments.xml"}) {
    const auto report = judge(tp4, file);
    EXPECT_EQ(report.verdict.indication, trust::Indication::passed)
        << file << " " << report.verdict.sub_indication;
  }
}

}  // namespace
