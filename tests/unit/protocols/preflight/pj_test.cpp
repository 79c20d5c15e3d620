#include "protocols/preflight/pj.hpp"

#include <gtest/gtest.h>

#include "pairs.hpp"
#include "protocols/xml/parser.hpp"

/// What the tables of cases cannot say of attachments: what lies in them, and their limits.
namespace demat::preflight::test {
namespace {

constexpr std::string_view facture =
    R"(<PES_Facture><IdVer V="2"/><TypeFact V="10"/><FactureIndiv><RefTitre><NumTitre V="51"/></RefTitre>)"
    R"(<Debiteur><CpteBancaire><IBAN V="fr7630006000011234567890189"/></CpteBancaire></Debiteur></FactureIndiv>)"
    R"(</PES_Facture>)";

std::string pj(std::string_view content, std::string_view type) {
  return "<PJ><Contenu><Fichier MIMEType=\"x\">" + std::string(content) + "</Fichier></Contenu>" +
         R"(<IdUnique V="PJ1"/><NomPJ V="a.xml"/><TypePJ V=")" + std::string(type) + "\"/></PJ>";
}

std::string flow(std::string_view content, std::string_view type = "006") {
  return aller("\n<PES_PJ><EnTetePES_PJ><IdVer V=\"1\"/></EnTetePES_PJ>\n" + pj("", "003") + "\n" +
               pj(content, type) + "</PES_PJ>");
}

TEST(PreflightEnclosedFacture, IsJudgedByTheRulesOfInvoicesAndPlacedInItsAttachment) {
  const auto report =
      judged(flow(packed("<?xml version=\"1.0\"?>\n<n:PES_Aller xmlns:n=\"x\"><EnTetePES/>\n\n\n" +
                         std::string(facture) + "</n:PES_Aller>")));
  const auto p8 = of(report, "pes.p8");
  ASSERT_EQ(p8.size(), 1U);
  EXPECT_EQ(p8[0].place.line, 4U) << "the line of the attachment, not one inside it";
  EXPECT_EQ(p8[0].place.path, "/PES_Aller/PES_PJ/PJ[2]/Contenu/Fichier!/PES_Aller/PES_Facture/FactureIndiv");
  EXPECT_EQ(p8[0].subject.pj, "PJ1");
  EXPECT_EQ(p8[0].subject.facture, "51");
  EXPECT_EQ(of(report, "pes.facture.casse_bancaire").size(), 1U) << "accounts too";
  EXPECT_EQ(of(report, "pes.p6").size(), 0U) << "they stop no flow";
  EXPECT_EQ(of(report, "pes.pj.facture_absente").size(), 0U);
}

TEST(PreflightEnclosedFacture, MayBeTheRootItself) {
  const auto p8 = of(judged(flow(packed(facture))), "pes.p8");
  ASSERT_EQ(p8.size(), 1U);
  EXPECT_EQ(p8[0].place.path, "/PES_Aller/PES_PJ/PJ[2]/Contenu/Fichier!/PES_Facture/FactureIndiv");
}

TEST(PreflightEnclosedFacture, IsOnlyLookedForInItsType) {
  EXPECT_TRUE(of(judged(flow(packed(facture), "003")), "pes.p8").empty());
}

TEST(PreflightEnclosedFacture, WhatItsTiersAreDoesNotCountForTheNextOne) {
  const auto two = aller("<PES_PJ>" + pj(packed(facture), "006") + pj(packed(facture), "006") + "</PES_PJ>");
  EXPECT_EQ(of(judged(two), "pes.facture.reference_double").size(), 0U);
  EXPECT_EQ(of(judged(two), "pes.facture.centres").size(), 4U);
}

TEST(PreflightEnclosedFacture, IsOfTheTypeThatItsTitreAsksFor) {
  const auto titre =
      R"(<PES_RecetteAller><Bordereau><Piece><BlocPiece><IdPce V="51"/><Edition V="01"/><PJRef><Support V="01"/>)"
      R"(<IdUnique V="PJ1"/></PJRef></BlocPiece></Piece></Bordereau></PES_RecetteAller>)";
  const auto found = of(judged(aller(titre + ("<PES_PJ>" + pj(packed(facture), "006") + "</PES_PJ>"))),
                        "pes.facture.edition");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].expected, (Words{"TypeFact 09 pour l'édition 01", "TypeFact 09 for edition 01"}));
}

