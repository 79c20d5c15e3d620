#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "documents.hpp"
#include "protocols/xml/parser.hpp"
#include "protocols/xml/schema_pack.hpp"

namespace demat::xml {
namespace {

using test::document;

std::string aller(const std::string& domains) {
  return document("PES_Aller", "aller", test::envelope + domains);
}

/// The document a case starts from.
std::string base(const std::string& kind) {
  const std::string envelope = test::envelope;
  if (kind == "aller") return aller(std::string{test::depense} + test::recette + test::attachment);
  if (kind == "acquit v1") return document("PES_ACQUIT", "retour", envelope + test::acquit_v1);
  if (kind == "acquit v2") return document("PES_ACQUIT", "retour/v2", envelope + test::acquit_v2);
  return document("PES_Retour", "retour", test::retour);
}

class Pes530 : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto loaded = SchemaPack::load(DEMAT_SOURCE_DIR "/schemas/pes/5.30");
    ASSERT_TRUE(loaded) << loaded.error().en;
    pack = *loaded;
  }
  static void TearDownTestSuite() { pack.reset(); }

  static Report validate(const std::string& bytes) {
    const auto parsed = parse(bytes);
    EXPECT_TRUE(parsed) << parsed.error().en;
    return parsed ? pack->validate(*parsed) : Report{};
  }

  static inline std::shared_ptr<const SchemaPack> pack;
};

std::string first(const Report& report) {
  return report.findings.empty() ? "no finding"
                                 : report.findings.front().code + " " + report.findings.front().en;
}

TEST_F(Pes530, AcceptsEachKindOfDocument) {
  for (const auto* kind : {"aller", "acquit v1", "acquit v2", "retour"}) {
    const auto report = validate(base(kind));
    EXPECT_TRUE(report.findings.empty()) << kind << ": " << first(report);
  }
  EXPECT_TRUE(validate(aller("")).findings.empty());
}

struct Change {
  const char* kind;
  const char* from;  ///< replaced once by `to`
  const char* to;
  bool valid;
};

class Pes530Change : public Pes530, public testing::WithParamInterface<Change> {};

TEST_P(Pes530Change, KeepsItsVerdict) {
  const auto& change = GetParam();
  auto bytes = base(change.kind);
  const auto at = bytes.find(change.from);
  ASSERT_NE(at, std::string::npos) << change.from;
  bytes.replace(at, std::string{change.from}.size(), change.to);
  const auto report = validate(bytes);
  EXPECT_EQ(report.findings.empty(), change.valid)
      << change.from << " -> " << change.to << ": " << first(report);
}

INSTANTIATE_TEST_SUITE_P(
    Envelope, Pes530Change,
    testing::Values(Change{"aller", R"(NomFic V="EXEMPLE-1")", R"(NomFic V="")", false},
                    Change{"aller", R"(NomFic V="EXEMPLE-1")", R"(NomFic V="000")", false},
                    Change{"aller", R"(NomFic V="EXEMPLE-1")", R"(NomFic V="nc")", false},
                    Change{"aller", R"(<Version V="2"/>)", R"(<Version V="02"/>)", true},
                    Change{"aller", R"(CodCol V="123")", R"(CodCol V="000")", false},
                    Change{"aller", R"(CodBud V="00")", R"(CodBud V="A0")", true},
                    Change{"aller", R"(CodBud V="00")", R"(CodBud V="ZZ")", false},
                    Change{"aller", R"(IdPost V="034000")", R"(IdPost V="02A034")", true},
                    Change{"aller", R"(IdPost V="034000")", R"(IdPost V="02C034")", false},
                    Change{"aller", R"(IdColl V="00000000000000")", R"(IdColl V="")", true},
                    Change{"aller", R"(IdColl V="00000000000000")", R"(IdColl V="000000000000000")", false}));

