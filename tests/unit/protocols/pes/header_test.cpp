#include "protocols/pes/header.hpp"

#include <gtest/gtest.h>

#include "documents.hpp"
#include "protocols/base/limits.hpp"

namespace demat::pes {
namespace {

using namespace test;

struct KindCase {
  std::string_view root;
  std::string_view ns;
  Kind kind;
};

class KindOf : public testing::TestWithParam<KindCase> {};

TEST_P(KindOf, LooksAtRootAndNamespaceTogether) {
  EXPECT_EQ(kind_of(GetParam().root, GetParam().ns), GetParam().kind);
}

INSTANTIATE_TEST_SUITE_P(Kinds, KindOf,
                         testing::Values(KindCase{"PES_Aller", aller_ns, Kind::aller},
                                         KindCase{"PES_ACQUIT", retour_ns, Kind::acquit_v1},
                                         KindCase{"PES_ACQUIT", acquit_v2_ns, Kind::acquit_v2},
                                         KindCase{"PES_Retour", retour_ns, Kind::retour},
                                         KindCase{"PES_NonAcquit", retour_ns, Kind::non_acquit},
                                         KindCase{"PES_NonAcquit", "", Kind::non_acquit},
                                         KindCase{"PES_NonAcquit", "urn:other", Kind::unknown},
                                         KindCase{"PES_ACQUIT_RETOUR",
                                                  "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller/ack",
                                                  Kind::acquit_retour},
                                         KindCase{"PES_Retour", acquit_v2_ns, Kind::unknown},
                                         KindCase{"PES_Aller", "", Kind::unknown},
                                         KindCase{"PES_Aller", retour_ns, Kind::unknown},
                                         KindCase{"", "", Kind::unknown}));

TEST(ReadHeader, TakesEveryFieldAsItIs) {
  const auto text =
      document("PES_Aller", aller_ns,
               "<Enveloppe><Parametres><Version V=\"1\"/><TypFic V=\"PESORMC\"/><NomFic V=\" a b \"/>"
               "</Parametres><Emetteur><Sigle V=\"x\"/></Emetteur></Enveloppe>"
               "<EnTetePES><DteStr V=\"2026-01-15\"/><IdPost V=\"02A034\"/><LibellePoste V=\"y\"/>"
               "<IdColl V=\"123\"/><FinJur V=\"F\"/><CodCol V=\"9\"/><CodBud V=\"ZZ\"/>"
               "<LibelleColBud V=\"Hêtre\"/></EnTetePES>",
               "", "<?xml version=\"1.0\" encoding=\"utf-8\"?>");
  const auto header = read_header(xml::MemorySource(text));
  ASSERT_TRUE(header) << header.error().en;
  EXPECT_EQ(header->kind, Kind::aller);
  EXPECT_EQ(header->encoding, "UTF-8");
  EXPECT_EQ(header->version, "1");
  EXPECT_EQ(header->typ_fic, "PESORMC");
  EXPECT_EQ(header->nom_fic.str(), " a b ");
  EXPECT_EQ(header->dte_str, "2026-01-15");
  EXPECT_EQ(header->id_post, "02A034");
  EXPECT_EQ(header->id_coll, "123");
  EXPECT_EQ(header->fin_jur, "F");
  EXPECT_EQ(header->cod_col, "9");
  EXPECT_EQ(header->cod_bud, "ZZ");
  EXPECT_EQ(header->libelle_col_bud, "Hêtre");
}

/// A document whose end is far away; remembers how far it was read.
class LongSource final : public xml::ByteSource {
 public:
  explicit LongSource(std::string begin) : begin_(std::move(begin)) {}
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    for (std::size_t i = 0; i < buffer.size(); ++i)
      buffer[i] = offset + i < begin_.size() ? begin_[offset + i] : ' ';
    furthest = std::max(furthest, offset + buffer.size());
    return buffer.size();
  }
  [[nodiscard]] std::size_t size() const override { return 100'000'000; }

  mutable std::size_t furthest = 0;

