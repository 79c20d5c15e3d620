#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_gateway.hpp"
#include "tests/support/pes_samples.hpp"
#include "tools/dematctl/commands_check.hpp"

namespace demat::ctl {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

const char* const refusal = R"({"accepted":false,"nom_fic":"EXEMPLE-1","pack":"pes 5.30","would_sign":true,
  "findings":[{"code":"pes.p2","severity":"error","fr":"Valeur absente.","en":"Value missing.",
  "subject":{"domaine":"depense","bordereau":"3","piece":"9"},"place":{"line":12,"path":"/PES_Aller"}}]})";

class CheckTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        fs::path(testing::TempDir()) /
        ("dematctl-check-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path put(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  static std::string read(const fs::path& file) {
    const std::ifstream in(file);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }
  static OfflineOptions offline() {
    return {.offline = true, .schemas = fs::path(DEMAT_SOURCE_DIR) / "schemas", .to_be_signed = true};
  }

  fs::path folder_;
  FakeGateway gateway_;
  FakeGateway scripted_{true};
};

TEST_F(CheckTest, ShowsFindingsWhereTheyAre) {
  gateway_.answers("POST /v1/check", 200, refusal);
  Session session = gateway_.session();
  EXPECT_EQ(check(session, {{"a.xml"}}), Exit::refused);
  for (const char* text : {"Contrôle de a.xml", "EXEMPLE-1", "Dépense, bordereau 3", "  mandat 9\n",
                           "[pes.p2]", "ligne / line 12", "Valeur absente.", "en: Value missing.",
                           "/PES_Aller", "refusé : 1 erreur", "La passerelle signerait"})
    EXPECT_THAT(gateway_.out.str(), HasSubstr(text));
  EXPECT_THAT(gateway_.out.str(), Not(HasSubstr("\x1b")));
}

TEST_F(CheckTest, SpeaksOneLanguageWhenAsked) {
  gateway_.answers("POST /v1/check", 200, refusal);
  Session session = gateway_.session();
  EXPECT_EQ(check(session, {{"a.xml"}, {.language = "fr"}}), Exit::refused);
  EXPECT_THAT(gateway_.out.str(), Not(HasSubstr("Value missing.")));
}

TEST_F(CheckTest, GivesTheWholeAnswerToScripts) {
  scripted_.answers("POST /v1/check", 200, refusal);
  Session session = scripted_.session();
  EXPECT_EQ(check(session, {{"a.xml"}}), Exit::refused);
  const auto line = boost::json::parse(scripted_.out.str()).as_object();
  EXPECT_EQ(line.at("file").as_string(), "a.xml");
  EXPECT_EQ(line.at("findings").as_array().size(), 1U);
}

TEST_F(CheckTest, WritesAPageOrOnePerFile) {
  gateway_.answers("POST /v1/check", 200, refusal);
  Session session = gateway_.session();
  EXPECT_EQ(check(session, {{"a.xml"}, {.html = folder_ / "a.html"}}), Exit::refused);
  EXPECT_THAT(read(folder_ / "a.html"), HasSubstr("<h2 id=\"s1\">Dépense, bordereau 3</h2>"));
  EXPECT_EQ(check(session, {{"a.xml", "x/b.xml"}, {.html = folder_}}), Exit::refused);
  EXPECT_THAT(read(folder_ / "b.xml.html"), HasSubstr("Contrôle de b.xml"));
  EXPECT_EQ(check(session, {{"a.xml"}, {.html = folder_ / "made" / "a.html"}}), Exit::refused);
  EXPECT_THAT(read(folder_ / "made" / "a.html"), HasSubstr("Contrôle de a.xml"));
  const auto taken = put("file", "");
  EXPECT_EQ(check(session, {{"a.xml"}, {.html = taken / "a.html"}}), Exit::usage);
  EXPECT_THAT(gateway_.err.str(), HasSubstr("ctl.file"));
}

TEST_F(CheckTest, PagesOfOneNameAreAllKept) {
  for (const char* name : {"EXEMPLE-1", "EXEMPLE-2", "EXEMPLE-3"})
    gateway_.answers("POST /v1/check", 200,
                     R"({"accepted":true,"findings":[],"nom_fic":")" + std::string(name) + "\"}");
  Session session = gateway_.session();
  const auto pages = folder_ / "pages";
  EXPECT_EQ(check(session, {{"a/x.xml", "b/x.xml", "c/X.xml"}, {.html = pages}}), Exit::ok);
  EXPECT_THAT(read(pages / "x.xml.html"), HasSubstr("EXEMPLE-1"));
  EXPECT_THAT(read(pages / "x.xml-2.html"), HasSubstr("EXEMPLE-2"));
  EXPECT_THAT(read(pages / "X.xml-3.html"), HasSubstr("EXEMPLE-3"));
}

TEST_F(CheckTest, OfflineAsksNobodyAndSaysWhatItDidNotLookAt) {
  const auto good = put("good.xml", samples::depense());
  Session session = gateway_.session();
  EXPECT_EQ(check(session, {{good}, {}, offline()}), Exit::ok) << gateway_.out.str();
  EXPECT_THAT(gateway_.out.str(), HasSubstr("accepté : "));
  EXPECT_THAT(gateway_.out.str(), HasSubstr("Hors ligne : schémas et règles seulement"));
  EXPECT_TRUE(gateway_.requests.empty());
}

