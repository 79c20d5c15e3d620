#include "protocols/marche/marche_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "protocols/xml/parser.hpp"
#include "tests/support/marche_cases.hpp"
#include "tests/support/marche_flows.hpp"
#include "tests/support/shared.hpp"

namespace demat::marche {
namespace {

using samples::concession_flow;
using samples::edited;
using samples::marche_flow;

Report judged(const std::string& xml, rules::Options options = {}) {
  rules::Verdicts verdicts(std::move(options));
  MarcheRules visitor(verdicts);
  const MemorySource source(xml);
  EXPECT_TRUE(xml::stream(source, visitor).has_value());
  return verdicts.take();
}

std::map<std::string, std::size_t> counted(const Report& report) {
  std::map<std::string, std::size_t> out;
  for (const auto& finding : report.findings)
    ++out[finding.code];
  return out;
}

std::vector<std::string> codes(const Report& report) {
  std::vector<std::string> out;
  for (const auto& finding : report.findings)
    out.push_back(finding.code);
  return out;
}

std::string said(const Report& report) {
  std::string out;
  for (const auto& finding : report.findings)
    out += finding.code + " " + finding.place.path + ": " + finding.fr + "\n";
  return out;
}

TEST(MarcheRules, find_nothing_in_flows_that_are_right) {
  for (const auto& flow : samples::right_marche_flows())
    EXPECT_EQ(said(judged(flow)), "");
  EXPECT_EQ(said(judged("<PES_Aller><PES_DepenseAller/></PES_Aller>")), "");
}

TEST(MarcheRules, each_finds_what_breaks_it_and_no_other_does) {
  for (const auto& one : samples::broken_marche_flows()) {
    const auto report = judged(one.text);
    EXPECT_EQ(counted(report), (std::map<std::string, std::size_t>{{one.code, 1}})) << one.what << "\n"
                                                                                    << said(report);
  }
}

TEST(MarcheRules, all_have_a_case) {
  std::set<std::string> tried;
  for (const auto& one : samples::broken_marche_flows())
    tried.insert(one.code);
  std::set<std::string> known;
  for (const auto* rule : marche_rules()) {
    EXPECT_TRUE(known.insert(std::string(rule->code)).second) << rule->code;
    EXPECT_FALSE(rule->fr.empty() || rule->en.empty() || rule->title_fr.empty() || rule->title_en.empty() ||
                 rule->remedy_fr.empty() || rule->remedy_en.empty() || rule->source.empty())
        << rule->code;
  }
  EXPECT_EQ(tried, known);
}

TEST(MarcheRules, are_silent_where_a_sum_is_beyond_what_is_counted) {
  constexpr int many = 1'000;
  std::string buyers;
  std::string shares;
  for (int i = 0; i < many; ++i) {
    buyers += "<Acheteur><IdAcheteur V=\"" + std::to_string(i) +
              "\"/><MontantHTEstime V=\"99999999999999.99\"/></Acheteur>";
    shares += "<VentilationTitulaire><IdTitulaire V=\"" + std::to_string(i) +
              "\"/><MontantHTNotifie V=\"99999999999999.99\"/></VentilationTitulaire>";
  }
  const auto flow = edited(edited(marche_flow(), "<Acheteurs>", "<Acheteurs>" + buyers),
                           "<VentilationsTitulaire>", "<VentilationsTitulaire>" + shares);
  const auto found = counted(judged(flow));
  EXPECT_FALSE(found.contains("pes.marche.montant_estime_acheteurs"));
  EXPECT_FALSE(found.contains("pes.marche.ventilation_ht"));
}

TEST(MarcheRules, find_a_sequence_again_behind_another) {
  const auto flow = marche_flow();
  const auto from = flow.find("<Marche>");
  const auto contract = flow.substr(from, flow.find("</Marches>") - from);
  const auto second = edited(contract, "<SequenceEnvoi V=\"1\"/>", "<SequenceEnvoi V=\"2\"/>");
  const auto report = judged(edited(flow, "</Marches>", second + contract + "</Marches>"));
  EXPECT_EQ(counted(report)["pes.marche.sequence_double"], 1U) << said(report);
  EXPECT_EQ(counted(report)["pes.marche.meme_flux"], 1U) << said(report);
}

TEST(MarcheRules, say_which_contract_where_and_what_is_expected) {
  const auto report = judged(
      edited(marche_flow(), R"(<MontantTVANotifie V="5000.00"/>)", R"(<MontantTVANotifie V="4000.00"/>)"));
  ASSERT_EQ(report.findings.size(), 1U);
  const auto& finding = report.findings[0];
  EXPECT_EQ(finding.severity, Severity::error);
  EXPECT_EQ(finding.subject.domaine, "marche");
  EXPECT_EQ(finding.subject.marche, "2026VOIRIE01");
  EXPECT_EQ(finding.value, "8000.00");
  EXPECT_EQ(finding.expected.fr, "7000.00");
  EXPECT_EQ(finding.place.path,
            "/PES_Aller/PES_Marche/Marches/Marche/VentilationsAcheteurs/VentilationAcheteur[2]/"
            "MontantTVANotifie");
  EXPECT_GT(finding.place.line, 100U);
  EXPECT_FALSE(finding.remedy.fr.empty());
}

TEST(MarcheRules, show_accounts_and_persons_masked) {
  const auto bank =
      judged(edited(marche_flow(), "FR7630001007941234567890185", "FR7630001007941234567890186"));
  ASSERT_EQ(bank.findings.size(), 1U);
  EXPECT_EQ(bank.findings[0].fr.find("1007941234567"), std::string::npos);
  const auto person = judged(edited(
      edited(concession_flow(), "<NatIdConcessionnaire V=\"05\"/>", "<NatIdConcessionnaire V=\"11\"/>"),
      "DE123456789", "1810XVANNESDURANDMATHIEU"));
  ASSERT_EQ(person.findings.size(), 1U);
  EXPECT_EQ(person.findings[0].fr.find("DURAND"), std::string::npos);
}

TEST(MarcheRules, show_no_number_of_a_person_under_whatever_nature) {
  constexpr std::string_view nir = "185027800608436";
  for (const std::string_view nature : {"01", "05", "06", "07", "10"}) {
    const auto report = judged(edited(edited(concession_flow(), "<NatIdConcessionnaire V=\"05\"/>",
                                             "<NatIdConcessionnaire V=\"" + std::string(nature) + "\"/>"),
                                      "DE123456789", nir));
    EXPECT_FALSE(report.findings.empty()) << nature;
    for (const auto& finding : report.findings)
      EXPECT_EQ(finding.fr.find(nir), std::string::npos) << nature << " " << finding.fr;
  }
}

TEST(MarcheRules, of_5_30_are_not_asked_of_5_17) {
  const auto flow = edited(marche_flow(), R"(<OrigineFrance V="0.2"/>)", R"(<OrigineFrance V="0.6"/>)");
  EXPECT_THAT(codes(judged(flow, {.version = "5.30"})), testing::ElementsAre("pes.marche.origine"));
  EXPECT_THAT(codes(judged(flow, {.version = "5.17"})), testing::IsEmpty());
}

/// What the rules say of the published documents, so that a change of the rules is seen.
TEST(MarcheRules, of_published_documents) {
  const auto shared = samples::shared_folder(DEMAT_SOURCE_DIR);
  if (!shared || !std::filesystem::exists(*shared / "fixtures" / "pes-marche"))
    GTEST_SKIP() << "the reference material (../shared, or DEMAT_SHARED) is not here";
  const std::map<std::string, std::map<std::string, std::size_t>> expected{
      {"PES_MARCHE.xml",
       {{"pes.marche.groupement_type", 1},
        {"pes.marche.iban", 4},
        {"pes.marche.ventilation_ht", 1},
        {"pes.marche.ventilation_titulaire_double", 1}}},
      {"derived_PES_MARCHE_agysoft_5.17.xml",
       {{"pes.marche.groupement_type", 1},
        {"pes.marche.modification_premier_envoi", 1},
        {"pes.marche.ventilation_ht", 1},
        {"pes.marche.ventilation_titulaire_double", 1}}},
      {"gen_PES_Marche_concession_max.xml",
       {{"pes.marche.concessionnaire_double", 2},
        {"pes.marche.id_contrat", 2},
        {"pes.marche.modification_premier_envoi", 2},
        {"pes.marche.numero_premier_envoi", 2},
        {"pes.marche.operateur_identifiant", 4},
        {"pes.marche.premier_envoi", 2},
        {"pes.marche.sequence_double", 1}}},
      {"gen_PES_Marche_concession_min.xml",
       {{"pes.marche.operateur_siret", 1}, {"pes.marche.premier_envoi", 1}}},
      {"gen_PES_Marche_max.xml",
       {{"pes.marche.acheteur_double", 2},
        {"pes.marche.acheteur_siret", 8},
        {"pes.marche.autoliquidation", 16},
        {"pes.marche.concessionnaire_double", 2},
        {"pes.marche.cpv", 6},
        {"pes.marche.duree_modifiee", 2},
        {"pes.marche.id_contrat", 2},
        {"pes.marche.modification_premier_envoi", 4},
        {"pes.marche.montant_estime_acheteurs", 2},
        {"pes.marche.multi_budget", 2},
        {"pes.marche.numero_premier_envoi", 4},
        {"pes.marche.operateur_identifiant", 21},
        {"pes.marche.pj_nom", 4},
        {"pes.marche.premier_envoi", 4},
        {"pes.marche.regime_avance", 20},
        {"pes.marche.rib", 8},
        {"pes.marche.sequence_double", 2},
        {"pes.marche.ventilation_ht", 4},
        {"pes.marche.ventilation_sous_traitant_double", 8},
        {"pes.marche.ventilation_titulaire_double", 4},
        {"pes.marche.ventilation_tva", 4}}},
  };
  for (const auto& entry : std::filesystem::directory_iterator(*shared / "fixtures" / "pes-marche")) {
    const auto name = entry.path().filename().string();
    const auto bytes = samples::read_file(entry.path());
    rules::Verdicts verdicts({});
    MarcheRules visitor(verdicts);
    const MemorySource source(bytes);
    if (!xml::stream(source, visitor)) continue;  // not well-formed
    const auto report = verdicts.take();
    // Mutants have a fault that only the schema sees.
    const auto& known = expected.at(name.starts_with("mut_") ? "gen_PES_Marche_concession_min.xml" : name);
    EXPECT_EQ(counted(report), known) << name << "\n" << said(report);
  }
}

TEST(MarcheRules, follow_the_configured_severity) {
  const auto flow = edited(marche_flow(), R"(<CodBud V="00"/>)", R"(<CodBud V="02"/>)");
  const auto report =
      judged(flow, {.version = "", .severities = {{"pes.marche.multi_budget", Severity::error}}});
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].severity, Severity::error);
}

}  // namespace
}  // namespace demat::marche
