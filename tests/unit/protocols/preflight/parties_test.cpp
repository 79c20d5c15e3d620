#include <gtest/gtest.h>

#include "pairs.hpp"

/// What the tables of cases cannot say of tiers and bank accounts.
namespace demat::preflight::test {
namespace {

constexpr std::string_view secret_nir = "2550814168025";
constexpr std::string_view secret_account = "1234567890";

TEST(PreflightTiers, AFindingSaysWhere) {
  const auto report = judged(aller(
      R"(<PES_RecetteAller><Bordereau><BlocBordereau><Exer V="2026"/><IdBord V="7"/></BlocBordereau><Piece>)"
      R"(<BlocPiece><IdPce V="41"/></BlocPiece><LigneDePiece><BlocLignePiece><InfoLignePiece>)"
      R"(<IdLigne V="3"/></InfoLignePiece></BlocLignePiece><Tiers><InfoTiers><IdTiers V="255081416802539"/>)"
      R"(<NatIdTiers V="04"/><CatTiers V="01"/></InfoTiers></Tiers></LigneDePiece></Piece></Bordereau>)"
      R"(</PES_RecetteAller>)"));
  const auto found = of(report, "pes.p19");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(
      found[0].subject,
      (Subject{.domaine = "recette", .exercice = "2026", .bordereau = "7", .piece = "41", .ligne = "3"}));
  EXPECT_TRUE(found[0].place.path.ends_with("/LigneDePiece/Tiers/InfoTiers/IdTiers")) << found[0].place.path;
}

TEST(PreflightBank, TheAccountOfOneLineIsNotThatOfTheNext) {
  const auto line = [](std::string_view number, std::string_view tiers) {
    return R"(<LigneDePiece><BlocLignePiece><InfoLignePce><IdLigne V=")" + std::string(number) +
           R"("/><ModRegl V="03"/></InfoLignePce></BlocLignePiece>)" + std::string(tiers) + "</LigneDePiece>";
  };
  constexpr std::string_view tiers =
      R"(<Tiers><CpteBancaire><IBAN V="FR7630006000011234567890189"/></CpteBancaire></Tiers>)";
  const auto found = of(judged(aller("<PES_DepenseAller><Bordereau><Piece>" + line("1", tiers) +
                                     line("2", "") + "</Piece></Bordereau></PES_DepenseAller>")),
                        "pes.p16");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].subject.ligne, "2");
}

TEST(PreflightParties, NoAccountAndNoSocialSecurityNumberIsEverShownWhole) {
  std::size_t findings = 0;
  for (const auto& cases : {tiers_cases(), banque_cases()})
    for (const auto& one : cases)
      for (const auto& finding : judged(one.text, one.options).findings)
        for (const auto* text : {&finding.fr, &finding.en, &finding.value, &finding.expected.fr}) {
          ++findings;
          EXPECT_EQ(text->find(secret_nir), std::string::npos) << finding.code << " " << *text;
          EXPECT_EQ(text->find(secret_account), std::string::npos) << finding.code << " " << *text;
        }
  EXPECT_GT(findings, 100U);
}

}  // namespace
}  // namespace demat::preflight::test
