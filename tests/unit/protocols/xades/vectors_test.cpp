// The vectors of the shared fixtures (their README gives the expected outcomes). Every file of the folder has
// a row here with our verdict, or is named among those that tests/unit/protocols/trust judges.

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "protocols/xades/profile.hpp"
#include "protocols/xml/parser.hpp"
#include "signing_kit.hpp"

using namespace demat;

namespace {

enum class Expect { accept, accept_with_warning, refuse, parse_error };

struct Vector {
  const char* file;
  Expect expect;
  const char* code;  ///< that must be said (refusal, warning, parse error)
};

/// The name of a case in test lists.
void PrintTo(const Vector& vector, std::ostream* out) {
  *out << vector.file;
}

const std::vector<Vector> vectors = {
    {"base.xml", Expect::accept, ""},
    {"base2.xml", Expect::accept, ""},
    {"ok_global.xml", Expect::accept, ""},
    {"ok_rsa3072.xml", Expect::accept, ""},
    {"ok_p256.xml", Expect::refuse, "xades.algorithm"},
    {"v01_xsw_object.xml", Expect::refuse, "xades.reference"},
    {"v02_xsw_root.xml", Expect::refuse, "xades.reference"},
    {"v03_dup_id_evil_first.xml", Expect::refuse, "xades.duplicate_id"},
    {"v04_dup_id_orig_first.xml", Expect::refuse, "xades.duplicate_id"},
    {"v05_second_bord_unsigned.xml", Expect::refuse, "xades.unsigned_bordereau"},
    {"v06_comment_in_text.xml", Expect::accept, ""},
    {"v07_decoy_qp.xml", Expect::refuse, "xades.qualifying_properties"},
    {"v08_added_after_sig.xml", Expect::refuse, "xades.position"},
    {"v09_extra_object.xml", Expect::accept_with_warning, "xades.extra_object"},
    {"v10_signingtime_changed.xml", Expect::refuse, "xades.digest_properties"},
    {"v11_bad_cert.xml", Expect::refuse, "xades.certificate_unreadable"},
    {"v12_xsw_schema_valid.xml", Expect::refuse, "xades.reference"},
    {"k01_keyvalue.xml", Expect::refuse, "xades.no_certificate"},
    {"k02_keyvalue_plus_victim_cert.xml", Expect::refuse, "xades.signature_value"},
    // The signature holds; that its signer leads to no authority is told by trust (T14).
    {"k03_selfsigned.xml", Expect::accept, ""},
    {"k04_rsa1024.xml", Expect::refuse, "xades.no_certificate"},
    {"k05_rsamd5.xml", Expect::refuse, "xades.algorithm"},
    {"k06_sha1.xml", Expect::refuse, "xades.algorithm"},
    {"r01_fileref.xml", Expect::refuse, "xades.reference"},
    {"r02_httpref.xml", Expect::refuse, "xades.reference"},
    {"r03_xslt.xml", Expect::refuse, "xades.transform"},
    {"r04_xpath.xml", Expect::refuse, "xades.transform"},
    {"r05_xptr_inject.xml", Expect::refuse, "xades.reference"},
    {"r06_emptyuri.xml", Expect::refuse, "xades.reference"},
    {"r07_xptr_expr.xml", Expect::refuse, "xades.reference"},
    {"r08_no_sp_ref.xml", Expect::refuse, "xades.unsigned_properties"},
    {"r09_withcomments.xml", Expect::accept_with_warning, "xades.transform_comments"},
    {"i01_enveloped_on_signedproperties.xml", Expect::accept_with_warning, "xades.enveloped_properties"},
    {"deep.xml", Expect::parse_error, "xml.too_deep"},
    {"attrs.xml", Expect::parse_error, "xml.too_many_attributes"},
};

/// Certificates and lists: tests/unit/protocols/trust/vectors_test.cpp.
const std::set<std::string> of_trust = {"root.pem",
                                        "sub.pem",
                                        "sw2048.pem",
                                        "sw3072.pem",
                                        "swec.pem",
                                        "root.crl",
                                        "sub_empty.crl",
                                        "sub_revoked.crl",
                                        "sub_revoked_before.crl",
                                        "sub_revoked_cessation.crl"};

std::filesystem::path folder() {
  return test::shared_folder() / "fixtures/signature-vectors";
}

bool says(const Report& report, const std::string& code) {
  return std::any_of(report.findings.begin(), report.findings.end(),
                     [&](const Finding& f) { return f.code == code; });
}

std::string codes(const Report& report) {
  std::string all;
  for (const auto& f : report.findings)
    all += f.code + " ";
  return all;
}

class Vectors : public testing::TestWithParam<Vector> {
 protected:
  void SetUp() override {
    if (test::shared_folder().empty() || !std::filesystem::exists(folder()))
      GTEST_SKIP() << "the shared signature vectors are absent";
  }
};

xades::VerifyOptions options(xades::Engine engine) {
  xades::VerifyOptions wish;
  wish.now = *xades::parse_instant("2026-01-15T12:00:00Z");
  wish.accepted_policies = {xades::helios_policy_1_7()};
  wish.engine = engine;
  return wish;
}

std::string name_of(const testing::TestParamInfo<Vector>& info) {
  std::string name = info.param.file;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

TEST_P(Vectors, HasTheExpectedOutcome) {
  const auto& vector = GetParam();
  const auto document = xml::parse(test::read_file(folder() / vector.file));
  if (vector.expect == Expect::parse_error) {
    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().code, vector.code);
    return;
  }
  ASSERT_TRUE(document) << document.error().code;
  for (const auto engine : {xades::Engine::own, xades::Engine::xmlsec}) {
    const auto report = xades::verify_pes(*document, options(engine));
    ASSERT_TRUE(report) << report.error().code;
    const auto findings = report->findings();
    EXPECT_EQ(report->passed(), vector.expect != Expect::refuse) << codes(findings);
    EXPECT_EQ(findings.refused(), vector.expect == Expect::refuse) << codes(findings);
    if (vector.expect == Expect::accept) {
      EXPECT_TRUE(findings.findings.empty()) << codes(findings);
    } else {
      EXPECT_TRUE(says(findings, vector.code)) << codes(findings);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Shared, Vectors, testing::ValuesIn(vectors), name_of);

TEST(VectorTable, HasARowForEveryFile) {
  if (test::shared_folder().empty() || !std::filesystem::exists(folder()))
    GTEST_SKIP() << "the shared signature vectors are absent";
  auto rows = of_trust;
  for (const auto& vector : vectors)
    rows.insert(vector.file);
  for (const auto& file : std::filesystem::directory_iterator(folder())) {
    if (file.path().extension() == ".md") continue;
    EXPECT_TRUE(rows.contains(file.path().filename().string())) << file.path().filename();
  }
}

TEST(RealFixtures, EverySignedOneKeepsItsSignature) {
  const auto samples = test::shared_folder() / "fixtures/pes-aller";
  if (test::shared_folder().empty() || !std::filesystem::exists(samples))
    GTEST_SKIP() << "no shared fixtures";
  std::size_t with_signature = 0;
  for (const auto& file : std::filesystem::directory_iterator(samples)) {
    const auto document = xml::parse(test::read_file(file.path()));
    if (!document || document->all("Signature", "http://www.w3.org/2000/09/xmldsig#").empty()) continue;
    ++with_signature;
    const auto report = xades::verify_pes(*document, options(xades::Engine::own));
    ASSERT_TRUE(report) << file.path();
    for (const auto& s : report->signatures)
      EXPECT_NE(s.indication, xades::Indication::failed) << file.path() << " " << codes(report->findings());
  }
  if (with_signature == 0) GTEST_SKIP() << "none of the shared PES samples is signed";
}

}  // namespace
