#include "protocols/xades/remarks.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

using namespace demat;
using xades::consequence;
using xades::Indication;
using xades::make_remark;

TEST(Remarks, FillTheValueIntoBothTexts) {
  const auto finding = make_remark("xades.unsigned_bordereau", Place{12, "/PES_Aller"}, "BRD2");
  EXPECT_EQ(finding.code, "xades.unsigned_bordereau");
  EXPECT_EQ(finding.severity, Severity::error);
  EXPECT_EQ(finding.place.line, 12U);
  EXPECT_NE(finding.fr.find("Le bordereau BRD2 "), std::string::npos);
  EXPECT_NE(finding.en.find("Bordereau BRD2 "), std::string::npos);
}

TEST(Remarks, LongValuesAreCut) {
  // The value comes from the document: a report must not grow with it, nor cut a character in two.
  std::string value;
  for (int i = 0; i < 5000; ++i)
    value += "é";
  const auto finding = make_remark("xades.reference", {}, value);
  EXPECT_LT(finding.fr.size(), 500U);
  const auto end = finding.fr.find("…");
  ASSERT_NE(end, std::string::npos);
  EXPECT_EQ(finding.fr.substr(end - 2, 2), "é");
}

TEST(Remarks, HaveTheirConsequence) {
  EXPECT_EQ(consequence(make_remark("xades.digest_content", {})), Indication::failed);
  EXPECT_EQ(consequence(make_remark("xades.certificate_period", {})), Indication::indeterminate);
  EXPECT_EQ(consequence(make_remark("xades.extra_object", {})), Indication::passed);
}

TEST(Remarks, AnUnknownCodeIsABrokenInvariant) {
  EXPECT_THROW(static_cast<void>(make_remark("xades.invented", {})), std::logic_error);
}
