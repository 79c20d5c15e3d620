#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "documents.hpp"
#include "protocols/pes/acquit.hpp"
#include "protocols/xml/parser.hpp"
#include "protocols/xml/schema_pack.hpp"
#include "tests/support/invented.hpp"
#include "tests/support/pes_domains.hpp"

/// The samples of facture, marché and returns: valid under our packs, and telling one story from one file to
/// the next.
namespace demat::samples {
namespace {

using pes::test::codes;
using pes::test::judge;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

FlowOutline outline(const std::string& flow) {
  auto out = outline_of(xml::MemorySource(flow));
  if (!out) throw std::runtime_error(out.error().en);
  return std::move(*out);
}

struct Sample {
  const char* name;
  std::string (*write)();
  bool since_517 = true;
};

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all{
      {"facture", [] { return facture(); }},
      {"patients", [] { return facture({}, {.type = "10"}); }},
      {"titres with their ASAP", [] { return recette_with_asap({}, {.titres = 3}); }},
      {"marche", [] { return marche(); }},
      {"marche without file", [] { return marche({}, {.attachment = false}); }},
      {"amendment", [] { return marche({}, {.modification = 1, .sequence = 2}); }},
      {"correction", [] { return marche({}, {.sequence = 2, .corrective = true}); }},
      {"concession", [] { return concession(); }},
      {"changed concession", [] { return concession({}, {.modification = 1, .sequence = 2}); }},
      {"acquit of a return", [] { return acquit_retour({}, "PES2R_DEP_P_123.xml"); }},
      {"client return", [] { return client_retour(outline(recette())); }},
      {"asap return", [] { return asap_retour(outline(recette_with_asap({}, {.titres = 4}))); }, false}};
  return all;
}

class DomainSamples : public testing::TestWithParam<const char*> {};

TEST_P(DomainSamples, AreValidUnderThePack) {
  const std::string version = GetParam();
  const auto pack = xml::SchemaPack::load(std::filesystem::path{DEMAT_SOURCE_DIR} / "schemas/pes" / version);
  ASSERT_TRUE(pack) << pack.error().en;
  for (const auto& sample : samples()) {
    const auto parsed = xml::parse(sample.write());
    ASSERT_TRUE(parsed) << sample.name << ": " << parsed.error().en;
    const auto report = (*pack)->validate(*parsed);
    if (sample.since_517 || version != "5.17")
      EXPECT_THAT(codes(report), IsEmpty()) << sample.name << ": " << report.findings.front().en;
    else
      EXPECT_THAT(codes(report), Not(IsEmpty())) << sample.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Packs, DomainSamples, testing::Values("5.17", "5.30"));

TEST(DomainSamples, PassTheStructuralRulesWhenTheGatewaySigns) {
  pes::RuleOptions options;
  options.gateway_will_sign = true;
  for (const auto& flow : {facture(), recette_with_asap(), marche(), concession()})
    EXPECT_THAT(codes(judge(flow, options).report), IsEmpty());
}

TEST(DomainSamples, TitresAndTheirInvoicesHaveTheSameAmounts) {
  const AsapShape shape{.titres = 1, .lignes = 3, .seed = 9};
  const auto invoice = facture({}, shape);
  const auto flow = recette_with_asap({}, shape);
  const auto total = [](const std::string& text, std::string_view name) {
    const auto at = text.find("<" + std::string(name) + " V=\"") + name.size() + 5;
    return text.substr(at, text.find('"', at) - at);
  };
  EXPECT_EQ(total(invoice, "MtTotalHT"), total(flow, "MtBordHt"));
  EXPECT_EQ(total(invoice, "MtTotalTVA"), total(flow, "MtBordTVA"));
}

TEST(DomainSamples, AskForEachAsapByItsOwnIdentifier) {
  const auto flow = outline(recette_with_asap({}, {.titres = 3, .first_titre = 7}));
  EXPECT_THAT(flow.pj, ElementsAre("ASAP2026B1T7", "ASAP2026B1T8", "ASAP2026B1T9"));
  const auto answer = asap_retour(flow);
  EXPECT_THAT(answer, HasSubstr(R"(<IdUniquePJASAP V="ASAP2026B1T8"/>)"));
  EXPECT_THAT(answer, HasSubstr(R"(<MotifRejetPostalisation V="02"/>)"));
}

TEST(DomainSamples, SendingsOfAContractShareItsParties) {
  const auto first = marche();
  const auto second = marche({}, {.modification = 1, .sequence = 2});
  const auto id = [](const std::string& text) {
    const auto at = text.find("<IdTitulaire V=\"");
    return text.substr(at, text.find("/>", at) - at);
  };
  EXPECT_EQ(id(first), id(second));
  EXPECT_THAT(first, Not(HasSubstr("ModificationsMarche")));
  EXPECT_THAT(second, HasSubstr(R"(<DeltaMontantHTNotifie V="2500.00"/>)"));
}

TEST(DomainSamples, AcquitsNameTheContract) {
  const auto flow = outline(marche({}, {.id_contrat = "2026AB/7"}));
  EXPECT_THAT(flow.contracts, ElementsAre("2026AB/7"));
  const auto text = acquit(flow, Verdict::mixed);
  EXPECT_THAT(text, HasSubstr(R"(<IdMarche V="2026AB/7"/>)"));
  const auto decoded = pes::decode_acquit(xml::MemorySource(text));
  ASSERT_TRUE(decoded) << decoded.error().detail;
  EXPECT_STREQ(to_string(decoded->verdict), to_string(pes::AcquitVerdict::partly_rejected));
}

}  // namespace
}  // namespace demat::samples