 private:
  std::string begin_;
};

TEST(ReadHeader, StopsAfterTheHeader) {
  const LongSource source(std::string(declaration) + "<n:PES_Aller xmlns:n=\"" + std::string(aller_ns) +
                          "\">" + enveloppe() + en_tete() + "<PES_PJ>");
  const auto header = read_header(source);
  ASSERT_TRUE(header) << header.error().en;
  EXPECT_EQ(header->nom_fic.str(), "FLUX-1");
  EXPECT_LE(source.furthest, limits::max_header_bytes);
}

TEST(ReadHeader, KeepsTheFirstOfARepeatedField) {
  const auto text = document(
      "PES_Aller", aller_ns,
      enveloppe() + "<EnTetePES><IdColl V=\"21340000700011\"/><IdColl V=\"99999999900001\"/></EnTetePES>");
  const auto header = read_header(xml::MemorySource(text));
  ASSERT_TRUE(header) << header.error().en;
  EXPECT_EQ(header->id_coll, "21340000700011");
}

TEST(ReadHeader, TakesNoFieldFromFurtherDown) {
  const auto text = document("PES_Aller", aller_ns,
                             enveloppe() +
                                 "<EnTetePES><Other><IdColl V=\"99999999900001\"/></Other>"
                                 "<IdColl V=\"21340000700011\"/></EnTetePES>");
  const auto header = read_header(xml::MemorySource(text));
  ASSERT_TRUE(header) << header.error().en;
  EXPECT_EQ(header->id_coll, "21340000700011");
}

TEST(ReadHeader, ReadsCodCollOfReturns) {
  const auto text =
      document("PES_Retour", retour_ns, enveloppe("PES2R") + "<EnTetePES><CodColl V=\"710\"/></EnTetePES>");
  const auto header = read_header(xml::MemorySource(text));
  ASSERT_TRUE(header) << header.error().en;
  EXPECT_EQ(header->kind, Kind::retour);
  EXPECT_EQ(header->cod_col, "710");
}

TEST(ReadHeader, SaysNothingOfAnEncodingThatIsNotDeclared) {
  const auto header =
      read_header(xml::MemorySource(document("PES_Aller", aller_ns, enveloppe() + en_tete(), "", "")));
  ASSERT_TRUE(header) << header.error().en;
  EXPECT_EQ(header->encoding, "");
}

/// At least `bytes` of comments.
std::string comments(std::size_t bytes) {
  std::string out;
  while (out.size() < bytes)
    out += "<!-- nothing to see, and long enough to push what follows away -->\n";
  return out;
}

struct NoHeaderCase {
  std::string name;
  std::string text;
  std::string code;
};

class NoHeader : public testing::TestWithParam<NoHeaderCase> {};

TEST_P(NoHeader, IsAnErrorWithItsCode) {
  const auto header = read_header(xml::MemorySource(GetParam().text));
  ASSERT_FALSE(header);
  EXPECT_EQ(header.error().code, GetParam().code);
  EXPECT_EQ(header.error().outlook, Outlook::permanent);
  EXPECT_FALSE(header.error().fr.empty());
  EXPECT_FALSE(header.error().en.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Documents, NoHeader,
    testing::Values(
        NoHeaderCase{"UnknownRoot", "<a><b/></a>", "pes.header.missing"},
        NoHeaderCase{"OtherNamespace", document("PES_Aller", "urn:x", enveloppe() + en_tete()),
                     "pes.header.missing"},
        NoHeaderCase{"NoEnveloppe", document("PES_Aller", aller_ns, en_tete()), "pes.header.missing"},
        NoHeaderCase{"NoEnTete", document("PES_Aller", aller_ns, enveloppe()), "pes.header.missing"},
        NoHeaderCase{"HeaderAfterDomain",
                     document("PES_Aller", aller_ns, "<PES_PJ/>" + enveloppe() + en_tete()),
                     "pes.header.missing"},
        NoHeaderCase{
            "FarAway",
            document("PES_Aller", aller_ns, comments(limits::max_header_bytes) + enveloppe() + en_tete()),
            "pes.header.missing"},
        NoHeaderCase{"NotXml", "PK\x03\x04 zip", "xml.malformed"},
        NoHeaderCase{
            "Cut",
            std::string(declaration) + "<n:PES_Aller xmlns:n=\"" + std::string(aller_ns) + "\"><Enveloppe>",
            "xml.malformed"}),
    [](const auto& row) { return row.param.name; });

TEST(ReadHeader, TakesAnAnswerWithoutEnTete) {
  const auto header =
      read_header(xml::MemorySource(document("PES_ACQUIT", acquit_v2_ns, enveloppe("SENT-1") + "<ACQUIT/>")));
  ASSERT_TRUE(header) << header.error().en;
  EXPECT_EQ(header->nom_fic.str(), "SENT-1");
  EXPECT_EQ(header->cod_col, "");
}

TEST(BusinessKey, TellsQuadruplesApart) {
  Header a;
  a.id_post = "034000";
  a.cod_col = "123";
  a.cod_bud = "00";
  a.nom_fic = NomFic{"X"};
  Header b = a;
  b.cod_bud = "001";
  b.nom_fic = NomFic{""};
  Header same = a;
  same.id_coll = "another";
  EXPECT_EQ(business_key(a), business_key(same));
  EXPECT_NE(business_key(a), business_key(b));
}

}  // namespace
}  // namespace demat::pes
