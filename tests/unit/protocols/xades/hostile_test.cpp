// Every hostile file has the outcome that docs/signatures.md promises, by each road that leads to a verdict.

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <set>

#include "hostile_kit.hpp"
#include "protocols/base/byte_source.hpp"
#include "protocols/xml/parser.hpp"

using namespace demat;
using namespace demat::test::hostile;

namespace {

class Hostile : public testing::TestWithParam<Case> {};

TEST_P(Hostile, HasThePromisedOutcome) {
  const auto& one = GetParam();
  const auto bytes = one.file({});
  const auto document = xml::parse(bytes);
  const MemorySource source(bytes);
  const auto lean = xml::parse_lean(source);
  ASSERT_EQ(document.has_value(), lean.has_value()) << "the roads differ";
  ASSERT_EQ(!document, one.outcome == Outcome::unreadable)
      << (document ? "it is read" : document.error().code + ": " + document.error().detail);
  if (!document) {
    EXPECT_EQ(document.error().code, one.code);
    EXPECT_EQ(lean.error().code, one.code);
    return;
  }
  const auto begin = std::clock();
  for (const auto engine : {xades::Engine::own, xades::Engine::xmlsec}) {
    const auto report = xades::verify_pes(*document, options(engine));
    ASSERT_TRUE(report) << report.error().code;
    EXPECT_EQ(difference(one, *report), "") << (engine == xades::Engine::own ? "own" : "xmlsec");
  }
  const auto from_source = xades::verify_pes(*lean, options(xades::Engine::own));
  ASSERT_TRUE(from_source);
  EXPECT_EQ(difference(one, *from_source), "") << "lean";
  // Far above what linear work takes, far below what a product of two lengths would.
  constexpr double seconds = 20;
  EXPECT_LT(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, seconds);
}

class Deceiving : public testing::TestWithParam<Case> {};

TEST_P(Deceiving, IsAcceptedByTheStockVerifier) {
  const auto& one = GetParam();
  if (!test::has_tool("xmlsec1")) GTEST_SKIP() << "xmlsec1 is not installed";
  const test::TemporaryFolder folder;
  const auto file = folder.write("file.xml", one.file({}));
  const auto ran =
      test::run("xmlsec1 --verify --insecure --id-attr:Id Bordereau --id-attr:Id PES_Aller " + file.string());
  EXPECT_EQ(ran.code, 0) << ran.output;
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  return std::string(info.param.number) + "_" + info.param.name;
}

std::vector<Case> deceiving_cases() {
  auto cases = all_cases();
  std::erase_if(cases, [](const Case& one) { return one.stock != Stock::fooled; });
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Files, Hostile, testing::ValuesIn(all_cases()), name_of);
INSTANTIATE_TEST_SUITE_P(Files, Deceiving, testing::ValuesIn(deceiving_cases()), name_of);

TEST(HostileTable, NumbersEachCaseOnce) {
  std::set<std::string> numbers;
  std::set<std::string> names;
  for (const auto& one : all_cases()) {
    EXPECT_TRUE(numbers.insert(one.number).second) << one.number;
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
  }
}

}  // namespace
