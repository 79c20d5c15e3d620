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

/// The number of a person where that of a company belongs: the case that breaks the rules of shape and key.
TEST(PreflightParties, ASocialSecurityNumberIsHiddenUnderWhateverNatureItStands) {
  for (const std::string_view number : {"185027800608436", "1850278006084", "1 85 02 78 006 084 36"})
    for (const std::string_view nature : {"01", "02", "03", "05", "06", "07", "08", "10"})
      for (const std::string_view category : {"01", "20"}) {
        const auto tiers = "<InfoTiers><IdTiers V=\"" + std::string(number) + "\"/><NatIdTiers V=\"" +
                           std::string(nature) + "\"/><CatTiers V=\"" + std::string(category) +
                           "\"/></InfoTiers>";
        const auto report = judged(
            aller("<PES_DepenseAller><Bordereau><Piece><LigneDePiece><Tiers>" + tiers +
                  "</Tiers></LigneDePiece></Piece></Bordereau></PES_DepenseAller><PES_Facture><TypeFact "
                  "V=\"12\"/><FactureIndiv><DossierFElectronique><Acheteur><IdentifiantSIRET V=\"" +
                  std::string(number) + "\"/></Acheteur></DossierFElectronique><Debiteur>" + tiers +
                  "</Debiteur></FactureIndiv></PES_Facture>"));
        EXPECT_FALSE(of(report, "pes.facture.siret").empty());
        for (const auto& finding : report.findings)
          for (const auto* text : {&finding.fr, &finding.en, &finding.value})
            EXPECT_EQ(text->find(number), std::string::npos) << finding.code << " " << nature << " " << *text;
      }
}

TEST(PreflightParties, TheNumberOfACompanyIsShown) {
  const auto report =
      judged(aller("<PES_DepenseAller><Bordereau><Piece><LigneDePiece><Tiers><InfoTiers><IdTiers "
                   "V=\"73282932000075\"/><NatIdTiers V=\"01\"/><CatTiers V=\"20\"/></InfoTiers></Tiers>"
                   "</LigneDePiece></Piece></Bordereau></PES_DepenseAller>"));
  ASSERT_EQ(of(report, "pes.p19").size(), 1U);
  EXPECT_EQ(of(report, "pes.p19")[0].value, "73282932000075");
}

}  // namespace
}  // namespace demat::preflight::test
