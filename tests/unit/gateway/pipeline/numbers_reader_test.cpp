#include "gateway/pipeline/numbers_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "protocols/xml/parser.hpp"

namespace demat::pipeline {
namespace {

using flow::NumberKind;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view whole =
    R"(<n:PES_Aller xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller"><Enveloppe><Parametres><NomFic V="N"/></Parametres></Enveloppe>
<PES_DepenseAller><EnTeteDepense><IdVer V="2"/></EnTeteDepense>
<Bordereau><BlocBordereau><Exer V="2026"/><IdBord V="0007"/><TypBord V="01"/></BlocBordereau><Piece><BlocPiece><InfoPce><IdPce V="1"/><PJRef><Support V="01"/><IdUnique V="REF"/></PJRef></InfoPce></BlocPiece></Piece></Bordereau>
<Bordereau><BlocBordereau><Exer V="2026"/><IdBord V="8"/><TypBord V="01"/></BlocBordereau></Bordereau></PES_DepenseAller>
<PES_RecetteAller><Bordereau><BlocBordereau><Exer V="2026"/><IdBord V="7"/><TypBord V="01"/></BlocBordereau></Bordereau></PES_RecetteAller>
<PES_Marche><EnTeteMarche><IdVer V="2"/></EnTeteMarche><Marches><Marche><IdentifiantMarche><IdContrat V="2026TRAVX01"/><NumeroOrdreModification V="01"/><SequenceEnvoi V="2"/><CaractereCorrectifEnregistrement V="1"/></IdentifiantMarche><NatureMarche V="01"/></Marche></Marches></PES_Marche>
<PES_PJ><EnTetePES_PJ><IdVer V="1"/></EnTetePES_PJ><PJ><Contenu><Fichier MIMEType="application/pdf">AAAA</Fichier></Contenu><IdUnique V="PJ-1"/><NomPJ V="a.pdf"/></PJ><PJ><IdUnique V="PJ-2"/></PJ></PES_PJ>
</n:PES_Aller>)";

NumbersRead read(std::string_view text) {
  NumbersReader reader;
  const auto status = xml::stream(MemorySource(text), reader);
  EXPECT_TRUE(status);
  return reader.take();
}

std::vector<std::string> keys(const flow::Numbers& numbers, NumberKind kind) {
  std::vector<std::string> out;
  for (const auto& one : numbers.numbers)
    if (one.kind == kind) out.push_back(one.key);
  return out;
}

flow::Flow some_flow() {
  flow::Flow out;
  out.id_post = "034001";
  out.cod_col = "123";
  out.cod_bud = "00";
  return out;
}

TEST(NumbersReaderTest, FindsWhichReturnsAnAcquitSpeaksOf) {
  const auto found = read(R"(<n:PES_ACQUIT_RETOUR xmlns:n="urn:x"><Enveloppe/><EnTetePES/><ACQUIT_RETOUR>
<EnTeteAcquit_Retour><IdVer V="2"/></EnTeteAcquit_Retour>
<ElementACQUIT_RETOUR><DomaineAckRetour V="13"/><NomFichierRetour V="R1"/><TypRestit V="01"/></ElementACQUIT_RETOUR>
<ElementACQUIT_RETOUR><NomFichierRetour V="R2"/><DomaineAckRetour V="14"/></ElementACQUIT_RETOUR>
<ElementACQUIT_RETOUR><NomFichierRetour V="R3"/><DomaineAckRetour V="99"/></ElementACQUIT_RETOUR>
</ACQUIT_RETOUR></n:PES_ACQUIT_RETOUR>)");
  const auto numbers = numbers_of(found, nullptr, some_flow());
  ASSERT_EQ(numbers.returns.size(), 2U) << "a domain that nobody knows is none";
  EXPECT_EQ(numbers.returns[0].domaine + " " + numbers.returns[0].nom_fic, "depense R1");
  EXPECT_EQ(numbers.returns[0].place.line, 3U);
  EXPECT_EQ(numbers.returns[1].domaine + " " + numbers.returns[1].nom_fic, "recette R2");
  EXPECT_THAT(numbers.numbers, IsEmpty()) << "which returns these are is for the store to say";
}

TEST(NumbersReaderTest, FindsWhatAFlowNumbersAndWhere) {
  const auto found = read(whole);
  ASSERT_EQ(found.bordereaux.size(), 3U);
  EXPECT_EQ(found.bordereaux[0].number, (flow::BordereauNumber{"depense", "2026", "01", "0007"}));
  EXPECT_EQ(found.bordereaux[0].place.line, 3U);
  EXPECT_THAT(found.bordereaux[0].place.path, testing::HasSubstr("PES_DepenseAller"));
  EXPECT_EQ(found.bordereaux[2].number.domaine, "recette");
  ASSERT_EQ(found.pj.size(), 2U) << "a reference is not an attachment";
  EXPECT_EQ(found.pj[0].id_unique, "PJ-1");
  ASSERT_EQ(found.marches.contrats.size(), 1U);
  EXPECT_EQ(found.marches.contrats[0].id_contrat, "2026TRAVX01");
  EXPECT_EQ(found.marches.contrats[0].sequence, 2U);
  EXPECT_EQ(found.left_out, 0U);
}

TEST(NumbersReaderTest, MakesOfThemWhatTheStoreKeeps) {
  const auto numbers = numbers_of(read(whole), nullptr, some_flow());
  EXPECT_THAT(keys(numbers, NumberKind::pj), ElementsAre("PJ-1", "PJ-2"));
  ASSERT_EQ(keys(numbers, NumberKind::bordereau).size(), 3U);
  EXPECT_EQ(flow::bordereau_of(keys(numbers, NumberKind::bordereau)[0]).numero, "7");
  EXPECT_THAT(keys(numbers, NumberKind::marche), ElementsAre(flow::marche_key("2026TRAVX01", 2)));
  ASSERT_EQ(numbers.marches.size(), 1U);
  EXPECT_TRUE(numbers.marches[0].correctif);
  EXPECT_EQ(numbers.marches[0].ordre, "01");
  EXPECT_THAT(keys(numbers, NumberKind::signed_), IsEmpty());
}

TEST(NumbersReaderTest, OnlySoundSignaturesAreKnownAgain) {
  xades::DocumentReport report;
  for (const auto indication : {xades::Indication::passed, xades::Indication::failed}) {
    auto& one = report.signatures.emplace_back();
    one.indication = indication;
    one.signed_element = "/PES_Aller/PES_DepenseAller/Bordereau";
    const std::string mark(xades::to_string(indication));
    one.references.push_back(
        {.uri = "#B1", .element = one.signed_element, .expected = mark, .computed = mark, .ok = true});
    one.references.push_back(
        {.uri = "#S", .element = "SignedProperties", .expected = "p", .computed = "p", .ok = true});
  }
  EXPECT_THAT(keys(numbers_of({}, &report, some_flow()), NumberKind::signed_), ElementsAre("passed"));
}

TEST(NumbersReaderTest, WhatIsNotNumberedIsNotKept) {
  const auto numbers = numbers_of(
      read(
          R"(<n:PES_Aller xmlns:n="x"><PES_DepenseAller><Bordereau><BlocBordereau/></Bordereau></PES_DepenseAller>)"
          R"(<PES_Marche><Marches><Marche><IdentifiantMarche><IdContrat V="2026A"/></IdentifiantMarche></Marche></Marches></PES_Marche>)"
          R"(<PES_PJ><PJ><IdUnique V="SAME"/></PJ><PJ><IdUnique V="SAME"/></PJ><PJ/></PES_PJ></n:PES_Aller>)"),
      nullptr, some_flow());
  EXPECT_THAT(keys(numbers, NumberKind::pj), ElementsAre("SAME")) << "once";
  EXPECT_EQ(numbers.numbers.size(), 1U);
  EXPECT_THAT(numbers.marches, IsEmpty());
}

TEST(NumbersReaderTest, TheNumberOfNumbersIsBounded) {
  std::string text = "<PES_Aller><PES_PJ>";
  for (std::size_t i = 0; i < flow::max_numbers + 3; ++i)
    text += "<PJ><IdUnique V=\"P" + std::to_string(i) + "\"/></PJ>";
  text += "</PES_PJ></PES_Aller>";
  const auto found = read(text);
  EXPECT_EQ(found.pj.size(), flow::max_numbers);
  EXPECT_EQ(found.left_out, 3U);
  EXPECT_EQ(numbers_of(found, nullptr, some_flow()).left_out, 3U);
}

}  // namespace
}  // namespace demat::pipeline
