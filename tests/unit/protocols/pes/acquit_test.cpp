#include "protocols/pes/acquit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "documents.hpp"

namespace demat::pes {
namespace {

using namespace test;
using testing::SizeIs;

std::string acquit_document(std::string_view elements, std::string_view ns = acquit_v2_ns,
                            std::string_view root = "PES_ACQUIT") {
  return document(root, ns, enveloppe() + en_tete() + "<ACQUIT>" + std::string(elements) + "</ACQUIT>");
}

std::string element(std::string_view domain, std::string_view state, std::string_view rest = {}) {
  return "<ElementACQUIT><DomaineAck V=\"" + std::string(domain) + "\"/><EtatAck V=\"" + std::string(state) +
         "\"/>" + std::string(rest) + "</ElementACQUIT>";
}

Acquit decoded(const std::string& text) {
  auto acquit = decode_acquit(xml::MemorySource(text));
  if (!acquit) throw std::runtime_error(acquit.error().detail);
  return std::move(*acquit);
}

struct VerdictCase {
  std::string name;
  std::string text;
  AcquitVerdict verdict;
  std::size_t elements;
};

class Verdicts : public testing::TestWithParam<VerdictCase> {};

TEST_P(Verdicts, FollowTheElements) {
  const auto acquit = decoded(GetParam().text);
  EXPECT_STREQ(to_string(acquit.verdict), to_string(GetParam().verdict));
  EXPECT_THAT(acquit.elements, SizeIs(GetParam().elements));
}

constexpr auto acknowledged = AcquitVerdict::acknowledged;
constexpr auto partly = AcquitVerdict::partly_rejected;
constexpr auto rejected = AcquitVerdict::rejected;

INSTANTIATE_TEST_SUITE_P(
    Acquits, Verdicts,
    testing::Values(
        VerdictCase{"AllOk", acquit_document(element("5", "1") + element("4", "1")), acknowledged, 2},
        VerdictCase{"TrueIsOk", acquit_document(element("5", "true")), acknowledged, 1},
        VerdictCase{"AllKo", acquit_document(element("5", "0") + element("6", "false")), rejected, 2},
        VerdictCase{"Mixed", acquit_document(element("5", "0") + element("4", "1")), partly, 2},
        VerdictCase{"TechnicalKo", acquit_document(element("0", "0") + element("4", "1")), rejected, 2},
        VerdictCase{"GlobalSignatureKo", acquit_document(element("5", "1") + element("2", "0")), rejected, 2},
        VerdictCase{"SettingsKo", acquit_document(element("5", "1") + element("99", "0")), rejected, 2},
        VerdictCase{"BordereauSignatureKo", acquit_document(element("5", "1") + element("3", "0")), partly,
                    2},
        VerdictCase{"SettingsOk", acquit_document(element("5", "0") + element("99", "1")), partly, 2},
        VerdictCase{"NoElement", acquit_document(""), acknowledged, 0},
        VerdictCase{"NoAcquitBlock", document("PES_ACQUIT", acquit_v2_ns, enveloppe() + en_tete()),
                    acknowledged, 0},
        VerdictCase{"NoHeader",
                    document("PES_ACQUIT", acquit_v2_ns, "<ACQUIT>" + element("5", "0") + "</ACQUIT>"),
                    rejected, 1},
        VerdictCase{"NonAcquit", document("PES_NonAcquit", retour_ns, enveloppe() + en_tete()), rejected, 0},
        VerdictCase{"NonAcquitSaysOk", acquit_document(element("5", "1"), retour_ns, "PES_NonAcquit"),
                    rejected, 1},
        VerdictCase{"StateNotUnderstood", acquit_document(element("5", "nc")), rejected, 1},
        VerdictCase{"StateTwice", acquit_document(element("5", "1", "<EtatAck V=\"0\"/>")), rejected, 1},
        VerdictCase{"NoStateNoAnomaly",
                    acquit_document("<ElementACQUIT><DomaineAck V=\"5\"/></ElementACQUIT>", retour_ns),
                    acknowledged, 1},
        VerdictCase{"NoStateAnomaly",
                    acquit_document("<ElementACQUIT><NumAnoAck V=\"ERREUR_PJ\"/></ElementACQUIT>", retour_ns),
                    rejected, 1},
        VerdictCase{"AnomalyOfNoElement", acquit_document("<Erreur><NumAnoAck V=\"ERREUR_AUTRE\"/></Erreur>"),
                    rejected, 1},
        VerdictCase{"OtherNamespace", acquit_document(element("5", "1"), "urn:pes_v3"), acknowledged, 1}),
    [](const auto& row) { return row.param.name; });

TEST(DecodeAcquit, PutsAnomaliesAtTheirPlace) {
  const auto acquit = decoded(acquit_document(element(
      "5", "0",
      "<NumBord V=\"12\"/><ExerciceBord V=\"2026\"/>"
      "<Erreur><NumAnoAck V=\"ERREUR_CUMUL_MONTANTS\"/></Erreur><Erreur><LibelleAnoAck V=\"texte\"/></Erreur>"
      "<DetailPiece><NumPiece V=\"20\"/><Erreur><NumAnoAck V=\"NEW_CODE\"/><LibelleAnoAck V=\"2559 - "
      "Inconnu\"/></Erreur>"
      "<DetailLigne><NumLigne V=\"1\"/><Erreur><LibelleAnoAck V=\"1971 - Fonction\"/></Erreur></DetailLigne>"
      "<DetailLigne><NumLigne V=\"2\"/></DetailLigne></DetailPiece><DetailPiece><NumPiece "
      "V=\"21\"/></DetailPiece>")));
  ASSERT_THAT(acquit.elements, SizeIs(1));
  const auto& e = acquit.elements[0];
  EXPECT_EQ(e.domaine_ack, "5");
  EXPECT_EQ(e.num_bord, "12");
  EXPECT_EQ(e.exercice_bord, "2026");
  ASSERT_THAT(e.anomalies, SizeIs(2));
  EXPECT_EQ(e.anomalies[0].num_ano_ack, "ERREUR_CUMUL_MONTANTS");
  EXPECT_EQ(e.anomalies[1].libelle_ano_ack, "texte");
  EXPECT_EQ(e.anomalies[1].num_ano_ack, "");
  ASSERT_THAT(e.pieces, SizeIs(2));
  EXPECT_EQ(e.pieces[0].num_piece, "20");
  ASSERT_THAT(e.pieces[0].anomalies, SizeIs(1));
  EXPECT_EQ(e.pieces[0].anomalies[0].num_ano_ack, "NEW_CODE");
  EXPECT_EQ(e.pieces[0].anomalies[0].business_code, "2559");
  ASSERT_THAT(e.pieces[0].lignes, SizeIs(2));
  EXPECT_EQ(e.pieces[0].lignes[0].num_ligne, "1");
  ASSERT_THAT(e.pieces[0].lignes[0].anomalies, SizeIs(1));
  EXPECT_EQ(e.pieces[0].lignes[0].anomalies[0].business_code, "1971");
  EXPECT_THAT(e.pieces[0].lignes[1].anomalies, SizeIs(0));
  EXPECT_EQ(e.pieces[1].num_piece, "21");
}

TEST(DecodeAcquit, ReadsTheFlatFirstVersion) {
  const auto acquit = decoded(acquit_document(
      element("5", "0",
              "<ExerciceBord V=\"2026\"/><NumBord V=\"12\"/><NumPiece V=\"20\"/><NumLigne V=\"3\"/><IdUnique "
              "V=\"\"/>"
              "<NumAnoAck V=\"ERREUR_AUTRE\"/><LibelleAnoAck V=\"1971 - Fonction\"/>") +
          element("5", "0", "<NumPiece V=\"21\"/><NumLigne V=\"\"/><NumAnoAck V=\"ERREUR_PJ\"/>") +
          element("6", "0", "<NumPiece V=\"\"/><NumAnoAck V=\"ERREUR_TIMEOUT\"/><LibelleAnoAck V=\"\"/>") +
          element("4", "1", "<IdUnique V=\"PJ1\"/>"),
      retour_ns));
  EXPECT_EQ(acquit.header.kind, Kind::acquit_v1);
  EXPECT_EQ(acquit.verdict, AcquitVerdict::partly_rejected);
  ASSERT_THAT(acquit.elements, SizeIs(4));
  ASSERT_THAT(acquit.elements[0].pieces, SizeIs(1));
  ASSERT_THAT(acquit.elements[0].pieces[0].lignes, SizeIs(1));
  EXPECT_EQ(acquit.elements[0].pieces[0].lignes[0].num_ligne, "3");
  EXPECT_EQ(acquit.elements[0].pieces[0].lignes[0].anomalies.at(0).business_code, "1971");
  EXPECT_EQ(acquit.elements[1].pieces.at(0).anomalies.at(0).num_ano_ack, "ERREUR_PJ");
  EXPECT_THAT(acquit.elements[2].pieces, SizeIs(0));
  EXPECT_EQ(acquit.elements[2].anomalies.at(0).num_ano_ack, "ERREUR_TIMEOUT");
  EXPECT_EQ(acquit.elements[3].id_unique, "PJ1");
}

TEST(DecodeAcquit, PutsAnomaliesOnWhatIsOpenInOddOrders) {
  constexpr auto anomaly = R"(<Erreur><NumAnoAck V="1"/><LibelleAnoAck V="x"/></Erreur>)";
  const auto piece = [](std::string_view elements) {
    const auto acquit = decoded(acquit_document(element("5", "0", elements)));
    EXPECT_THAT(acquit.elements, SizeIs(1));
    return acquit.elements.at(0).pieces.at(acquit.elements.at(0).pieces.size() - 1);
  };
  // Flat: a second NumPiece opens a piece that has no line yet.
  const auto flat =
      piece(std::string(R"(<NumPiece V="1"/><NumLigne V="2"/><NumPiece V="3"/>)").append(anomaly));
  EXPECT_EQ(flat.num_piece, "3");
  EXPECT_THAT(flat.anomalies, SizeIs(1));
  // A piece inside a line of another.
  const auto nested = piece(std::string("<DetailPiece><DetailLigne><DetailPiece><NumPiece V=\"4\"/>")
                                .append(anomaly)
                                .append("<NumLigne V=\"5\"/></DetailPiece></DetailLigne></DetailPiece>"));
  EXPECT_EQ(nested.num_piece, "4");
  EXPECT_THAT(nested.anomalies, SizeIs(1));
  EXPECT_EQ(nested.lignes.at(0).num_ligne, "5");
}

TEST(DecodeAcquit, BoundsItsListButNotItsJudgement) {
  std::string elements;
  for (std::size_t i = 0; i < max_acquit_elements; ++i)
    elements += "<ElementACQUIT><EtatAck V=\"1\"/></ElementACQUIT>";
  const auto acquit = decoded(acquit_document(elements + element("5", "0")));
  EXPECT_THAT(acquit.elements, SizeIs(max_acquit_elements));
  EXPECT_EQ(acquit.elements_left_out, 1U);
  EXPECT_EQ(acquit.verdict, AcquitVerdict::partly_rejected);
}

TEST(DecodeAcquit, KeepsTheHeaderForMatching) {
  const auto acquit = decoded(acquit_document(element("5", "1")));
  EXPECT_EQ(acquit.header.kind, Kind::acquit_v2);
  EXPECT_EQ(acquit.header.nom_fic.str(), "FLUX-1");
  EXPECT_EQ(acquit.header.cod_col, "123");
  EXPECT_EQ(acquit.header.encoding, "ISO-8859-1");
}

class NotAnAcquit : public testing::TestWithParam<std::string> {};

TEST_P(NotAnAcquit, IsUnreadable) {
  const auto acquit = decode_acquit(xml::MemorySource(GetParam()));
  ASSERT_FALSE(acquit);
  EXPECT_EQ(acquit.error().code, "acquit.unreadable");
  EXPECT_EQ(acquit.error().outlook, Outlook::permanent);
}

INSTANTIATE_TEST_SUITE_P(Documents, NotAnAcquit,
                         testing::Values("", "not XML", "<PES_Aller/>", aller(pj_domain()),
                                         "<!DOCTYPE a [<!ENTITY e \"x\">]><PES_ACQUIT/>",
                                         acquit_document(element("5", "1")).substr(0, 300)));

TEST(BusinessCode, IsTakenOnlyWhereItParses) {
  EXPECT_EQ(business_code_of("1971 - Compte fonction"), "1971");
  EXPECT_EQ(business_code_of("  25599 - x"), "25599");
  EXPECT_EQ(business_code_of("12 - too short"), "");
  EXPECT_EQ(business_code_of("123456 - too long"), "");
  EXPECT_EQ(business_code_of("1971: x"), "");
  EXPECT_EQ(business_code_of("1971"), "");
  EXPECT_EQ(business_code_of(""), "");
}

TEST(DomaineAck, HasLabels) {
  EXPECT_EQ(domaine_ack_label("5"), "dépense");
  EXPECT_EQ(domaine_ack_label_en("5"), "expense");
  EXPECT_EQ(domaine_ack_label("99"), "paramétrage");
  EXPECT_EQ(domaine_ack_label("13"), "");
  EXPECT_EQ(domaine_ack_label_en(""), "");
}

}  // namespace
}  // namespace demat::pes
