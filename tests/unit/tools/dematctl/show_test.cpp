#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <fstream>

#include "fake_gateway.hpp"
#include "protocols/base/digest.hpp"
#include "tests/support/pes_samples.hpp"
#include "tools/dematctl/commands_show.hpp"

/// Reading documents: what people see first, what programs get, and what a hostile document cannot do.
namespace demat::ctl {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ShowTest : public testing::Test {
 protected:
  ShowTest() {
    folder_ = fs::path(testing::TempDir()) /
              ("show-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    shape_.pieces = 3;
    flow_ = samples::depense({}, shape_);
  }
  ~ShowTest() override { fs::remove_all(folder_); }

  std::string put(const std::string& text) const {
    std::ofstream(folder_ / "document.xml", std::ios::binary) << text;
    return (folder_ / "document.xml").string();
  }
  std::string acquit(samples::Verdict verdict, int version = 2) const {
    return samples::acquit(samples::outline_of(MemorySource(flow_)).value(), verdict, version);
  }
  std::string shown(const std::string& text, bool lignes = false) const {
    FakeGateway gateway;
    Session session = gateway.session();
    EXPECT_EQ(show(session, {put(text), lignes}), Exit::ok) << gateway.err.str();
    EXPECT_TRUE(gateway.requests.empty()) << "a file needs no gateway";
    return gateway.out.str();
  }
  json::object object(const std::string& text, bool lignes = false) const {
    FakeGateway gateway(true);
    Session session = gateway.session();
    static_cast<void>(show(session, {put(text), lignes}));
    EXPECT_EQ(gateway.out.str().find('\n'), gateway.out.str().size() - 1) << "one line";
    return json::parse(gateway.out.str()).as_object();
  }
  /// A gateway with the flow F and, unless it is empty, its acquit.
  void answered(FakeGateway& gateway, const std::string& acquit) const { answered(gateway, acquit, flow_); }
  static void answered(FakeGateway& gateway, const std::string& acquit, const std::string& flow) {
    gateway.answers(
        "GET /v1/flows/F", 200,
        R"({"id":"F","protocol":"pes","state":"partly_rejected","created_at":"2026-03-01T12:00:00Z"})");
    json::array items{{{"number", 1}, {"role", "original"}, {"sha256", sha256(flow).str()}}};
    if (!acquit.empty())
      items.push_back({{"number", 2}, {"role", "acquit"}, {"sha256", sha256(acquit).str()}});
    gateway.answers("GET /v1/flows/F/documents", 200, json::serialize(json::object{{"items", items}}));
    gateway.answers("GET /v1/flows/F/documents/1", 200, flow);
    gateway.answers("GET /v1/flows/F/documents/2", 200, acquit);
  }

  fs::path folder_;
  samples::FlowShape shape_;
  std::string flow_;
};

TEST_F(ShowTest, AFlowIsATree) {
  const std::string text = shown(flow_);
  EXPECT_THAT(text,
              AllOf(HasSubstr("PES_Aller EXEMPLE-0001\n"), HasSubstr("Hêtres"), HasSubstr("\nDépense"),
                    HasSubstr("\n  Bordereau 1, exercice 2026, 01 ordinaire"), HasSubstr("\n    Mandat 2 — "),
                    HasSubstr("\nTotal : 1 bordereau, 3 pièces, 3 lignes — HT ")));
  EXPECT_THAT(text, Not(HasSubstr("ligne 1 — compte")));
  EXPECT_THAT(shown(flow_, true), HasSubstr("\n      ligne 1 — compte "));
}

TEST_F(ShowTest, AFlowIsOneObject) {
  const auto document = object(flow_);
  EXPECT_EQ(document.at("element"), "PES_Aller");
  EXPECT_EQ(document.at("nom_fic"), "EXEMPLE-0001");
  EXPECT_EQ(document.at("totaux").at("pieces"), 3);
  const auto& bordereau = document.at("parts").at(0).at("parts").at(0);
  EXPECT_EQ(bordereau.at("kind"), "bordereau");
  EXPECT_EQ(bordereau.at("type_fr"), "ordinaire");
  EXPECT_EQ(bordereau.at("type_en"), "ordinary");
  const auto& piece = bordereau.at("parts").at(0);
  EXPECT_EQ(piece.at("kind"), "piece");
  EXPECT_FALSE(piece.as_object().contains("parts"));
  EXPECT_TRUE(piece.as_object().contains("tiers"));
  const auto deep = object(flow_, true);
  EXPECT_EQ(deep.at("parts").at(0).at("parts").at(0).at("parts").at(0).at("parts").at(0).at("kind"), "ligne");
}

TEST_F(ShowTest, AttachmentsAreListedWithTheirSizes) {
  const auto attachments = samples::sample_attachments(2, 1'500, 7);
  const std::string text = shown(samples::recette({}, shape_, attachments));
  EXPECT_THAT(text,
              AllOf(HasSubstr("\nPièces jointes\n"), HasSubstr(attachments[1].id_unique),
                    HasSubstr("justificatif-2.pdf"), HasSubstr("1,5 ko"), HasSubstr("2 pièces jointes")));
}

TEST_F(ShowTest, WhatIsNotReadToItsEndSaysSo) {
  const std::string cut = flow_.substr(0, flow_.size() * 3 / 4);
  FakeGateway gateway;
  Session session = gateway.session();
  EXPECT_EQ(show(session, {put(cut)}), Exit::refused);
  EXPECT_THAT(gateway.out.str(), HasSubstr("Bordereau 1"));
  EXPECT_THAT(gateway.err.str(), HasSubstr("xml.malformed"));
  const auto document = object(cut);
  EXPECT_EQ(document.at("incomplete"), true);
  EXPECT_EQ(document.at("error").at("code"), "xml.malformed");
}

TEST_F(ShowTest, ADocumentThatBreaksOffInItsHeaderIsNull) {
  const std::string cut = flow_.substr(0, flow_.find("</EnTetePES>"));
  FakeGateway local(true);
  Session alone = local.session();
  EXPECT_EQ(show(alone, {put(cut)}), Exit::refused);
  EXPECT_EQ(json::parse(local.out.str()), nullptr);
  FakeGateway gateway(true);
  answered(gateway, "", cut);
  Session session = gateway.session();
  EXPECT_EQ(show(session, {"F"}), Exit::refused);
  const auto object = json::parse(gateway.out.str()).as_object();
  EXPECT_EQ(object.at("flow").at("id"), "F");
  EXPECT_EQ(object.at("document"), nullptr);
  EXPECT_THAT(gateway.err.str(), HasSubstr("xml.malformed"));
}

TEST_F(ShowTest, OnlyPesIsShown) {
  for (const char* text : {"<DocumentBudgetaire/>", "no xml", "", "<!DOCTYPE a><a/>"}) {
    FakeGateway gateway;
    Session session = gateway.session();
    EXPECT_NE(show(session, {put(text)}), Exit::ok) << text;
    EXPECT_EQ(gateway.out.str(), "");
    EXPECT_NE(gateway.err.str(), "");
  }
  FakeGateway gateway;
  Session session = gateway.session();
  EXPECT_EQ(show(session, {(folder_ / "absent.xml").string()}), Exit::usage);
  EXPECT_EQ(show(session, {folder_.string()}), Exit::usage) << "a folder";
}

TEST_F(ShowTest, ADocumentCannotDriveTheTerminal) {
  std::string hostile = flow_;
  const std::string libelle = "Exempleville";
  hostile.replace(hostile.find(libelle), libelle.size(), "&#x9b;31m&#x202e;x&#9;");
  EXPECT_THAT(shown(hostile),
              AllOf(Not(HasSubstr("\xc2\x9b")), Not(HasSubstr("\u202e")), Not(HasSubstr("\t"))));
}

TEST_F(ShowTest, AnAcquitBeginsWithWhatIsRejected) {
  for (const int version : {1, 2}) {
    const std::string text = shown(acquit(samples::Verdict::mixed, version));
    EXPECT_THAT(text, HasSubstr("REJETÉ EN PARTIE / rejected in part"));
    const auto rejected = text.find("Rejeté / rejected : ");
    ASSERT_NE(rejected, text.npos);
    EXPECT_LT(rejected, text.find("Explications / explanations"));
    EXPECT_LT(rejected, text.find("Accepté / accepted"));
    EXPECT_THAT(text,
                AllOf(HasSubstr("✗ dépense, exercice 2026, bordereau 1, mandat "), HasSubstr("À faire : ")));
  }
  EXPECT_THAT(shown(acquit(samples::Verdict::positive)), AllOf(HasSubstr("ACCEPTÉ"), Not(HasSubstr("✗"))));
}

TEST_F(ShowTest, AnAnsweredFlowOpensWithItsRejectedMandats) {
  FakeGateway gateway;
  answered(gateway, acquit(samples::Verdict::mixed));
  Session session = gateway.session();
  ASSERT_EQ(show(session, {"F"}), Exit::ok) << gateway.err.str();
  const std::string text = gateway.out.str();
  EXPECT_TRUE(text.starts_with("Flux F — état / state : partly_rejected\n")) << text;
  const auto cross = text.find("✗ dépense, exercice 2026, bordereau 1, mandat ");
  ASSERT_NE(cross, text.npos);
  EXPECT_LT(cross, text.find("PES_Aller EXEMPLE-0001"));
  const std::string next = text.substr(text.find('\n', cross) + 1, 200);
  EXPECT_TRUE(next.starts_with("      « ")) << "its objet, from the flow that was sent: " << next;
  EXPECT_THAT(next, AllOf(HasSubstr(" — HT "), HasSubstr("€")));
}

TEST_F(ShowTest, ABordereauWhoseSignatureIsTurnedDownIsFoundToo) {
  FakeGateway gateway;
  answered(
      gateway,
      "<PES_ACQUIT><ACQUIT><ElementACQUIT><DomaineAck V=\"3\"/><EtatAck V=\"false\"/><NumBord V=\"0001\"/>"
      "<ExerciceBord V=\"2026\"/><Erreur><NumAnoAck V=\"ERREUR_SIGNATURE_BORDEREAU_INVALIDE\"/></Erreur>"
      "</ElementACQUIT></ACQUIT></PES_ACQUIT>");
  Session session = gateway.session();
  ASSERT_EQ(show(session, {"F"}), Exit::ok) << gateway.err.str();
  EXPECT_THAT(gateway.out.str(),
              HasSubstr("✗ signature de bordereau, exercice 2026, bordereau 0001\n      3 pièces — HT "));
}

TEST_F(ShowTest, TheAcquitAloneOrNothing) {
  FakeGateway gateway;
  answered(gateway, acquit(samples::Verdict::mixed));
  Session session = gateway.session();
  ShowOptions options{"F"};
  options.acquit = true;
  EXPECT_EQ(show(session, options), Exit::ok);
  EXPECT_THAT(gateway.out.str(), Not(HasSubstr("PES_Aller EXEMPLE-0001")));
  FakeGateway waiting;
  answered(waiting, "");
  Session patient = waiting.session();
  EXPECT_EQ(show(patient, options), Exit::not_found);
  EXPECT_THAT(waiting.err.str(), HasSubstr("ctl.no_acquit"));
  options = {"F"};
  options.signed_file = true;
  EXPECT_EQ(show(patient, options), Exit::not_found);
  EXPECT_THAT(waiting.err.str(), HasSubstr("ctl.no_document"));
}

TEST_F(ShowTest, AnAnsweredFlowIsOneObjectToo) {
  FakeGateway gateway(true);
  answered(gateway, acquit(samples::Verdict::mixed));
  Session session = gateway.session();
  ASSERT_EQ(show(session, {"F"}), Exit::ok) << gateway.err.str();
  const auto object = json::parse(gateway.out.str()).as_object();
  EXPECT_EQ(object.at("flow").at("state"), "partly_rejected");
  EXPECT_EQ(object.at("document").at("element"), "PES_Aller");
  const auto& rejected = object.at("acquit").at("rejected").at(0).as_object();
  EXPECT_EQ(rejected.at("domaine_en"), "expense");
  EXPECT_TRUE(rejected.contains("objet"));
  EXPECT_TRUE(rejected.contains("ht"));
  EXPECT_TRUE(rejected.at("anomalies").at(0).as_object().contains("explanation"));
}

TEST_F(ShowTest, DamagedBytesAreNotShown) {
  FakeGateway gateway;
  answered(gateway, acquit(samples::Verdict::mixed));
  gateway.answers("GET /v1/flows/F/documents/2", 200, "<PES_ACQUIT>");
  Session session = gateway.session();
  static_cast<void>(show(session, {"F"}));
  EXPECT_EQ(show(session, {"F"}), Exit::network);
  EXPECT_THAT(gateway.err.str(), HasSubstr("ctl.damaged"));
  FakeGateway deposited;
  answered(deposited, "");
  deposited.answers("GET /v1/flows/F/documents/1", 200, flow_ + "<!-- -->");
  Session other = deposited.session();
  static_cast<void>(show(other, {"F"}));
  EXPECT_EQ(show(other, {"F"}), Exit::network);
  EXPECT_THAT(deposited.err.str(), HasSubstr("ctl.damaged"));
  EXPECT_EQ(extract(other, {"F", folder_ / "out"}), Exit::network);
  EXPECT_FALSE(fs::exists(folder_ / "out"));
}

TEST_F(ShowTest, ReturnsAreFoundByTheirId) {
  const std::string retour = samples::retour(samples::outline_of(MemorySource(flow_)).value(), true);
  FakeGateway gateway;
  gateway.answers("GET /v1/returns/R", 200, R"({"id":"R","sha256":")" + sha256(retour).str() + "\"}");
  gateway.answers("GET /v1/returns/R/payload", 200, retour);
  Session session = gateway.session();
  ASSERT_EQ(show(session, {"R"}), Exit::ok) << gateway.err.str();
  EXPECT_THAT(gateway.out.str(), AllOf(HasSubstr("PES_Retour "), HasSubstr("\nRetour de dépense — "),
                                       HasSubstr("02 prise en charge")));
  EXPECT_EQ(show(session, {"NOBODY"}), Exit::not_found);
}

TEST_F(ShowTest, AnIdOfNothingIsThatOfNoFlowNorReturn) {
  FakeGateway gateway;
  gateway.answers("GET /v1/flows/X", 404, R"({"code":"flow.unknown","detail":"f","detail_en":"f"})");
  gateway.answers("GET /v1/returns/X", 404, R"({"code":"return.unknown","detail":"r","detail_en":"r"})");
  Session session = gateway.session();
  EXPECT_EQ(show(session, {"X"}), Exit::not_found);
  EXPECT_THAT(gateway.err.str(), HasSubstr("Aucun de vos flux ni de vos retours"));
}

TEST_F(ShowTest, AFileThatCannotBeReadSaysWhyInFrench) {
  struct Case {
    std::string what;
    std::string why;
  };
  for (const auto& one :
       {Case{(folder_ / "absent.xml").string(), "absent.xml : fichier introuvable"},
        Case{folder_.string(), "c'est un dossier"}, Case{"/dev/null", "ce n'est pas un fichier ordinaire"},
        Case{"", "Le nom du fichier est vide"}}) {
    FakeGateway gateway;
    Session session = gateway.session();
    EXPECT_EQ(show(session, {one.what}), Exit::usage) << one.what;
    EXPECT_THAT(gateway.err.str(), HasSubstr(one.why));
    EXPECT_TRUE(gateway.requests.empty()) << one.what;
  }
}

}  // namespace
}  // namespace demat::ctl
