#include <gtest/gtest.h>

#include <set>

#include "protocols/preflight/preflight.hpp"

namespace demat::preflight {
namespace {

TEST(AllRules, AreFoundByNameAndByCodeInAnyCase) {
  const auto* const rule = find_rule("P2");
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->code, "pes.p2");
  EXPECT_EQ(find_rule("pes.P2"), rule);
  EXPECT_EQ(find_rule("p2"), rule);
  EXPECT_EQ(find_rule("P999"), nullptr);
  EXPECT_EQ(find_rule(""), nullptr);
}

TEST(AllRules, BeginWithThoseTheReferencesNumber) {
  const auto all = all_rules();
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.front()->name, "P1");
}

/// P27 stands for the rules of contracts, which have codes of their own.
TEST(AllRules, HaveEveryNumberOfTheReferences) {
  constexpr int last = 26;
  for (int number = 1; number <= last; ++number)
    EXPECT_NE(find_rule("P" + std::to_string(number)), nullptr) << number;
}

bool mentions(std::string_view text, std::string_view mark) {
  return text.find(mark) != std::string_view::npos;
}

TEST(AllRules, AreWellWritten) {
  std::set<std::string_view> codes;
  std::set<std::string_view> names;
  for (const auto* const rule : all_rules()) {
    EXPECT_TRUE(codes.insert(rule->code).second) << rule->code;
    EXPECT_TRUE(names.insert(rule->name).second) << rule->name;
    for (const auto text :
         {rule->source, rule->title_fr, rule->title_en, rule->fr, rule->en, rule->remedy_fr, rule->remedy_en})
      EXPECT_FALSE(text.empty()) << rule->code;
    for (const std::string_view mark : {"{value}", "{expected}"})
      EXPECT_EQ(mentions(rule->fr, mark), mentions(rule->en, mark)) << rule->code << " " << mark;
  }
}

}  // namespace
}  // namespace demat::preflight
