#include "protocols/actes/classification.hpp"

#include <gtest/gtest.h>

#include "messages.hpp"
#include "protocols/actes/write.hpp"

namespace demat::actes {
namespace {

std::vector<std::string> codes_of(const std::vector<PieceType>& types) {
  std::vector<std::string> found;
  for (const auto& type : types)
    found.push_back(type.code);
  return found;
}

TEST(Classifications, KnowTheirPaths) {
  const auto classification = samples::classification();
  EXPECT_NE(classification.matiere(std::vector{7, 1, 2, 3, 4}), nullptr);
  EXPECT_NE(classification.matiere(std::vector{7, 10}), nullptr);
  for (const auto& path : {std::vector<int>{}, {8}, {7, 2}, {7, 1, 1}, {7, 1, 2, 3, 4, 5}, {1, 7}})
    EXPECT_EQ(classification.matiere(path), nullptr);
  EXPECT_EQ(classification.label(std::vector{7, 1}), "Finances locales / Décisions budgétaires");
  EXPECT_EQ(classification.label(std::vector{7, 99}), "Finances locales");
  EXPECT_EQ(classification.label(std::vector{99}), "");
}

TEST(Classifications, ComeFromA72) {
  const auto bytes = write(samples::message(Code::classification)).value();
  EXPECT_EQ(read_classification(bytes).value(), samples::classification());
}

TEST(Typologies, DependOnTheNatureAlone) {
  Classification c;
  c.natures = {
      {1, "", "DE", {{"21_RP", "B"}, {"99_SE", "S"}, {"99_AU", "A"}, {"21_DA", "A"}, {"99_DE", "D"}}},
      {6, "", "AU", {{"99_SE", "S"}, {"99_AU", "A"}}}};
  EXPECT_EQ(codes_of(c.types(1)), (std::vector<std::string>{"99_DE", "99_SE", "21_DA", "21_RP"}));
  EXPECT_EQ(codes_of(c.types(6)), (std::vector<std::string>{"99_AU", "99_SE"}));
  EXPECT_TRUE(c.allows(1, "21_RP"));
  EXPECT_FALSE(c.allows(1, "99_AU")) << "dropped since 2019 but for nature 6";
  EXPECT_TRUE(c.allows(6, "99_AU"));
  EXPECT_FALSE(c.allows(6, "21_RP"));
}

TEST(Typologies, AreThePublishedOnesWhenThe72HasNone) {
  Classification old;
  old.natures = {{5, "", "BF", {}}};
  EXPECT_EQ(codes_of(old.types(5)), (std::vector<std::string>{"99_BU", "99_SE", "70_DE"}));
  EXPECT_EQ(old.types(2).size(), 9U) << "a nature it does not name";
  EXPECT_TRUE(old.types(7).empty());
}

TEST(Typologies, OfTheActeItself) {
  const auto& builtin = builtin_classification();
  const char* const usual[] = {"99_DE", "99_AR", "99_AI", "99_DC", "99_BU", "99_AU"};
  for (int nature = 1; nature <= 6; ++nature)
    EXPECT_EQ(builtin.default_type(nature), usual[nature - 1]);
  EXPECT_EQ(builtin.default_type(12), "99_AU");
  Classification old;
  old.natures = {{2, "", "AR", {{"99_SE", "S"}, {"99_AT", "Arrêté"}}}, {4, "", "CC", {{"12_CC", "x"}}}};
  EXPECT_EQ(old.default_type(2), "99_AT");
  EXPECT_EQ(old.default_type(4), "99_DC");
}

TEST(BuiltIn, IsThePublishedList) {
  const auto& builtin = builtin_classification();
  EXPECT_TRUE(builtin.date.empty());
  ASSERT_EQ(builtin.natures.size(), 6U);
  const std::size_t sizes[] = {18, 9, 36, 47, 3, 2};
  std::size_t all = 0;
  for (const auto& nature : builtin.natures) {
    EXPECT_EQ(nature.types.size(), sizes[nature.code - 1]) << nature.code;
    EXPECT_TRUE(builtin.allows(nature.code, "99_SE"));
    all += nature.types.size();
  }
  EXPECT_EQ(all, 115U) << "as in the classification of 2019-03-01";
  EXPECT_EQ(builtin.matieres.size(), 9U);
  EXPECT_NE(builtin.matiere(std::vector{7, 10}), nullptr);
  EXPECT_EQ(builtin.label(std::vector{1, 1}), "Commande publique / Marchés publics");
}

TEST(AuthorityNatures, HaveLabels) {
  EXPECT_EQ(authority_nature_label("31"), "commune");
  EXPECT_EQ(authority_nature_label("02"), "");
}

TEST(MatierePaths, AreIntegersJoinedByDots) {
  EXPECT_EQ(parse_matieres("7.1"), (std::vector{7, 1}));
  EXPECT_EQ(parse_matieres("7.10.3.4.5"), (std::vector{7, 10, 3, 4, 5}));
  for (const auto* text : {"", ".", "7.", ".1", "7..1", "7,1", "7.1a", "-7.1", "1.2.3.4.5.6", "99999999999"})
    EXPECT_FALSE(parse_matieres(text)) << text;
}

}  // namespace
}  // namespace demat::actes
