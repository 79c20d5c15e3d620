#include "protocols/report/json.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "findings.hpp"

namespace demat::report {
namespace {

namespace json = boost::json;

Finding full() {
  Finding out =
      finding("pes.p16", 118, {"depense", "2026", "12", "134", "1", "PJ-1", "M1", "77"}, Severity::warning);
  out.place.path = "/PES_Aller";
  out.value = "x";
  out.expected = {"un IBAN", "an IBAN"};
  out.remedy = {"corriger", "mend"};
  return out;
}

void expect_same(const Finding& a, const Finding& b) {
  EXPECT_EQ(a.code, b.code);
  EXPECT_EQ(a.severity, b.severity);
  EXPECT_EQ(a.place, b.place);
  EXPECT_EQ(a.fr, b.fr);
  EXPECT_EQ(a.en, b.en);
  EXPECT_EQ(a.subject, b.subject);
  EXPECT_EQ(a.value, b.value);
  EXPECT_EQ(a.expected, b.expected);
  EXPECT_EQ(a.remedy, b.remedy);
}

TEST(ReportJson, ComesBackAsItWas) {
  expect_same(finding_from(to_json(full())), full());
  const Finding bare = finding("xsd.invalid", 0);
  expect_same(finding_from(to_json(bare)), bare);
  EXPECT_EQ(json::serialize(to_json(bare)),
            R"({"code":"xsd.invalid","severity":"error","fr":"faux","en":"wrong"})");
}

TEST(ReportJson, OfAReportCountsJudgesAndOrders) {
  const auto out = to_json(Report{{finding("b", 20, mandat("1", "2")), finding("a", 0, {}, Severity::info)}});
  EXPECT_FALSE(out.at("accepted").as_bool());
  EXPECT_EQ(out.at("verdict").at("fr").as_string(), "refusé : 1 erreur, 1 information");
  EXPECT_EQ(out.at("counts").at("infos").to_number<int>(), 1);
  EXPECT_EQ(out.at("findings").as_array().at(0).at("code").as_string(), "a");
  const auto back = report_from(out);
  ASSERT_EQ(back.findings.size(), 2U);
  EXPECT_EQ(back.findings[1].subject, mandat("1", "2"));
}

TEST(ReportJson, ForeignJsonIsReadAsFarAsItGoes) {
  const auto odd =
      json::parse(R"({"code":7,"severity":"grave","place":{"line":-1,"path":[]},"subject":"x"})");
  const auto out = finding_from(odd.as_object());
  EXPECT_EQ(out.code, "");
  EXPECT_EQ(out.severity, Severity::error);
  EXPECT_EQ(out.place, Place{});
  EXPECT_TRUE(report_from(json::parse(R"({"findings":{}})").as_object()).findings.empty());
  EXPECT_TRUE(report_from({}).findings.empty());
}

}  // namespace
}  // namespace demat::report
