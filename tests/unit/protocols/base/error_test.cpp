#include "protocols/base/error.hpp"

#include <gtest/gtest.h>

#include "protocols/base/finding.hpp"
#include "protocols/base/result.hpp"

namespace demat {
namespace {

TEST(Error, TheOutlookIsThatOfItsMaker) {
  const auto permanent = permanent_error("a.b", "non", "no", "detail");
  EXPECT_EQ(permanent.outlook, Outlook::permanent);
  EXPECT_EQ(permanent.code, "a.b");
  EXPECT_EQ(permanent.fr, "non");
  EXPECT_EQ(permanent.en, "no");
  EXPECT_EQ(permanent.detail, "detail");
  EXPECT_EQ(permanent.place, Place{});
  EXPECT_EQ(waiting_error("a.b", "", "").outlook, Outlook::waiting);
}

TEST(Error, TravelsInAResult) {
  const Result<int> good = 3;
  EXPECT_EQ(good.value(), 3);
  const Result<int> bad = failure(permanent_error("a.b", "", ""));
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, "a.b");
}

TEST(Report, OnlyErrorsRefuse) {
  Report report;
  EXPECT_FALSE(report.refused());
  report.add({"a", Severity::info, {}, "", ""});
  report.add({"b", Severity::warning, {}, "", ""});
  EXPECT_FALSE(report.refused());
  Report more;
  more.add({"c", Severity::error, {}, "", ""});
  report.append(std::move(more));
  EXPECT_TRUE(report.refused());
  ASSERT_EQ(report.findings.size(), 3U);
  EXPECT_EQ(report.findings.back().code, "c");
}

TEST(Report, SeveritiesHaveStableNames) {
  EXPECT_STREQ(to_string(Severity::info), "info");
  EXPECT_STREQ(to_string(Severity::warning), "warning");
  EXPECT_STREQ(to_string(Severity::error), "error");
}

}  // namespace
}  // namespace demat
