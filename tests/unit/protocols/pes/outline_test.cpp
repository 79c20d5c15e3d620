#include "protocols/pes/outline.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "documents.hpp"
#include "protocols/base/digest.hpp"
#include "tests/support/pes_samples.hpp"
#include "tests/support/shared.hpp"

/// A document told part by part.
namespace demat::pes {
namespace {

/// Keeps what it is told, and that parts are well nested.
class Kept final : public OutlineSink {
 public:
  void open(const Part& part) override { open_.push_back(part.kind); }
  void close(const Part& part) override {
    ASSERT_FALSE(open_.empty());
    EXPECT_EQ(open_.back(), part.kind) << "closed as it was opened";
    open_.pop_back();
    parts.push_back(part);
  }
  void begin_content() override { contents.emplace_back(); }
  Status content(std::string_view bytes) override {
    contents.back() += bytes;
    return {};
  }
  [[nodiscard]] std::vector<const Part*> of(PartKind kind) const {
    std::vector<const Part*> out;
    for (const auto& part : parts)
      if (part.kind == kind) out.push_back(&part);
    return out;
  }
  [[nodiscard]] bool whole() const { return open_.empty(); }

  std::vector<Part> parts;
  std::vector<std::string> contents;

 private:
  std::vector<PartKind> open_;
};

Kept read(const std::string& text, const OutlineOptions& options = {}) {
  Kept out;
  const auto status = read_outline(MemorySource(text), out, options);
  EXPECT_TRUE(status.has_value()) << (status ? "" : status.error().en);
  EXPECT_TRUE(out.whole());
  return out;
}

TEST(OutlineTest, AFlowIsToldFromTheHeaderToItsSums) {
  samples::FlowShape shape;
  shape.bordereaux = 2;
  shape.pieces = 3;
  shape.lignes = 2;
  const auto kept = read(samples::depense({}, shape));
  const auto document = kept.of(PartKind::document);
  ASSERT_EQ(document.size(), 1U);
  EXPECT_EQ((*document[0])["nom_fic"], "EXEMPLE-0001");
  EXPECT_EQ((*document[0])["libelle"], "Commune d'Exempleville-lès-Hêtres");
  EXPECT_EQ(document[0]->sums.bordereaux, 2U);
  EXPECT_EQ(document[0]->sums.pieces, 6U);
  EXPECT_EQ(document[0]->sums.lignes, 12U);
  std::int64_t sum = 0;
  for (const auto* ligne : kept.of(PartKind::ligne))
    sum += ligne->sums.ht;
  EXPECT_GT(sum, 0);
  EXPECT_EQ(document[0]->sums.ht, sum);
  for (const auto* piece : kept.of(PartKind::piece)) {
    EXPECT_NE((*piece)["tiers"], "");
    EXPECT_EQ(piece->sums.lignes, 2U);
  }
}

TEST(OutlineTest, CodesHaveTheirMeaningByDomain) {
  const std::string depense =
      "<PES_DepenseAller><Bordereau><BlocBordereau><Exer V=\"2026\"/><IdBord V=\"7\"/><TypBord "
      "V=\"03\"/></BlocBordereau></Bordereau></PES_DepenseAller>";
  std::string recette = depense;
  for (std::size_t at; (at = recette.find("Depense")) != std::string::npos;)
    recette.replace(at, 7, "Recette");
  const auto first = read(test::aller(depense));
  const auto second = read(test::aller(recette));
  EXPECT_EQ(first.of(PartKind::bordereau)[0]->field("type")->en, "payment orders");
  EXPECT_EQ(second.of(PartKind::bordereau)[0]->field("type")->en, "revenue orders");
}

std::string ligne(const std::string& tiers, const std::string& amounts = "<MtHT V=\"10.00\"/>") {
  return "<LigneDePiece><BlocLignePiece><InfoLignePce><IdLigne V=\"1\"/>" + amounts +
         "</InfoLignePce></BlocLignePiece>" + tiers + "</LigneDePiece>";
}
std::string tiers(const std::string& nature, const std::string& id, const std::string& nom) {
  return "<Tiers><InfoTiers><IdTiers V=\"" + id + "\"/><NatIdTiers V=\"" + nature + "\"/><Nom V=\"" + nom +
         "\"/></InfoTiers></Tiers>";
}
std::string piece(const std::string& lignes, const std::string& head = {}) {
  return "<PES_DepenseAller><Bordereau><BlocBordereau><Exer V=\"2026\"/></BlocBordereau><Piece><BlocPiece>"
         "<InfoPce><IdPce V=\"12\"/>" +
         head + "</InfoPce></BlocPiece>" + lignes + "</Piece></Bordereau></PES_DepenseAller>";
}

TEST(OutlineTest, ANirIsNeverTold) {
  const auto kept = read(test::aller(piece(ligne(tiers("04", "160037512345678", "DURAND")) +
                                           ligne(tiers("01", "21340000700011", "MARTIN")))));
  const auto lignes = kept.of(PartKind::ligne);
  ASSERT_EQ(lignes.size(), 2U);
  EXPECT_EQ(lignes[0]->field("id_tiers"), nullptr);
  EXPECT_EQ((*lignes[0])["nom"], "DURAND");
  EXPECT_EQ((*lignes[1])["id_tiers"], "21340000700011");
}

TEST(OutlineTest, TheNatureOfOneTiersSaysNothingOfAnother) {
  const std::string cases[]{
      tiers("", "160037512345678", "DURAND") + tiers("01", "21340000700011", "MARTIN"),
      tiers("01", "", "DURAND") + tiers("04", "160037512345678", "MARTIN"),
      tiers("", "", "DURAND") + tiers("01", "21340000700011", "MARTIN"),
  };
  for (const auto& two : cases) {
    const auto kept = read(test::aller(piece(ligne(two))));
    EXPECT_EQ(kept.of(PartKind::ligne).at(0)->field("id_tiers"), nullptr) << two;
    EXPECT_EQ((*kept.of(PartKind::ligne).at(0))["nom"], "DURAND");
  }
  const auto kept = read(test::aller(
      piece(ligne(tiers("01", "21340000700011", "MARTIN") + tiers("04", "160037512345678", "DURAND")))));
  EXPECT_EQ((*kept.of(PartKind::ligne).at(0))["id_tiers"], "21340000700011");
}

TEST(OutlineTest, APieceNamesItsFirstTiersAndCountsTheOthers) {
  const auto kept =
      read(test::aller(piece(ligne(tiers("01", "1", "DURAND")) + ligne(tiers("01", "1", "DURAND")) +
                             ligne(tiers("01", "2", "MARTIN")) + ligne(""))));
  const auto& one = *kept.of(PartKind::piece).at(0);
  EXPECT_EQ(one["tiers"], "DURAND");
  EXPECT_EQ(one["autres_tiers"], "1");
  EXPECT_EQ(one.sums.ht, 4'000);
}

TEST(OutlineTest, AmountsThatAreNoneMakeNoSum) {
  EXPECT_FALSE(
      read(test::aller(piece(ligne("", "<MtHT V=\"abc\"/>")))).of(PartKind::piece)[0]->sums.readable);
  std::string many;
  for (int i = 0; i < 1'000; ++i)
    many += ligne("", "<MtHT V=\"9999999999999999\"/>");
  EXPECT_FALSE(read(test::aller(piece(many))).of(PartKind::document)[0]->sums.readable) << "beyond 64 bits";
}

std::string pj(const std::string& id, const std::string& content) {
  return "<PJ><Contenu><Fichier MIMEType=\"application/pdf\">" + content +
         "</Fichier></Contenu><IdUnique V=\"" + id + "\"/><NomPJ V=\"" + id +
         ".pdf\"/><TypePJ V=\"003\"/></PJ>";
}
std::string named(const std::string& id, const std::string& support = "01") {
  return "<PJRef><Support V=\"" + support + "\"/><IdUnique V=\"" + id + "\"/></PJRef>";
}

TEST(OutlineTest, AttachmentsAreUnpackedAndWhoNamesThemCounted) {
  const std::string good = base64(as_bytes(samples::gzip(std::string(1'000, 'x'))));
  const auto kept =
      read(test::aller(piece(ligne(""), named("A") + named("A") + named("AILLEURS") + named("PAPIER", "02")) +
                       "<PES_PJ>" + pj("A", good) + pj("B", "????") + pj("C", good) + "</PES_PJ>"));
  const auto all = kept.of(PartKind::pj);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0]->content.content, 1'000U);
  EXPECT_EQ(all[0]->references, 2U);
  EXPECT_EQ((*all[0])["nom"], "A.pdf");
  EXPECT_EQ((*all[0])["mime"], "application/pdf");
  EXPECT_EQ(all[1]->broken.code, "pj.base64");
  EXPECT_EQ(all[2]->broken.code, "") << "one that is broken does not spoil the next";
  EXPECT_EQ(all[2]->references, 0U);
  EXPECT_EQ(kept.contents.at(0), std::string(1'000, 'x'));
  EXPECT_EQ((*kept.of(PartKind::document)[0])["pj_absentes"], "1") << "AILLEURS: papers never are in a file";
  OutlineOptions lazy;
  lazy.read_content = false;
  EXPECT_EQ(
      read(test::aller("<PES_PJ>" + pj("A", good) + "</PES_PJ>"), lazy).of(PartKind::pj)[0]->content.packed,
      0U);
}

TEST(OutlineTest, SmallPartsAreBounded) {
  std::string many;
  for (int i = 0; i < 200; ++i)
    many += named("P" + std::to_string(i));
  const auto kept = read(test::aller(piece(ligne(""), many)));
  const auto& one = *kept.of(PartKind::piece).at(0);
  EXPECT_EQ(one.inner.size(), max_inner);
  EXPECT_EQ(one.inner_left_out, 200 - max_inner);
}

TEST(OutlineTest, LongValuesAreCutBetweenCharacters) {
  std::string objet;
  while (objet.size() < 3 * max_part_value)
    objet += "é";
  const std::string text =
      test::document("PES_Aller", test::aller_ns, piece(ligne(""), "<Obj V=\"x" + objet + "\"/>"), {},
                     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  const auto kept = read(text);
  const auto value = (*kept.of(PartKind::piece).at(0))["objet"];
  EXPECT_LE(value.size(), max_part_value);
  EXPECT_EQ(value.size() % 2, 1U) << "x, then whole characters of two bytes";
}

TEST(OutlineTest, SignaturesAreReadWhereTheyStand) {
  const std::string signature =
      "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo><ds:SignatureMethod "
      "Algorithm=\"urn:a\"/></ds:SignedInfo><ds:Object><SigningTime>2026-01-15T10:00:00Z</SigningTime>"
      "<ClaimedRole>Maire</ClaimedRole><Bordereau/></ds:Object></ds:Signature>";
  const auto kept = read(test::aller("<PES_DepenseAller><Bordereau>" + signature +
                                     "</Bordereau></PES_DepenseAller>" + signature));
  const auto all = kept.of(PartKind::signature);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ((*all[0])["date"], "2026-01-15T10:00:00Z");
  EXPECT_EQ((*all[0])["role"], "Maire");
  EXPECT_EQ((*all[0])["algorithme"], "urn:a");
  EXPECT_EQ(kept.of(PartKind::bordereau)[0]->sums.signatures, 1U);
  EXPECT_EQ(kept.of(PartKind::document)[0]->sums.signatures, 2U);
  EXPECT_EQ(kept.of(PartKind::bordereau).size(), 1U) << "what a signature holds is no part";
}

TEST(OutlineTest, ReturnsAreToldToTheirPayments) {
  const auto kept = read(test::document(
      "PES_Retour", test::retour_ns,
      "<PES_DepenseRetour><EnTeteDepense><TypRestit "
      "V=\"01\"/></EnTeteDepense><Bordereau><BlocBordereau><IdBord "
      "V=\"7\"/></BlocBordereau><Piece><InfoPiece><IdPce V=\"12\"/><EtatPce V=\"04\"/><ObsEtat V=\"01\"/>"
      "<Commentaire V=\"Facture "
      "absente\"/></InfoPiece><LigneDePiece><BlocLignePiece><InfoLignePiece><IdLigne "
      "V=\"1\"/><EtatLigPce V=\"02\"/><MtHT "
      "V=\"5.00\"/></InfoLignePiece></BlocLignePiece><PaiementEmargement>"
      "<OrgEma V=\"01\"/><DtePay V=\"2026-02-01\"/><MtPay V=\"5.00\"/></PaiementEmargement></LigneDePiece>"
      "</Piece></Bordereau></PES_DepenseRetour>"));
  const auto& one = *kept.of(PartKind::piece).at(0);
  EXPECT_EQ(one.field("etat")->en, "rejected");
  EXPECT_EQ(one.field("motif")->en, "supporting documents missing or not valid");
  EXPECT_EQ(one["commentaire"], "Facture absente");
  const auto& paid = kept.of(PartKind::ligne).at(0)->inner.at(0);
  EXPECT_EQ(paid.kind, PartKind::paiement);
  EXPECT_EQ(paid.field("origine")->en, "payment");
  EXPECT_EQ(paid["montant"], "5.00");
}

TEST(OutlineTest, EveryDocumentOfTheCorpusIsTold) {
  const auto shared = samples::shared_folder(DEMAT_SOURCE_DIR);
  if (!shared) GTEST_SKIP() << "no shared folder";
  std::size_t told = 0;
  for (const char* kind : {"pes-aller", "pes-marche", "pes-retour"}) {
    for (const auto& entry : std::filesystem::directory_iterator(*shared / "fixtures" / kind)) {
      const std::string text = samples::read_file(entry.path());
      Kept kept;
      const bool well_formed = read_outline(MemorySource(text), kept).has_value();
      if (!well_formed) continue;
      EXPECT_TRUE(kept.whole()) << entry.path();
      EXPECT_EQ(kept.of(PartKind::document).size(), 1U) << entry.path();
      ++told;
    }
  }
  EXPECT_GT(told, 70U);
}

}  // namespace
}  // namespace demat::pes
