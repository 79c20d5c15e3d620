#include "protocols/pes/labels.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "tests/support/shared.hpp"

namespace demat::pes {
namespace {

TEST(LabelsTest, EveryListHasDistinctCodesAndTwoTexts) {
  for (int i = 0; i <= static_cast<int>(CodeList::rejet_asap_mail); ++i) {
    std::set<std::string_view> codes;
    const auto rows = labels(static_cast<CodeList>(i));
    ASSERT_FALSE(rows.empty()) << "list " << i;
    for (const auto& row : rows) {
      EXPECT_TRUE(codes.insert(row.code).second) << "list " << i << ", " << row.code;
      EXPECT_FALSE(row.fr.empty() || row.en.empty()) << "list " << i << ", " << row.code;
    }
  }
}

TEST(LabelsTest, DepenseAndRecetteAreNotMixed) {
  EXPECT_EQ(label_of(CodeList::mod_regl_depense, "10")->en, "direct debit");
  EXPECT_EQ(label_of(CodeList::mod_regl_recette, "08")->en, "direct debit");
  EXPECT_EQ(label_of(CodeList::mod_regl_recette, "19"), nullptr);
  EXPECT_EQ(label_of(CodeList::etat_piece_depense, "05")->en, "settled");
  EXPECT_EQ(label_of(CodeList::etat_piece_recette, "05")->en, "cancelled");
}

TEST(LabelsTest, CategoriesOfTiersDependOnThePack) {
  EXPECT_EQ(label_of(CodeList::cat_tiers, "60", "5.17")->en, "private legal person");
  EXPECT_EQ(label_of(CodeList::cat_tiers, "60", "5.11")->en, "private legal person");
  EXPECT_EQ(label_of(CodeList::cat_tiers, "60", "5.30")->en, "social security, general scheme");
  EXPECT_EQ(label_of(CodeList::cat_tiers, "60")->en, "social security, general scheme");
  EXPECT_EQ(label_of(CodeList::cat_tiers, "23", "5.17")->fr, label_of(CodeList::cat_tiers, "23")->fr);
}

TEST(LabelsTest, UnknownCodesStayAsTheyAre) {
  EXPECT_EQ(labelled(CodeList::typ_bord_depense, "02"), "02 annulation ou réduction");
  EXPECT_EQ(labelled_en(CodeList::typ_bord_depense, "02"), "02 cancellation or reduction");
  EXPECT_EQ(labelled(CodeList::typ_bord_depense, "88"), "88");
  EXPECT_EQ(labelled(CodeList::typ_bord_depense, ""), "");
}

struct Listed {
  const char* path;
  CodeList list;
};

/// The model of the schemas has no code that we have no words for.
TEST(LabelsTest, EveryCodeOfTheSchemasHasALabel) {
  const auto shared = samples::shared_folder(DEMAT_SOURCE_DIR);
  if (!shared) GTEST_SKIP() << "no shared folder";
  const auto model = *shared / "model";
  const std::vector<Listed> wanted{
      {"PES_DepenseAller/Bordereau/BlocBordereau/TypBord", CodeList::typ_bord_depense},
      {"PES_RecetteAller/Bordereau/BlocBordereau/TypBord", CodeList::typ_bord_recette},
      {"PES_DepenseAller/Bordereau/Piece/BlocPiece/InfoPce/TypPce", CodeList::typ_pce_depense},
      {"PES_RecetteAller/Bordereau/Piece/BlocPiece/TypPce", CodeList::typ_pce_recette},
      {"PES_DepenseAller/Bordereau/Piece/BlocPiece/InfoPce/NatPce", CodeList::nat_pce_depense},
      {"PES_RecetteAller/Bordereau/Piece/BlocPiece/NatPce", CodeList::nat_pce_recette},
      {"PES_DepenseRetour/Bordereau/Piece/InfoPiece/NatPce", CodeList::nat_pce_depense},
      {"PES_DepenseRetour/Bordereau/Piece/InfoPiece/TypPce", CodeList::typ_pce_depense},
      {"PES_DepenseRetour/Bordereau/Piece/InfoPiece/EtatPce", CodeList::etat_piece_depense},
      {"PES_RecetteRetour/Bordereau/Piece/BlocPiece/EtatPce", CodeList::etat_piece_recette},
      {"PES_RecetteRetour/Bordereau/BlocBordereau/TypBord", CodeList::typ_bord_recette},
      {"InfoLignePce/ModRegl", CodeList::mod_regl_depense},
      {"Recouvrement/ModRegl", CodeList::mod_regl_recette},
      {"BlocPiece/Edition", CodeList::edition},
      {"PES_PJ/PJ/TypePJ", CodeList::type_pj},
      {"PES_Facture/TypeFact", CodeList::type_fact},
      {"PES_RecetteAller/Bordereau/Piece/LigneDePiece/Tiers/InfoTiers/CatTiers", CodeList::cat_tiers},
      {"PES_RecetteAller/Bordereau/Piece/LigneDePiece/Tiers/InfoTiers/TypTiers", CodeList::typ_tiers},
      {"InfoTiers/NatIdTiers", CodeList::nat_id_tiers},
      {"InfoTiers/NatJur", CodeList::nat_jur},
      {"Marche/NatureMarche", CodeList::nature_marche},
      {"PaiementEmargement/OrgEma", CodeList::emargement_depense},
      {"EncaissementEmargement/OrgEma", CodeList::emargement_recette}};
  std::set<std::string> met;
  for (const char* name : {"pes_aller_v5.30.tsv", "pes_aller_v5.17.tsv", "pes_retour_v5.30.tsv"}) {
    std::ifstream in(model / name);
    for (std::string line; std::getline(in, line);) {
      const std::string path = line.substr(0, line.find('\t'));
      const auto begin = line.find("enum {");
      if (begin == line.npos) continue;
      std::string codes = line.substr(begin + 6, line.find('}', begin) - begin - 6);
      for (const auto& one : wanted) {
        if (!path.ends_with(one.path)) continue;
        met.insert(one.path);
        std::istringstream split(codes);
        for (std::string code; std::getline(split, code, ',');)
          EXPECT_NE(label_of(one.list, code), nullptr) << path << " " << code;
      }
    }
  }
  EXPECT_EQ(met.size(), wanted.size());
}

}  // namespace
}  // namespace demat::pes
