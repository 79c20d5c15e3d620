#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "fake_gateway.hpp"
#include "tests/support/marche_flows.hpp"
#include "tests/support/rig/process.hpp"
#include "tools/dematctl/commands_marche.hpp"

namespace demat::ctl {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class MarcheCommands : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        fs::path(testing::TempDir()) /
        ("dematctl-marche-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path put(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  MarcheOptions of(const std::string& text) const { return {{put("flow.xml", text)}, {}, {}}; }

  FakeGateway gateway_;
  FakeGateway scripted_{true};
  fs::path folder_;
};

TEST_F(MarcheCommands, ShowACoveringSheet) {
  EXPECT_EQ(marche_show(gateway_.output, of(samples::marche_flow())), Exit::ok);
  const auto sheet = gateway_.out.str();
  for (const auto* part :
       {"MARCHÉ 2026VOIRIE01", "séquence 1, modification 00", "appel d'offres ouvert",
        "120 000,00 €, TVA 24 000,00 €", "24 mois, au plus 36 mois, reconduction tacite", "12/03/2026",
        "Agglo du Bassin inventé", "    Signalisation Lorvigne (sous-traitant)",
        "groupement conjoint, 2 entreprises", "acte_engagement.pdf", "SIRET 80000001000010", "FR76…185"})
    EXPECT_THAT(sheet, HasSubstr(part));
  EXPECT_THAT(sheet, Not(HasSubstr("FR7630001007941234567890185")));  // accounts are masked
  EXPECT_THAT(sheet, Not(HasSubstr("Modifications")));
}

TEST_F(MarcheCommands, ShowModificationsByDate) {
  EXPECT_EQ(marche_show(gateway_.output, of(samples::marche_modification_flow())), Exit::ok);
  const auto sheet = gateway_.out.str();
  const auto declared = sheet.find("02/05/2026");
  const auto longer = sheet.find("10/06/2026");
  const auto transferred = sheet.find("01/07/2026");
  ASSERT_NE(declared, std::string::npos);
  EXPECT_LT(declared, longer);
  EXPECT_LT(longer, transferred);
  EXPECT_THAT(sheet, HasSubstr("30 mois (+6 mois)"));
}

TEST_F(MarcheCommands, ShowEveryContractOfEveryFile) {
  auto options = of(samples::concession_flow());
  options.files.push_back(put("other.xml", samples::marche_flow()));
  EXPECT_EQ(marche_show(gateway_.output, options), Exit::ok);
  const auto sheet = gateway_.out.str();
  EXPECT_THAT(sheet, HasSubstr("CONCESSION 2025HALLES"));
  EXPECT_THAT(sheet, HasSubstr("2 400 000,00 €"));
  EXPECT_THAT(sheet, HasSubstr("Etal decouvert, le metre"));
  EXPECT_THAT(sheet, HasSubstr("MARCHÉ 2026VOIRIE01"));
}

TEST_F(MarcheCommands, ShowAsJson) {
  EXPECT_EQ(marche_show(scripted_.output, of(samples::marche_modification_flow())), Exit::ok);
  const auto contract = boost::json::parse(scripted_.out.str()).as_object();
  EXPECT_EQ(contract.at("contrat").as_string(), "2026VOIRIE01");
  EXPECT_EQ(contract.at("montant_ht").as_string(), "120000.00");
  EXPECT_EQ(contract.at("procedure").at("libelle").as_string(), "appel d'offres ouvert");
  EXPECT_EQ(contract.at("titulaires").as_array().size(), 2U);
  EXPECT_EQ(contract.at("modifications").as_array().size(), 4U);
  const auto& part = contract.at("ventilation").as_array().at(0).at("titulaires").as_array().at(0);
  EXPECT_EQ(part.at("sous_traitants").as_array().at(0).at("duree_mois").as_string(), "6");
  EXPECT_FALSE(contract.contains("donnees_execution"));
}

TEST_F(MarcheCommands, JsonSaysWhatWasNotRead) {
  std::string many;
  for (std::size_t i = 0; i < 10'001; ++i)
    many += "<Acheteur><IdAcheteur V=\"1\"/></Acheteur>";
  const auto flow = samples::edited(samples::marche_flow(), "<Acheteurs>", "<Acheteurs>" + many);
  EXPECT_EQ(marche_show(scripted_.output, of(flow)), Exit::ok);
  const auto contract = boost::json::parse(scripted_.out.str()).as_object();
  EXPECT_GT(contract.at("elements_non_lus").to_number<std::size_t>(), 0U);
  EXPECT_EQ(marche_decp(gateway_.output, of(flow)), Exit::refused);
  EXPECT_THAT(gateway_.out.str(), HasSubstr("elements_non_lus"));
}

TEST_F(MarcheCommands, ShowOneContractOrSayThatItIsNotThere) {
  auto options = of(samples::marche_flow());
  options.contract = "2026VOIRIE01";
  EXPECT_EQ(marche_show(gateway_.output, options), Exit::ok);
  options.contract = "2026AUTRE";
  EXPECT_EQ(marche_show(gateway_.output, options), Exit::not_found);
  EXPECT_THAT(gateway_.err.str(), HasSubstr("ctl.no_contract"));
}

TEST_F(MarcheCommands, RefuseWhatIsNoXmlOrNoFile) {
  EXPECT_EQ(marche_show(gateway_.output, of("IdContrat;2026")), Exit::refused);
  EXPECT_EQ(marche_show(gateway_.output, {{folder_ / "absent.xml"}, {}, {}}), Exit::usage);
}

TEST_F(MarcheCommands, DeriveEssentialData) {
  EXPECT_EQ(marche_decp(gateway_.output, of(samples::marche_flow())), Exit::ok);
  EXPECT_THAT(gateway_.out.str(), HasSubstr("<marches>"));
  EXPECT_THAT(gateway_.out.str(), HasSubstr("<id>21340000500012</id>"));
  EXPECT_EQ(gateway_.err.str(), "");
}

TEST_F(MarcheCommands, ListWhatIsMissingAndTakeIt) {
  auto options = of(samples::concession_flow());
  EXPECT_EQ(marche_decp(gateway_.output, options), Exit::refused);
  EXPECT_THAT(gateway_.out.str(), HasSubstr("--set considerationsSociales=…"));
  EXPECT_THAT(gateway_.out.str(), Not(HasSubstr("<marches>")));
  EXPECT_THAT(gateway_.err.str(), HasSubstr("decp.incomplete"));
  EXPECT_EQ(marche_decp(scripted_.output, options), Exit::refused);
  std::istringstream lines(scripted_.out.str());
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  EXPECT_EQ(boost::json::parse(line).at("item").as_string(), "considerationsSociales");
  options.given = {"considerationsSociales=Critère social",
                   "considerationsEnvironnementales=Pas de considération environnementale"};
  FakeGateway again;
  EXPECT_EQ(marche_decp(again.output, options), Exit::ok);
  EXPECT_THAT(again.out.str(), HasSubstr("<considerationSociale>Critère social</considerationSociale>"));
}

TEST_F(MarcheCommands, RefuseItemsThatDoNotExist) {
  for (const std::string given : {"couleur=bleu", "offresRecues=0", "offresRecues"}) {
    FakeGateway gateway;
    auto options = of(samples::marche_flow());
    options.given = {given};
    EXPECT_EQ(marche_decp(gateway.output, options), Exit::usage) << given;
    EXPECT_THAT(gateway.err.str(), HasSubstr("decp.item")) << given;
  }
}

/// The program itself: files and options in any order, no gateway and no configuration.
TEST_F(MarcheCommands, TakeTheirOptionsInAnyOrder) {
  const auto file = put("flow.xml", samples::concession_flow()).string();
  const std::string social = "considerationsSociales=Critère social";
  const std::string green = "considerationsEnvironnementales=Clause environnementale";
  const std::vector<std::pair<std::vector<std::string>, int>> lines{
      {{"marche", "show", file, "--contract", "2025HALLES"}, 0},
      {{"marche", "show"}, 2},
      {{"marche", "decp", file}, 1},
      {{"marche", "decp", "--set", social, "--set", green, file}, 0},
      {{"marche", "decp", file, "--set", social, "--set", green}, 0}};
  for (const auto& [line, exit] : lines) {
    std::vector<std::string> arguments{"/usr/bin/env", "-i", "HOME=" + folder_.string(), DEMATCTL_PROGRAM};
    arguments.insert(arguments.end(), line.begin(), line.end());
    const auto log = folder_ / "log";
    EXPECT_EQ(rig::run(arguments, log), exit) << rig::read_file(log);
  }
}

}  // namespace
}  // namespace demat::ctl