TEST_F(CheckTest, OfflineFindsFaultsOfSchemaWhereTheyAre) {
  auto bytes = samples::depense();
  const auto at = bytes.find("<IdPce V=\"", bytes.find("<IdPce V=\"") + 1);
  ASSERT_NE(at, std::string::npos);
  const auto line = bytes.find("<BlocLignePiece>", at);
  ASSERT_NE(line, std::string::npos);
  bytes.insert(line + 16, "<Inconnu V=\"1\"/>");
  Session session = scripted_.session();
  EXPECT_EQ(check(session, {{put("bad.xml", bytes)}, {}, offline()}), Exit::refused);
  const auto reply = boost::json::parse(scripted_.out.str()).as_object();
  const auto& first = reply.at("findings").as_array().at(0);
  EXPECT_EQ(first.at("code").as_string(), "xsd.invalid");
  EXPECT_EQ(first.at("subject").at("domaine").as_string(), "depense");
  EXPECT_EQ(first.at("subject").at("piece").as_string(), "2");
}

TEST_F(CheckTest, OfflineSaysWhyItCannot) {
  const auto file = put("good.xml", samples::depense());
  const auto check_with = [&](const fs::path& what, const OfflineOptions& options) {
    FakeGateway gateway;
    Session session = gateway.session();
    const auto exit = check(session, {{what}, {}, options});
    return std::pair(exit, gateway.err.str() + gateway.out.str());
  };
  const auto absent = check_with(folder_ / "absent.xml", offline());
  EXPECT_EQ(absent.first, Exit::usage);
  EXPECT_THAT(absent.second, HasSubstr("ctl.file"));
  const auto no_pack = check_with(file, {.offline = true, .schemas = folder_});
  EXPECT_EQ(no_pack.first, Exit::usage);
  EXPECT_THAT(no_pack.second, HasSubstr("pack."));
  const auto nonsense = check_with(put("nonsense.xml", "hello"), offline());
  EXPECT_EQ(nonsense.first, Exit::refused);
  EXPECT_THAT(nonsense.second, HasSubstr("refusé : 1 erreur"));
}

TEST_F(CheckTest, ReportOfAFlowShowsWhatHeliosAnswered) {
  gateway_.answers("GET /v1/flows/f-1", 200, R"({"id":"f-1","nom_fic":"N-1"})");
  gateway_.answers("GET /v1/flows/f-1/report", 200,
                   R"({"state":"rejected","findings":[],"anomalies":[{}],"answer":[{"code":"helios.1971",
      "severity":"error","fr":"Le mandat est rejeté.","en":"x","subject":{"domaine":"depense","piece":"4"}}]})");
  Session session = gateway_.session();
  EXPECT_EQ(report(session, "f-1", {}), Exit::ok);
  for (const char* text : {"Flux N-1", "rejected", "Réponse d'Hélios", "mandat 4", "[helios.1971]",
                           "Le mandat est rejeté.", "Hélios : 1 anomalie"})
    EXPECT_THAT(gateway_.out.str(), HasSubstr(text));
}

TEST_F(CheckTest, RulesAreListedAsTheGatewayAppliesThem) {
  gateway_.answers(
      "GET /v1/rules", 200,
      R"({"items":[{"code":"pes.p1","name":"P1","domain":"commun","level":"flux","severity":"off",
      "default_severity":"warning","configured":true,"title":{"fr":"Titre","en":"Title"}},
      {"code":"pes.depense.x","name":"pes.depense.x","domain":"depense","level":"piece","severity":"error"}]})");
  Session session = gateway_.session();
  EXPECT_EQ(rules_list(session, {}), Exit::ok);
  EXPECT_THAT(gateway_.out.str(), HasSubstr("off *"));
  EXPECT_THAT(gateway_.out.str(), HasSubstr("pes.depense.x"));
  gateway_.out.str("");
  EXPECT_EQ(rules_list(session, {.domain = "depense"}), Exit::ok);
  EXPECT_THAT(gateway_.out.str(), Not(HasSubstr("pes.p1")));
  gateway_.out.str("");
  EXPECT_EQ(rules_explain(session, {.name = "p1"}), Exit::ok);
  EXPECT_THAT(gateway_.out.str(),
              HasSubstr("éteinte : la règle n'est pas regardée (réglage ; sinon avertissement"));
}

TEST_F(CheckTest, RulesAreKnownWithoutAGateway) {
  Session session = gateway_.session();
  EXPECT_EQ(rules_explain(session, {.name = "P2", .offline = true}), Exit::ok);
  for (const char* text : {"P2  pes.p2", "en défaut", "gravité", "source : helios P2", "en: "})
    EXPECT_THAT(gateway_.out.str(), HasSubstr(text));
  EXPECT_EQ(rules_explain(session, {.name = "P99", .offline = true}), Exit::not_found);
  EXPECT_THAT(gateway_.err.str(), HasSubstr("rules.unknown"));
  EXPECT_TRUE(gateway_.requests.empty());
}

TEST_F(CheckTest, RulesFallBackToTheProgramsOwnWhenNoGatewayIsKnown) {
  const auto client = make_curl_client({});
  Api api(*client);
  Session session{api, gateway_.output, {}};
  EXPECT_EQ(rules_list(session, {.level = "flux"}), Exit::ok);
  EXPECT_THAT(gateway_.out.str(), HasSubstr("pes.p2"));
  EXPECT_THAT(gateway_.err.str(), HasSubstr("Aucune passerelle n'est connue"));
}

}  // namespace
}  // namespace demat::ctl
