#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "documents.hpp"
#include "protocols/pes/retour.hpp"
#include "protocols/pes/retour_codes.hpp"

namespace demat::pes {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::SizeIs;

std::string leaf(std::string_view name, std::string_view value) {
  return "<" + std::string(name) + " V=\"" + std::string(value) + "\"/>";
}
std::string within(std::string_view name, std::string_view content) {
  return "<" + std::string(name) + ">" + std::string(content) + "</" + std::string(name) + ">";
}

std::string retour_of(std::string_view domains) {
  return document("PES_Retour", retour_ns,
                  "<Enveloppe><Parametres><TypFic V=\"PES2R_DEP\"/><NomFic V=\"R1\"/></Parametres>"
                  "<Emetteur><Sigle V=\"HELIOS\"/></Emetteur>"
                  "<Recepteur><Sigle V=\"VALJOIE\"/><Adresse V=\"1 place\"/></Recepteur></Enveloppe>"
                  "<EnTetePES><IdColl V=\"21340000700011\"/><CodColl V=\"710\"/></EnTetePES>" +
                      std::string(domains));
}

/// Everything, as it came.
struct Everything final : RetourSink {
  std::vector<RetourPiece> pieces;
  std::vector<RetourClient> clients;
  std::vector<RetourAsap> asaps;
  std::size_t enough = 1'000'000;
  void piece(RetourPiece piece) override { pieces.push_back(std::move(piece)); }
  void client(RetourClient client) override { clients.push_back(std::move(client)); }
  void asap(RetourAsap asap) override { asaps.push_back(std::move(asap)); }
  [[nodiscard]] bool wants_more() const override { return pieces.size() < enough; }
};

Retour read(const std::string& text, Everything& into, const RetourBounds& bounds = {}) {
  auto retour = read_retour(xml::MemorySource(text), into, bounds);
  if (!retour) throw std::runtime_error(retour.error().detail);
  return std::move(*retour);
}

std::string bordereau(std::string_view pieces) {
  return within("Bordereau",
                within("BlocBordereau", leaf("Exer", "2026") + leaf("IdBord", "12") + leaf("TypBord", "01")) +
                    std::string(pieces));
}

std::string mandat_ligne(std::string_view number, std::string_view more = {}, std::string_view after = {}) {
  return within(
      "LigneDePiece",
      within("BlocLignePiece", within("InfoLignePiece", leaf("IdLigne", number) + leaf("EtatLigPce", "01") +
                                                            leaf("MtHT", "100.00") + std::string(more))) +
          std::string(after));
}

TEST(ReadRetour, AMandatToItsPayments) {
  const auto ligne =
      within("LigneDePiece",
             within("BlocLignePiece",
                    within("InfoLignePiece", leaf("IdLigne", "1") + leaf("EtatLigPce", "15") +
                                                 leaf("ObsEtat", "09-02") + leaf("Commentaire", "RIB") +
                                                 leaf("MtHT", "120.50") + leaf("MtTVA", "24.10") +
                                                 leaf("CessOpp", "02")) +
                        within("InfoPaiement", leaf("NbrPay", "2") + leaf("MtPayTot", "144.60")) +
                        within("LiensIdent", leaf("IdMarche", "2025M1"))) +
                 within("Tiers", within("InfoTiers", leaf("RefTiers", "T-7") + leaf("Nom", "X"))) +
                 within("PaiementEmargement",
                        leaf("OrgEma", "01") + leaf("DtePay", "2026-02-01") + leaf("MtPay", "100")) +
                 within("PaiementEmargement",
                        leaf("OrgEma", "03") + leaf("DtePay", "2026-02-02") + leaf("MtPay", "44.60")));
  const auto info = leaf("IdPce", "20") + leaf("TypPce", "01") + leaf("NatPce", "02") +
                    leaf("Obj", "Travaux") + leaf("DtePcePec", "2026-01-20") + leaf("EtatPce", "05");
  Everything all;
  const auto retour = read(
      retour_of(within("PES_DepenseRetour", within("EnTeteDepense", leaf("TypRestit", "02")) +
                                                bordereau(within("Piece", within("InfoPiece", info) + ligne +
                                                                              mandat_ligne("2"))))),
      all);
  EXPECT_EQ(retour.recepteur_sigle, "VALJOIE");
  EXPECT_EQ(retour.recepteur_adresse, "1 place");
  EXPECT_EQ(retour.restitutions.at("PES_DepenseRetour"), "02");
  EXPECT_EQ(retour.lignes_total, 2U);
  ASSERT_THAT(all.pieces, SizeIs(1));
  const auto& piece = all.pieces.front();
  EXPECT_EQ(piece.exercice + "/" + piece.bordereau + "/" + piece.typ_bord + "/" + piece.piece,
            "2026/12/01/20");
  EXPECT_EQ(piece.objet, "Travaux");
  EXPECT_EQ(piece.date_pec, "2026-01-20");
  EXPECT_EQ(piece.etat, "05");
  EXPECT_EQ(piece.motif, "09-02");
  ASSERT_THAT(piece.lignes, SizeIs(2));
  const auto& first = piece.lignes.front();
  EXPECT_EQ(first.etat, "15");
  EXPECT_EQ(first.commentaire, "RIB");
  EXPECT_EQ(first.mt_ht + " " + first.mt_tva + " " + first.total_paiements, "120.50 24.10 144.60");
  EXPECT_EQ(first.nombre_paiements, "2");
  EXPECT_EQ(first.cession, "02");
  EXPECT_EQ(first.id_marche, "2025M1");
  EXPECT_EQ(first.ref_tiers, "T-7");
  ASSERT_THAT(first.paiements, SizeIs(2));
  EXPECT_EQ(first.paiements[1].origine + " " + first.paiements[1].date + " " + first.paiements[1].montant,
            "03 2026-02-02 44.60");
}

TEST(ReadRetour, ATitreToItsCollectionsAndWhatRemains) {
  const auto ligne = within(
      "LigneDePiece",
      within(
          "BlocLignePiece",
          within("InfoLignePiece", leaf("IdLigne", "1") + leaf("EtatLigPce", "04") + leaf("MtHT", "80.00")) +
              within("InfoRecouvrement", leaf("NbrReco", "1") + leaf("MtRecoTot", "30.00")) +
              within("InfoEcheancier", leaf("DteDerPai", "2026-01-02") + leaf("NbrePaiRest", "3")) +
              within("InfoSuspPour", leaf("CodeSuspPour", "13") + leaf("DteSuspPour", "2026-03-01")) +
              within("InfoContentieux", leaf("SldPrinc", "50.00") + leaf("SldFrais", "5.00")) +
              within("InfoAmiableContentieux", leaf("EtapePce", "17") + leaf("DteEtapePce", "2026-02-03"))) +
          within("EncaissementEmargement",
                 leaf("OrgEma", "10") + leaf("DteReco", "2026-02-04") + leaf("MtReco", "30.00")));
  const auto global =
      within("Bordereau",
             within("BordereauORMCGlobal", leaf("Exer", "2025") + leaf("IdBord", "900") +
                                               leaf("MtTTC", "12345.67") + leaf("DtePec", "2026-01-09")));
  Everything all;
  const auto retour = read(
      retour_of(within(
          "PES_RecetteRetour",
          within("EnTeteRecette", leaf("TypRestit", "03")) +
              bordereau(within("Piece", within("BlocPiece", leaf("IdPce", "7") + leaf("EtatPce", "03") +
                                                                within("InfoORMC", leaf("NumDette", "D1"))) +
                                            ligne)) +
              global)),
      all);
  ASSERT_THAT(all.pieces, SizeIs(2));
  const auto& titre = all.pieces[0];
  EXPECT_EQ(titre.domaine, "recette");
  EXPECT_EQ(titre.numero_dette, "D1");
  const auto& line = titre.lignes.at(0);
  EXPECT_EQ(line.total_paiements, "30.00");
  EXPECT_EQ(line.echeances_restant, "3");
  EXPECT_EQ(line.suspension + " " + line.date_suspension, "13 2026-03-01");
  EXPECT_EQ(line.reste_principal + " " + line.reste_frais, "50.00 5.00");
  EXPECT_EQ(line.etape + " " + line.date_etape, "17 2026-02-03");
  EXPECT_EQ(line.paiements.at(0).date, "2026-02-04");
  EXPECT_TRUE(all.pieces[1].global);
  EXPECT_EQ(all.pieces[1].exercice + "/" + all.pieces[1].bordereau + " " + all.pieces[1].mt_ttc,
            "2025/900 12345.67");
  EXPECT_EQ(all.pieces[1].date_pec, "2026-01-09");
  EXPECT_EQ(retour.pieces_total, 1U) << "a bordereau is no piece";
  EXPECT_EQ((retour.par_domaine_et_etat.at({"recette", "03"})), 1U);
}

TEST(ReadRetour, ClientsAndAsap) {
  const auto reste = [](std::string_view rar) {
    return within("ResteARecouvrer", leaf("CodProdLoc", "EAU") + leaf("Rar", rar) + leaf("RarFrais", "1.00"));
  };
  Everything all;
  const auto retour = read(
      retour_of(
          within("PES_ClientRetour", within("EnTeteClient", leaf("DateCalcul", "2026-01-01")) +
                                         within("Client", leaf("RefTiers", "C1") + reste("10.00") +
                                                              reste("20.00") + reste("30.00")) +
                                         within("Client", leaf("RefTiers", "C2"))) +
          within(
              "PES_AsapRetour",
              within("EnTeteAsap", leaf("IdVer", "1")) +
                  within("Asap", leaf("IdUniquePJASAP", "A1") + leaf("Exer", "2026") + leaf("IdBord", "3") +
                                     leaf("IdPce", "9") + leaf("EtatPJComplt", "02") +
                                     within("Postalisation", leaf("DatePostalisation", "2026-02-01"))) +
                  within("Asap", leaf("IdUniquePJASAP", "A2") +
                                     within("Rejet", leaf("DateRejet", "2026-02-02") +
                                                         leaf("MotifRejetNotificationParMail", "02"))))),
      all, {.paiements = 2});
  EXPECT_EQ(retour.clients, 2U);
  EXPECT_EQ(retour.asaps, 2U);
  ASSERT_THAT(all.clients, SizeIs(2));
  EXPECT_EQ(all.clients[0].ref_tiers, "C1");
  ASSERT_THAT(all.clients[0].restes, SizeIs(2)) << "bounded";
  EXPECT_EQ(all.clients[0].restes_total, 3U);
  EXPECT_EQ(all.clients[0].restes[1].rar, "20.00");
  EXPECT_EQ(all.clients[1].restes_total, 0U);
  ASSERT_THAT(all.asaps, SizeIs(2));
  EXPECT_EQ(all.asaps[0].exercice + "/" + all.asaps[0].bordereau + "/" + all.asaps[0].piece, "2026/3/9");
  EXPECT_EQ(all.asaps[0].date_postalisation, "2026-02-01");
  EXPECT_EQ(all.asaps[1].motif_mail + " " + all.asaps[1].date_rejet, "02 2026-02-02");
}

TEST(ReadRetour, KeepsNoMoreOfAPieceThanAsked) {
  std::string lignes;
  for (int i = 1; i <= 9; ++i)
    lignes += mandat_ligne(std::to_string(i));
  const auto text = retour_of(within(
      "PES_DepenseRetour", bordereau(within("Piece", within("InfoPiece", leaf("IdPce", "20")) + lignes))));
  Everything all;
  read(text, all, {.first_ligne = 4, .lignes = 3});
  ASSERT_THAT(all.pieces.at(0).lignes, SizeIs(3));
  EXPECT_EQ(all.pieces[0].lignes[0].ligne, "5");
  EXPECT_EQ(all.pieces[0].lignes_total, 9U);
}

TEST(ReadRetour, StopsWhenTheSinkHasEnough) {
  std::string pieces;
  for (int i = 1; i <= 50; ++i)
    pieces += within("Piece", within("InfoPiece", leaf("IdPce", std::to_string(i))));
  Everything all;
  all.enough = 3;
  read(retour_of(within("PES_DepenseRetour", bordereau(pieces))) + "<", all);
  EXPECT_LT(all.pieces.size(), 50U);
  EXPECT_GE(all.pieces.size(), 3U);
}

TEST(ReadRetour, CutsValuesBetweenCharacters) {
  std::string words = "a";
  for (std::size_t i = 0; i < max_retour_value; ++i)
    words += "\xC3\xA9";
  auto text = retour_of(within(
      "PES_DepenseRetour",
      bordereau(within("Piece", within("InfoPiece", leaf("IdPce", "1") + leaf("Commentaire", words))))));
  text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + text.substr(declaration.size());
  Everything all;
  read(text, all);
  EXPECT_EQ(all.pieces.at(0).commentaire.size(), max_retour_value - 1);
}

TEST(RetourWords, DifferByDomain) {
  EXPECT_EQ(retour_words(RetourTable::etat_piece, "depense", "05").fr, "soldée");
  EXPECT_EQ(retour_words(RetourTable::etat_piece, "recette", "05").en, "cancelled");
  EXPECT_EQ(retour_words(RetourTable::etat_ligne, "depense", "02").en, "rejected");
  EXPECT_EQ(retour_words(RetourTable::etat_ligne, "recette", "02").en, "cancelled");
  EXPECT_EQ(retour_words(RetourTable::motif, "depense", "47").fr, "");
  EXPECT_EQ(retour_words(RetourTable::etat_piece, "depense", "03").fr, "");
}

TEST(RetourWords, KnowsEveryReasonOfARecette) {
  for (int code = 1; code <= 47; ++code) {
    const std::string text = (code < 10 ? "0" : "") + std::to_string(code);
    const auto words = retour_words(RetourTable::motif, "recette", text);
    EXPECT_FALSE(words.fr.empty()) << text;
    EXPECT_FALSE(words.en.empty()) << text;
  }
}

TEST(MotifOf, TakesCodesFromFreeText) {
  struct Case {
    std::string_view text;
    std::vector<std::string> codes;
    std::string_view rest;
  };
  for (const auto& c : std::vector<Case>{{"12", {"12"}, ""},
                                         {"01-03", {"01", "03"}, ""},
                                         {"04 - à revoir", {"04"}, "à revoir"},
                                         {"2026 est clos", {}, "2026 est clos"},
                                         {"", {}, ""},
                                         {"99", {"99"}, ""}}) {
    const auto motif = motif_of(c.text);
    EXPECT_EQ(motif.codes, c.codes) << c.text;
    EXPECT_EQ(motif.text, c.rest) << c.text;
  }
  EXPECT_EQ(motif_words("depense", "01-99").en, "supporting documents missing or not valid; 99");
}

}  // namespace
}  // namespace demat::pes
