#include "protocols/pes/acquit_retour.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "documents.hpp"
#include "tests/support/shared.hpp"

namespace demat::pes {
namespace {

using testing::HasSubstr;
using testing::Not;

Retour retour() {
  Retour out;
  out.header.id_post = "034000";
  out.header.id_coll = "21340000700011";
  out.header.cod_col = "710";
  out.header.cod_bud = "00";
  out.header.nom_fic = NomFic{"PES2R_DEP_P_710.xml"};
  out.restitutions["PES_DepenseRetour"] = "02";
  return out;
}

AcquitRetourParts parts() {
  return {"PESACR_1.xml", "2026-03-15", "Ville de Saint-Rémy & Cie", "1 rue de l'Œuvre",
          "PES2R_DEP_P_710.xml"};
}

TEST(AcquitRetour, RepeatsTheReturnAndIsReadBack) {
  const auto text = write_acquit_retour(retour(), parts());
  ASSERT_TRUE(text) << text.error().detail;
  const auto header = read_header(xml::MemorySource(*text));
  ASSERT_TRUE(header) << header.error().detail;
  EXPECT_EQ(header->kind, Kind::acquit_retour);
  EXPECT_EQ(header->encoding, "ISO-8859-1");
  EXPECT_EQ(header->nom_fic.str(), "PESACR_1.xml");
  EXPECT_EQ(business_key(*header).substr(0, 6), "034000");
  EXPECT_EQ(header->cod_col + header->cod_bud + header->id_coll, "7100021340000700011");
  EXPECT_EQ(header->dte_str, "2026-03-15");
  EXPECT_THAT(*text, HasSubstr("<DomaineAckRetour V=\"13\"/><NomFichierRetour V=\"PES2R_DEP_P_710.xml\"/>"
                               "<TypRestit V=\"02\"/><DateAcquit V=\"2026-03-15\"/>"));
  EXPECT_THAT(*text, HasSubstr("Saint-R\xE9my &#38; Cie")) << "Latin-1, markup escaped";
  EXPECT_THAT(*text, HasSubstr("l'&#338;uvre")) << "what Latin-1 has not is a reference";
}

TEST(AcquitRetour, HasOneElementForEachDomain) {
  auto both = retour();
  both.restitutions["PES_RecetteRetour"] = "01";
  both.restitutions["PES_ClientRetour"] = "";
  const auto text = write_acquit_retour(both, parts()).value();
  EXPECT_THAT(text, HasSubstr("<DomaineAckRetour V=\"14\"/>"));
  EXPECT_LT(text.find("V=\"13\""), text.find("V=\"14\""));
}

TEST(AcquitRetour, NamesTheSirenWhereNothingIsSaidOfTheAuthority) {
  auto unnamed = parts();
  unnamed.emetteur = " ";
  unnamed.adresse = "nc";
  const auto text = write_acquit_retour(retour(), unnamed).value();
  EXPECT_THAT(text, HasSubstr("<Sigle V=\"SIREN 213400007\"/><Adresse V=\"SIREN 213400007\"/>"));
}

TEST(AcquitRetour, IsOfDepenseAndRecetteOnly) {
  auto clients = retour();
  clients.restitutions.clear();
  EXPECT_FALSE(has_acquit(clients));
  EXPECT_EQ(write_acquit_retour(clients, parts()).error().code, "return.no_acquit");
}

TEST(AcquitRetour, SaysWhichValueItCannotRepeat) {
  struct Case {
    std::string_view element;
    void (*spoil)(Retour&, AcquitRetourParts&);
  };
  const std::vector<Case> cases = {
      {"IdPost", [](Retour& r, AcquitRetourParts&) { r.header.id_post = "34"; }},
      {"IdColl", [](Retour& r, AcquitRetourParts&) { r.header.id_coll = "2134000070001X"; }},
      {"CodColl", [](Retour& r, AcquitRetourParts&) { r.header.cod_col = "A10"; }},
      {"CodColl", [](Retour& r, AcquitRetourParts&) { r.header.cod_col = "000"; }},
      {"CodBud", [](Retour& r, AcquitRetourParts&) { r.header.cod_bud = "0A"; }},
      {"TypRestit", [](Retour& r, AcquitRetourParts&) { r.restitutions["PES_DepenseRetour"] = "AA"; }},
      {"NomFic", [](Retour&, AcquitRetourParts& p) { p.retour = ""; }},
      {"NomFic", [](Retour&, AcquitRetourParts& p) { p.retour = std::string(101, 'x'); }}};
  for (const auto& c : cases) {
    auto spoilt = retour();
    auto with = parts();
    c.spoil(spoilt, with);
    const auto text = write_acquit_retour(spoilt, with);
    ASSERT_FALSE(text) << c.element;
    EXPECT_EQ(text.error().code, "return.acquit_impossible");
    EXPECT_EQ(text.error().detail, c.element);
  }
}

/// The published schema is the judge; it needs ../shared.
TEST(AcquitRetour, IsValidByThePublishedSchema) {
  const auto shared = samples::shared_folder(DEMAT_SOURCE_DIR);
  if (!shared || !std::filesystem::exists(*shared / "schemas" / "pes"))
    GTEST_SKIP() << "the published schemas (../shared, or DEMAT_SHARED) are not here";
  if (!std::filesystem::exists("/usr/bin/xmllint")) GTEST_SKIP() << "xmllint is not installed";
  auto both = retour();
  both.restitutions["PES_RecetteRetour"] = "03";
  const auto file = std::filesystem::temp_directory_path() / "demat_acquit_retour_test.xml";
  std::ofstream(file, std::ios::binary) << write_acquit_retour(both, parts()).value();
  std::size_t judged = 0;
  for (const auto& pack : {"v5.17", "v5.30"}) {
    const auto schema = *shared / "schemas" / "pes" / pack / "PES_V2/RETOUR/Rev0/PES_V2_Acquit_Retour.xsd";
    if (!std::filesystem::exists(schema)) continue;
    ++judged;
    const auto command =
        "xmllint --noout --nonet --schema '" + schema.string() + "' '" + file.string() + "' 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << pack;
  }
  EXPECT_GE(judged, 1U);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace demat::pes