TEST(PreflightEnclosedFacture, IsHostileAndGetsNowhere) {
  const auto report =
      judged(flow(packed("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><PES_Facture>&b;"
                         "</PES_Facture>")));
  ASSERT_EQ(of(report, "pes.facture.illisible").size(), 1U);
  EXPECT_EQ(of(report, "pes.facture.illisible")[0].value, "xml.doctype");
}

TEST(PreflightPj, ContentIsLeftAloneWhereTheSwitchSaysSo) {
  Options closed;
  closed.open_pj = false;
  for (const auto& content : {std::string("%%%"), std::string(), packed(facture)}) {
    const auto report = judged(flow(content), closed);
    for (const auto* code : {"pes.p10", "pes.p8", "pes.pj.facture_absente", "pes.pj.non_verifie"})
      EXPECT_TRUE(of(report, code).empty()) << code;
  }
}

TEST(PreflightPj, AFlowThatCostsTooMuchToUnpackIsLeftAloneFromThereOn) {
  const auto kilobyte = packed(std::string(1'000, 'x'));
  const auto parsed = xml::parse(
      aller("<PES_PJ>" + pj(kilobyte, "003") + pj(kilobyte, "003") + pj("%%%", "003") + "</PES_PJ>"));
  ASSERT_TRUE(parsed);
  rules::Verdicts out({});
  out.memory<PjOptions>().unpacked = 1'500;
  const auto family = pj_family();
  rules::UnitReader reader({family.get()}, out);
  parsed->visit(reader);
  const auto report = out.take();
  ASSERT_EQ(of(report, "pes.pj.non_verifie").size(), 1U);
  EXPECT_TRUE(of(report, "pes.pj.non_verifie")[0].place.path.starts_with("/PES_Aller/PES_PJ/PJ[2]"));
  EXPECT_TRUE(of(report, "pes.p10").empty()) << "nothing is said of what was not looked at";
}

TEST(PreflightPj, OneBrokenContentSaysNothingOfTheNext) {
  const auto report = judged(aller("<PES_PJ>" + pj("%%%", "003") + pj(packed("good"), "003") + pj("", "003") +
                                   pj(packed("good"), "003") + "</PES_PJ>"));
  ASSERT_EQ(of(report, "pes.p10").size(), 2U);
  EXPECT_EQ(of(report, "pes.p10")[1].place.path, "/PES_Aller/PES_PJ/PJ[3]/Contenu/Fichier");
}

TEST(PreflightPj, ReferencesBeyondTheLimitAreSaidAndNothingIsGuessed) {
  std::string references;
  for (int i = 0; i < 11; ++i)
    references += R"(<PJRef><Support V="01"/><IdUnique V="A)" + std::to_string(i) + "\"/></PJRef>";
  const auto parsed =
      xml::parse(aller("<PES_DepenseAller><Bordereau><Piece><BlocPiece><InfoPce>" + references +
                       "</InfoPce></BlocPiece></Piece></Bordereau></PES_DepenseAller><PES_PJ>" +
                       pj(packed("x"), "003") + "</PES_PJ>"));
  ASSERT_TRUE(parsed);
  for (const std::size_t limit : {10U, 12U}) {
    rules::Verdicts out({});
    out.memory<PjOptions>().matched = limit;
    const auto family = pj_family();
    rules::UnitReader reader({family.get()}, out);
    parsed->visit(reader);
    const auto report = out.take();
    const bool beyond = limit < 11;
    EXPECT_EQ(of(report, "pes.pj.non_verifie").size(), beyond ? 1U : 0U);
    EXPECT_EQ(of(report, "pes.pj.orpheline").size(), beyond ? 0U : 1U);
    EXPECT_EQ(of(report, "pes.pj.absente").size(), beyond ? 0U : 11U);
  }
}

/// A gzip of nothing is readable: Hélios turns down what it cannot read (P10), not what is empty.
TEST(PreflightPj, AnEmptyDocumentIsSaidAndTurnsNothingDown) {
  const auto report = judged(aller("<PES_PJ>" + pj(packed(""), "003") + pj("", "003") + "</PES_PJ>"));
  ASSERT_EQ(of(report, "pes.p10").size(), 1U) << "the one that holds nothing at all";
  EXPECT_TRUE(of(report, "pes.p10")[0].place.path.starts_with("/PES_Aller/PES_PJ/PJ[2]"));
  ASSERT_EQ(of(report, "pes.pj.vide").size(), 1U);
  EXPECT_EQ(of(report, "pes.pj.vide")[0].severity, Severity::warning);
  EXPECT_TRUE(of(report, "pes.pj.non_verifie").empty());
}

/// A report in text lists findings by subject: all of one pièce must have the same.
TEST(PreflightPj, AReferenceWithoutAttachmentNamesItsPieceAsOtherFindingsDo) {
  const auto report =
      judged(aller(R"(<PES_DepenseAller><Bordereau><BlocBordereau><Exer V="2026"/><IdBord V="0007"/>)"
                   R"(</BlocBordereau><Piece><BlocPiece><InfoPce><IdPce V="0041"/></InfoPce></BlocPiece>)"
                   R"(<LigneDePiece><BlocLignePiece><InfoLignePce><IdLigne V="01"/><PJRef><Support V="01"/>)"
                   R"(<IdUnique V="AWAY"/></PJRef><PJRef><Support V="01"/></PJRef></InfoLignePce>)"
                   R"(</BlocLignePiece></LigneDePiece></Piece></Bordereau></PES_DepenseAller><PES_PJ>)" +
                   pj(packed("x"), "009") + "</PES_PJ>"));
  const auto absent = of(report, "pes.pj.absente");
  const auto other = of(report, "pes.p7");
  ASSERT_EQ(absent.size(), 1U);
  ASSERT_EQ(other.size(), 1U);
  auto expected = other[0].subject;
  EXPECT_EQ(expected.ligne, "01");
  expected.pj = "AWAY";
  EXPECT_EQ(absent[0].subject, expected);
}

/// A flow whose units hold more than we keep is judged on part of it, and this is said.
TEST(PreflightUnits, WhatIsLeftOutOfAUnitIsSaidAndNothingIsGuessed) {
  std::string fat;
  for (int i = 0; i < 100; ++i)
    fat += "<CodServ V=\"" + std::string(60'000, 'x') + "\"/>";
  for (int i = 0; i < 20'000; ++i)
    fat += "<X V=\"1\"/>";
  const auto report =
      judged(aller("<PES_DepenseAller><Bordereau><Piece><BlocPiece><InfoPce>" + fat +
                   R"(<PJRef><Support V="01"/><IdUnique V="PJ1"/></PJRef></InfoPce></BlocPiece></Piece>)"
                   "</Bordereau></PES_DepenseAller><PES_PJ>" +
                   pj(packed("x"), "003") + "</PES_PJ>"));
  const auto said = of(report, "pes.partie_trop_grande");
  ASSERT_EQ(said.size(), 1U);
  EXPECT_TRUE(said[0].place.path.ends_with("/Bordereau/Piece")) << said[0].place.path;
  EXPECT_TRUE(of(report, "pes.pj.orpheline").empty());
}

}  // namespace
}  // namespace demat::preflight::test
