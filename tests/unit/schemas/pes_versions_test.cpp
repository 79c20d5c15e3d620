#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <regex>
#include <string>

#include "protocols/xml/parser.hpp"
#include "protocols/xml/schema_pack.hpp"
#include "tests/support/pes_domains.hpp"

/// What packs 5.17 and 5.30 say of the same change in a sample. The first six groups are the whole list of
/// what 5.30 refuses and 5.17 accepted (pes530 §2).
namespace demat::xml {
namespace {

enum class Valid { both, only_517, only_530, none };

struct Change {
  const char* name;
  const char* kind;
  const char* from;  ///< a regular expression; its first match is replaced by `to`
  const char* to;
  Valid valid;
};

std::string base(const std::string& kind) {
  namespace s = samples;
  if (kind == "depense") return s::depense({}, {.pieces = 1});
  if (kind == "recette") return s::recette({}, {.pieces = 1}, s::sample_attachments(1, 100, 1));
  if (kind == "facture") return s::facture({}, {.titres = 1, .lignes = 1});
  if (kind == "patient") return s::facture({}, {.titres = 1, .type = "10"});
  if (kind == "marche") return s::marche({}, {.modification = 1, .sequence = 2});
  if (kind == "concession") return s::concession();
  if (kind == "acquit_retour") return s::acquit_retour({}, "PES2R_DEP_P_123.xml");
  const auto flow = s::recette_with_asap();
  const auto outline = s::outline_of(MemorySource(flow));
  EXPECT_TRUE(outline);
  return kind == "client" ? s::client_retour(*outline) : s::asap_retour(*outline);
}

class PesVersions : public testing::TestWithParam<Change> {
 protected:
  static void SetUpTestSuite() {
    for (const auto* version : {"5.17", "5.30"}) {
      auto loaded = SchemaPack::load(std::string{DEMAT_SOURCE_DIR "/schemas/pes/"} + version);
      ASSERT_TRUE(loaded) << loaded.error().en;
      packs[version] = *loaded;
    }
  }
  static void TearDownTestSuite() { packs.clear(); }

  static void expect(const std::string& version, const std::string& bytes, bool valid) {
    const auto parsed = parse(bytes);
    ASSERT_TRUE(parsed) << parsed.error().en;
    const auto report = packs.at(version)->validate(*parsed);
    EXPECT_EQ(report.findings.empty(), valid)
        << version << ": " << (report.findings.empty() ? "no finding" : report.findings.front().en);
  }

