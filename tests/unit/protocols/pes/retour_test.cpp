#include "protocols/pes/retour.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "documents.hpp"

namespace demat::pes {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::Pair;
using testing::SizeIs;

std::string retour_document(std::string_view domains) {
  return document("PES_Retour", retour_ns,
                  enveloppe("PES2R_DEP_P") +
                      "<EnTetePES><IdColl V=\"21340000700011\"/><CodColl V=\"710\"/></EnTetePES>" +
                      std::string(domains));
}

std::string piece(std::string_view block, std::string_view number, std::string_view state,
                  std::string_view more = {}, std::string_view line = {}) {
  return "<Piece><" + std::string(block) + "><IdPce V=\"" + std::string(number) + "\"/><EtatPce V=\"" +
         std::string(state) + "\"/>" + std::string(more) + "</" + std::string(block) +
         "><LigneDePiece><BlocLignePiece><InfoLignePiece>" + std::string(line) +
         "</InfoLignePiece></BlocLignePiece></LigneDePiece></Piece>";
}

std::string bordereau_of(std::string_view number, std::string_view pieces) {
  return "<Bordereau><BlocBordereau><Exer V=\"2026\"/><IdBord V=\"" + std::string(number) +
         "\"/></BlocBordereau>" + std::string(pieces) + "</Bordereau>";
}

TEST(DecodeRetour, TellsWhatBecameOfEachPiece) {
  const auto text = retour_document(
      "<PES_DepenseRetour><EnTeteDepense><TypRestit V=\"02\"/></EnTeteDepense>" +
      bordereau_of("12",
                   piece("InfoPiece", "20", "04", "<ObsEtat V=\"04\"/><Commentaire V=\"Montant à revoir\"/>",
                         "<ObsEtat V=\"01\"/>") +
                       piece("InfoPiece", "21", "01", "", "<ObsEtat V=\"02\"/><Commentaire V=\"PJ\"/>")) +
      "</PES_DepenseRetour><PES_RecetteRetour>" + bordereau_of("5", piece("BlocPiece", "7", "02")) +
      "</PES_RecetteRetour><PES_ClientRetour><Client><RefTiers "
      "V=\"x\"/></Client><Client/></PES_ClientRetour>");
  const auto utf8 = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + text.substr(declaration.size());
  const auto retour = decode_retour(xml::MemorySource(utf8));
  ASSERT_TRUE(retour) << retour.error().detail;
  EXPECT_EQ(retour->header.kind, Kind::retour);
  EXPECT_EQ(retour->header.id_coll, "21340000700011");
  EXPECT_EQ(retour->header.cod_col, "710");
  EXPECT_EQ(retour->header.nom_fic.str(), "PES2R_DEP_P");
  EXPECT_EQ(retour->typ_restit, "02");
  EXPECT_THAT(retour->domaines, ElementsAre("PES_DepenseRetour", "PES_RecetteRetour", "PES_ClientRetour"));
  EXPECT_EQ(retour->clients, 2U);
  EXPECT_EQ(retour->pieces_total, 3U);
  ASSERT_THAT(retour->pieces, SizeIs(3));
  const auto& rejected = retour->pieces[0];
  EXPECT_EQ(rejected.domaine, "depense");
  EXPECT_EQ(rejected.exercice, "2026");
  EXPECT_EQ(rejected.bordereau, "12");
  EXPECT_EQ(rejected.piece, "20");
  EXPECT_EQ(rejected.etat, "04");
  EXPECT_EQ(rejected.motif, "04");
  EXPECT_EQ(rejected.commentaire, "Montant à revoir");
  EXPECT_EQ(retour->pieces[1].motif, "02") << "the line's reason stands for the piece's";
  EXPECT_EQ(retour->pieces[2].domaine, "recette");
  EXPECT_EQ(retour->pieces[2].bordereau, "5");
  EXPECT_THAT(retour->par_etat, ElementsAre(Pair("01", 1), Pair("02", 1), Pair("04", 1)));
}

TEST(DecodeRetour, BoundsItsListAndCountsTheRest) {
  std::string pieces;
  for (std::size_t i = 0; i < max_retour_pieces + 5; ++i)
    pieces += piece("InfoPiece", "1", "02");
  const auto text =
      retour_document("<PES_DepenseRetour>" + bordereau_of("1", pieces) + "</PES_DepenseRetour>");
  const auto retour = decode_retour(xml::MemorySource(text));
  ASSERT_TRUE(retour) << retour.error().detail;
  EXPECT_THAT(retour->pieces, SizeIs(max_retour_pieces));
  EXPECT_EQ(retour->pieces_total, max_retour_pieces + 5);
  EXPECT_EQ(retour->par_etat.at("02"), max_retour_pieces + 5);
}

TEST(DecodeRetour, RefusesWhatIsNotAReturn) {
  for (const auto& text : {std::string("x"), aller(pj_domain()), retour_document("<PES_DepenseRetour>")}) {
    const auto retour = decode_retour(xml::MemorySource(text));
    ASSERT_FALSE(retour) << text;
    EXPECT_EQ(retour.error().code, "retour.unreadable");
  }
}

TEST(EtatPiece, HasLabels) {
  EXPECT_EQ(etat_piece_label("04"), "rejetée");
  EXPECT_EQ(etat_piece_label_en("04"), "rejected");
  EXPECT_EQ(etat_piece_label("03"), "");
}

}  // namespace
}  // namespace demat::pes