INSTANTIATE_TEST_SUITE_P(
    Changes530, Pes530Change,
    testing::Values(
        Change{"aller", R"(IdTiers V="T-12")", R"(IdTiers V="T12")", false},
        Change{"aller", R"(ModRegl V="20")", R"(ModRegl V="21")", false},
        Change{"aller", R"(AvanceHT V="-1.00")", R"(AvanceHT V="-1.001")", false},
        Change{"aller", R"(<VentilationMarche><IdMarche V="2026M1"/>)", "<VentilationMarche>", false},
        Change{"aller", R"(Edition V="10")", R"(Edition V="11")", false},
        Change{"aller", R"(CadreFacturation V="M8")", R"(CadreFacturation V="M1")", false},
        Change{"aller", R"(<IdPce V="43"/><TypPce V="01"/>)", R"(<IdPce V="43"/><TypPce V="09"/>)", false},
        Change{"aller", R"(TypePJ V="014")", R"(TypePJ V="015")", false},
        Change{"aller", R"(<TypePJ V="014"/>)", "", true}));

INSTANTIATE_TEST_SUITE_P(
    Domains, Pes530Change,
    testing::Values(Change{"aller", R"(MtBordHT V="100.00")", R"(MtBordHT V="0")", true},
                    Change{"aller", R"(MtBordHt V="100.00")", R"(MtBordHt V="0")", false},
                    Change{"aller", "MtBordHt", "MtBordHT", false},
                    Change{"aller", R"(NbrPce V="1")", R"(NbrPce V="0")", false},
                    Change{"aller", R"(<Bordereau Id="B1">)", R"(<Bordereau Id="1B">)", false},
                    Change{"aller", "<InfoPce>", "<InfoPce>texte", false},
                    Change{"aller", R"(<CP V="34000"/>)", R"(<CP V="34000" X="1"/>)", false},
                    Change{"aller", R"(CodeDeptDomCom V="2A")", R"(CodeDeptDomCom V="00")", false},
                    Change{"aller", R"(NomPJ V="facture.pdf")", R"(NomPJ V="facture")", false},
                    Change{"aller", R"( MIMEType="application/pdf")", "", false},
                    Change{"aller", ">AAAA<", ">AAA<", false}));

INSTANTIATE_TEST_SUITE_P(
    Answers, Pes530Change,
    testing::Values(
        Change{"acquit v1", R"(EtatAck V="false")", R"(EtatAck V="non")", false},
        Change{"acquit v1", "ERREUR_PJ", "GXML_INCONNU", false},
        Change{"acquit v2", R"(DomaineAck V="99")", R"(DomaineAck V="13")", false},
        Change{"acquit v2", R"(<NumBord V="7"/>)", R"(<IdUnique V="PJ42"/>)", false},
        Change{"acquit v2", R"(<NumBord V="7"/><ExerciceBord V="2026"/>)", R"(<IdUnique V="PJ42"/>)", true},
        Change{"retour", "CodColl", "CodCol", false},
        Change{"retour", R"(EtatPce V="05")", R"(EtatPce V="03")", false},
        Change{"retour", "<BordereauORMCGlobal>", R"(<BordereauORMCGlobal><TypBord V="01"/>)", false}));

/// ds:Signature stands last in a bordereau or in the root, with a serial number longer than libxml2's
/// integers.
TEST_F(Pes530, AcceptsASignatureAtBothPlaces) {
  const std::string signature =
      R"(<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="S1"><ds:SignedInfo>
<ds:CanonicalizationMethod Algorithm="urn:c14n"/><ds:SignatureMethod Algorithm="urn:rsa"/>
<ds:Reference URI="#B1"><ds:Transforms><ds:Transform Algorithm="urn:t"/></ds:Transforms>
<ds:DigestMethod Algorithm="urn:sha256"/><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo>
<ds:SignatureValue>AAAA</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509IssuerSerial>
<ds:X509IssuerName>CN=x</ds:X509IssuerName><ds:X509SerialNumber>)" +
      std::string(48, '9') +
      R"(</ds:X509SerialNumber></ds:X509IssuerSerial><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data>
</ds:KeyInfo><ds:Object><x:Any xmlns:x="urn:x"/></ds:Object></ds:Signature>)";
  auto in_bordereau = aller(test::depense);
  in_bordereau.replace(in_bordereau.find("</Bordereau>"), 0, signature);
  const auto in_root = aller(std::string{test::depense} + signature);
  const auto misplaced = aller(signature + test::depense);
  EXPECT_TRUE(validate(in_bordereau).findings.empty()) << first(validate(in_bordereau));
  EXPECT_TRUE(validate(in_root).findings.empty()) << first(validate(in_root));
  EXPECT_FALSE(validate(misplaced).findings.empty());
}

}  // namespace
}  // namespace demat::xml