  static inline std::map<std::string, std::shared_ptr<const SchemaPack>> packs;
};

TEST_P(PesVersions, GiveTheirVerdicts) {
  const auto& change = GetParam();
  auto bytes = base(change.kind);
  const std::regex from{change.from};
  ASSERT_TRUE(std::regex_search(bytes, from)) << change.from;
  bytes = std::regex_replace(bytes, from, change.to, std::regex_constants::format_first_only);
  expect("5.17", bytes, change.valid == Valid::both || change.valid == Valid::only_517);
  expect("5.30", bytes, change.valid == Valid::both || change.valid == Valid::only_530);
}

std::string name_of(const testing::TestParamInfo<Change>& info) {
  return info.param.name;
}

constexpr const char* electronic_invoice = R"(</TotalAPayer><DossierFElectronique><VendeurGestionnaire>
<RSVendeur V="REGIE"/><IdentifiantSIRET V="21340000500012"/><NomVendeur V="REGIE"/><AdrElectronique V="21340000500012"/>
<CadreFacturationVendeur V="S1"/><LigneFElectronique><Date V="2026-01-15"/><MtBase V="1"/>
<IdentifiantLigneFacture V="1"/><Libelle V="Prestation"/><MtHT V="1"/><CodeTypeTVA V="O"/><TauxTVA V="0"/>
</LigneFElectronique></VendeurGestionnaire><Acheteur><RSAcheteur V="ETAT"/><IdentifiantSIRET V="11000201100044"/>
<AdrElectronique V="11000201100044"/></Acheteur></DossierFElectronique>)";

INSTANTIATE_TEST_SUITE_P(
    RefusedSince530, PesVersions,
    testing::Values(
        Change{"ShortIdTiersOfADebtor", "recette", "<InfoTiers>", R"(<InfoTiers><IdTiers V="T12"/>)",
               Valid::only_517},
        Change{"OldBordereau", "recette", R"(DteBordEm V="2026)", R"(DteBordEm V="1826)", Valid::only_517},
        Change{"OldBordereauOfDepense", "depense", R"(DteBordEm V="2026)", R"(DteBordEm V="1826)",
               Valid::both},
        Change{"SurchargeTitre", "recette", R"(<TypPce V="01"/>)", R"(<TypPce V="09"/>)", Valid::only_517},
        Change{"FreeLine", "facture", R"(<MtHT V="[^"]*")", R"(<MtHT V="0.00")", Valid::only_517},
        Change{
            "LongIdentifier", "marche", R"(<IdTitulaire V="[^"]*")",
            R"(<IdTitulaire V="FR90123456789012345678901234567890123456789012345678901234567890123456789012345678901")",
            Valid::only_517},
        Change{"LettersInTheRank", "marche", R"(NumeroOrdreModification V="01")",
               R"(NumeroOrdreModification V="A1")", Valid::only_517},
        Change{"LettersInTheRankOfAConcession", "concession", R"(NumeroOrdreModification V="00")",
               R"(NumeroOrdreModification V="X1")", Valid::only_517}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    AcceptedSince530, PesVersions,
    testing::Values(
        Change{"IdTiersWithSigns", "recette", "<InfoTiers>", R"(<InfoTiers><IdTiers V="T-12/34"/>)",
               Valid::only_530},
        Change{"ElectronicInvoice", "facture", "</TotalAPayer>", electronic_invoice, Valid::only_530},
        Change{"RoleInvoice", "facture", R"(TypeFact V="09")", R"(TypeFact V="11")", Valid::only_530},
        Change{"NoSubsidy", "concession", R"(MontantSubventionPublique V="1000.00")",
               R"(MontantSubventionPublique V="0")", Valid::only_530},
        Change{"WorksOversight", "marche", R"(CCAGReference V="01")", R"(CCAGReference V="07")",
               Valid::only_530},
        Change{"Innovation", "marche", R"(<CCAGReference V="01"/>)",
               R"(<CCAGReference V="01"/><MarcheInnovant V="1"/>)", Valid::only_530},
        Change{"UpdatedAmount", "marche", R"(<DateSignature V=)",
               R"(<MontantHTActualise V="1"/><DateSignature V=)", Valid::only_530},
        Change{"FileIdentifierWithDashes", "recette", R"(<Identifiant V="1"/>)", R"(<Identifiant V="1-2"/>)",
               Valid::only_530},
        Change{"ComplementOfInvoice", "recette", R"(TypePJ V="002")", R"(TypePJ V="014")", Valid::only_530},
        Change{"PaidByEnergyCheque", "depense", R"(ModRegl V="03")", R"(ModRegl V="13")", Valid::only_530}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    NewDomains, PesVersions,
    testing::Values(
        Change{"PatientWithoutFile", "patient", "<DossierPatient>", "<DossierPatient><Inconnu/>",
               Valid::none},
        Change{"AdvanceAlone", "patient", R"(<MtRestantDu V=)", R"(<MtAvance V="1"/><MtRestantDu V=)",
               Valid::none},
        Change{"OddContract", "marche", R"(IdContrat V="2026)", R"(IdContrat V="1999)", Valid::none},
        Change{"SequenceZero", "marche", R"(SequenceEnvoi V="2")", R"(SequenceEnvoi V="0")", Valid::none},
        Change{"CpvWithoutKey", "marche", R"(CodeCPV V="45261000-4")", R"(CodeCPV V="45261000")",
               Valid::both},
        Change{"ShortCpv", "marche", R"(CodeCPV V="45261000-4")", R"(CodeCPV V="4526100")", Valid::none},
        Change{"ActZero", "marche", R"(<NumeroActe V="01"/>)", R"(<NumeroActe V="00"/>)", Valid::none},
        Change{"DeltaAlone", "marche", R"(<DeltaMontantHTNotifie)",
               R"(<DeltaDureeEnMois V="1"/><DeltaMontantHTNotifie)", Valid::none},
        Change{"MonthAsAWord", "marche", R"(MoisAnnee V="01-2026")", R"(MoisAnnee V="13-2026")", Valid::none},
        Change{"OtherFileType", "marche", R"(<TypePJ V="009"/>)", R"(<TypePJ V="001"/>)", Valid::none},
        Change{"FreeContractOfConcession", "concession", R"(IdContrat V="2026)", R"(IdContrat V="DSP-)",
               Valid::both},
        Change{"DomainFifteen", "acquit_retour", R"(DomaineAckRetour V="13")", R"(DomaineAckRetour V="15")",
               Valid::none},
        Change{"NegativeRest", "client", R"(RarFrais V="0.00")", R"(RarFrais V="-3.00")", Valid::both},
        Change{"AsapReturn", "asap", R"(TypPce V="01")", R"(TypPce V="01")", Valid::only_530},
        Change{"AsapReturnOfAMandat", "asap", R"(TypPce V="01")", R"(TypPce V="03")", Valid::none}),
    name_of);

}  // namespace
}  // namespace demat::xml
