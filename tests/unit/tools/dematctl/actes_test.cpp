#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_gateway.hpp"
#include "tests/support/rig/process.hpp"
#include "tools/dematctl/commands_actes.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

boost::json::object metadata_of(const HttpRequest& request) {
  return boost::json::parse(request.form.at(0).text).as_object();
}

ActeOptions deliberation() {
  ActeOptions options;
  options.number = "2026_001";
  options.date = "2026-03-02";
  options.nature = "1";
  options.matieres = "7.1";
  options.object = "Budget";
  options.type = "99_DE";
  options.acte = "acte.pdf";
  return options;
}

TEST(Actes, AreAFormOfMetadataAndFiles) {
  FakeGateway gateway;
  gateway.answers("POST /v1/actes", 202, R"({"id":"f1","state":"received"})");
  auto session = gateway.session();
  auto options = deliberation();
  options.annexes = {"plan.pdf:21_DA", "dossier:2/notice.pdf"};
  EXPECT_EQ(acte_submit(session, options), Exit::ok);
  const auto& form = gateway.requests.at(0).form;
  ASSERT_EQ(form.size(), 4U);
  EXPECT_EQ(form[1].name, "acte");
  EXPECT_EQ(form[1].file, "acte.pdf");
  EXPECT_EQ(form[2].file, "plan.pdf");
  EXPECT_EQ(form[3].file, "dossier:2/notice.pdf");
  const auto metadata = metadata_of(gateway.requests[0]);
  const auto annexes = objects_of(metadata, "annexes");
  ASSERT_EQ(annexes.size(), 2U);
  EXPECT_EQ(text_of(annexes[0], "type"), "21_DA");
  EXPECT_EQ(text_of(annexes[1], "type"), "");
  EXPECT_FALSE(metadata.contains("signature"));
  EXPECT_FALSE(metadata.contains("previous_id"));
  EXPECT_THAT(gateway.out.str(), HasSubstr("f1  received"));
}

TEST(Actes, AnEnvelopeGoesAlone) {
  FakeGateway gateway;
  gateway.answers("POST /v1/actes", 202, R"({"id":"f1","state":"received"})");
  auto session = gateway.session();
  EXPECT_EQ(envelope_submit(session, {"folder/ABC-TACT--123456782--20260302-1.tar.gz", "high"}), Exit::ok);
  const auto& request = gateway.requests.at(0);
  ASSERT_EQ(request.form.size(), 1U);
  EXPECT_EQ(request.form[0].name, "enveloppe");
  EXPECT_EQ(request.form[0].file, "folder/ABC-TACT--123456782--20260302-1.tar.gz");
  EXPECT_THAT(request.headers, ElementsAre(std::pair("Demat-Priority", "high")));
  EXPECT_THAT(gateway.out.str(), HasSubstr("f1  received"));
}

TEST(Actes, CarryASignatureAsText) {
  const rig::TempFolder folder;
  const auto der = folder.path() / "der.p7s";
  const auto pem = folder.path() / "pem.p7s";
  rig::write_file(der, "0\x82\x01\xff");
  rig::write_file(pem, "-----BEGIN PKCS7-----\n");
  const auto xml = folder.path() / "signature.xml";
  rig::write_file(xml, "<a>\xE9</a>");
  for (const auto& [file, text] : {std::pair(der, "MIIB/w=="), std::pair(pem, "-----BEGIN PKCS7-----\n"),
                                   std::pair(xml, "PGE+6TwvYT4=")}) {
    FakeGateway gateway;
    gateway.answers("POST /v1/actes", 202, R"({"id":"f1","state":"received"})");
    auto session = gateway.session();
    auto options = deliberation();
    options.signature = file;
    EXPECT_EQ(acte_submit(session, options), Exit::ok);
    EXPECT_EQ(text_of(metadata_of(gateway.requests.at(0)), "signature"), text);
  }
  FakeGateway gateway;
  auto session = gateway.session();
  auto options = deliberation();
  options.signature = folder.path() / "none.p7s";
  EXPECT_EQ(acte_submit(session, options), Exit::usage);
  EXPECT_THAT(gateway.requests, IsEmpty());
}

TEST(Actes, NameTheFieldsAtFault) {
  FakeGateway gateway;
  gateway.answers("POST /v1/actes", 422,
                  R"({"code":"actes.refused","detail":"Non.","detail_en":"No.","findings":[
                     {"code":"actes.type.not_allowed","severity":"error","fr":"Pas permise.","en":"Not allowed.",
                      "place":{"path":"annexes[0].type"}}]})");
  auto session = gateway.session();
  EXPECT_EQ(acte_submit(session, deliberation()), Exit::refused);
  EXPECT_THAT(gateway.err.str(), HasSubstr("actes.type.not_allowed  annexes[0].type"));
}

TEST(Actes, ShowWhatHappenedToThem) {
  FakeGateway gateway;
  gateway.answers("GET /v1/actes/f1", 200,
                  R"({"id":"f1","state":"acknowledged","actes":[{"message":"1-1","received_on":"2026-03-03",
                      "control_ends_on":"2026-05-03","annulled_on":"2026-03-09"}],
                      "linked":[{"id":"f2","state":"acknowledged","acte":{"message":"6-1"}}],
                      "letters":[{"id":"l1","message":"3-1","state":"unread"}]})");
  auto session = gateway.session();
  EXPECT_EQ(acte_get(session, "f1"), Exit::ok);
  for (const char* said : {"2026-03-03", "2026-05-03", "2026-03-09", "f2", "6-1", "l1", "3-1"})
    EXPECT_THAT(gateway.out.str(), HasSubstr(said));
}

TEST(Actes, SayWhenTheStampIsAPageOfItsOwn) {
  const rig::TempFolder folder;
  FakeGateway gateway;
  gateway.answers("GET /v1/actes/f1/stamped?document=3&published=2026-03-05", 200, "%PDF",
                  {{"demat-stamp", "separate-page; because=signed"}});
  gateway.answers("GET /v1/actes/f1/stamped", 200, "%PDF");
  auto session = gateway.session();
  EXPECT_EQ(acte_stamp(session, {"f1", 0, {}, folder.path() / "a.pdf"}), Exit::ok);
  EXPECT_EQ(gateway.err.str(), "");
  EXPECT_EQ(acte_stamp(session, {"f1", 3, "2026-03-05", folder.path() / "b.pdf"}), Exit::ok);
  EXPECT_THAT(gateway.err.str(), HasSubstr("(signed)"));
  EXPECT_EQ(rig::read_file(folder.path() / "b.pdf"), "%PDF");
}

TEST(Letters, AreAnsweredWithTypedDocuments) {
  FakeGateway gateway;
  gateway.answers("POST /v1/letters/l1/answer", 202, R"({"id":"f2","state":"received"})");
  auto session = gateway.session();
  EXPECT_EQ(letter_answer(session, {"l1", "3-4", {"a.pdf:99_DE"}}), Exit::ok);
  const auto metadata = metadata_of(gateway.requests.at(0));
  EXPECT_EQ(text_of(metadata, "message"), "3-4");
  EXPECT_EQ(text_of(objects_of(metadata, "documents").at(0), "type"), "99_DE");
  EXPECT_EQ(gateway.requests[0].form.at(1).name, "document");
  EXPECT_EQ(gateway.requests[0].form.at(1).file, "a.pdf");
}

TEST(Letters, AreMarkedAndTellTheirDocuments) {
  FakeGateway gateway;
  gateway.answers("POST /v1/letters/l1/read", 200, R"({"id":"l1","state":"unread"})");
  gateway.answers("GET /v1/letters/l1", 200, R"({"id":"l1","flow":"f1","documents":[7]})");
  auto session = gateway.session();
  EXPECT_EQ(letter_read(session, {"lost", "l1"}, false), Exit::not_found);
  EXPECT_FALSE(gateway.body_of(1).at("read").as_bool());
  EXPECT_EQ(letter_get(session, "l1"), Exit::ok);
  EXPECT_THAT(gateway.out.str(), HasSubstr("dematctl fetch f1 --document 7"));
}

TEST(Classification, IsShownWithWholeCodes) {
  FakeGateway gateway;
  gateway.answers("GET /v1/classification", 200,
                  R"({"matieres":[{"code":7,"label":"Finances","children":[{"code":1,"label":"Budgets"}]}],
                      "natures":[{"code":1,"label":"D","abbreviation":"DE","default_type":"99_DE",
                                  "types":[{"code":"99_DE","label":"Autre"}]}]})");
  gateway.answers("POST /v1/classification/request?again=true", 200, R"({"id":"f1","state":"sent"})");
  auto session = gateway.session();
  EXPECT_EQ(classification_show(session), Exit::ok);
  EXPECT_THAT(gateway.out.str(), HasSubstr("7.1  Budgets"));
  EXPECT_THAT(gateway.out.str(), HasSubstr("99_DE  Autre  (par défaut"));
  EXPECT_EQ(classification_request(session, true), Exit::ok);
}

TEST(ActeSettings, ChangeOnlyWhatIsGiven) {
  FakeGateway gateway;
  const std::string path = "/v1/authorities/123456782/actes";
  gateway.answers("GET " + path, 200,
                  R"({"authority":"123456782","departement":"034","paper":true,"paper_reason":"panne",
                      "notify":["a@b.fr"],"pdf_budget":true})");
  gateway.answers("PUT " + path, 200, R"({"authority":"123456782"})");
  auto session = gateway.session();
  EXPECT_EQ(authority_actes(session, {"123456782", {}, {}, {}, {}}), Exit::ok);
  ASSERT_EQ(gateway.requests.size(), 1U) << "nothing to change: nothing is put";
  EXPECT_THAT(gateway.out.str(), HasSubstr("a@b.fr"));
  EXPECT_EQ(authority_actes(
                session,
                {"123456782", {{"arrondissement", "2"}}, {{"notify", {""}}}, {{"paper", false}}, "reprise"}),
            Exit::ok);
  const auto body = gateway.body_of(2);
  EXPECT_FALSE(body.contains("authority"));
  EXPECT_EQ(text_of(body, "departement"), "034");
  EXPECT_EQ(text_of(body, "arrondissement"), "2");
  EXPECT_FALSE(flag_of(body, "paper", true));
  EXPECT_FALSE(body.contains("paper_reason"));
  EXPECT_TRUE(flag_of(body, "pdf_budget"));
  EXPECT_THAT(texts_of(body, "notify"), IsEmpty());
  EXPECT_EQ(text_of(body, "reason"), "reprise");
}

TEST(ActeSettings, BeginWithWhatIsGiven) {
  FakeGateway gateway;
  gateway.answers("PUT /v1/authorities/123456782/actes", 200, R"({"authority":"123456782"})");
  auto session = gateway.session();
  EXPECT_EQ(authority_actes(session, {"123456782", {}, {}, {}, {}}), Exit::not_found);
  EXPECT_EQ(authority_actes(session, {"123", {{"departement", "034"}}, {}, {}, {}}), Exit::usage);
  EXPECT_EQ(
      authority_actes(session, {"123456782", {{"departement", "034"}}, {{"natures", {"1", "2"}}}, {}, {}}),
      Exit::ok);
  EXPECT_THAT(texts_of(gateway.body_of(gateway.requests.size() - 1), "natures"), ElementsAre("1", "2"));
}

TEST(Stamps, HaveAPlace) {
  using Place = std::pair<unsigned, unsigned>;
  EXPECT_EQ(stamp_place("top-right"), Place(100, 0));
  EXPECT_EQ(stamp_place("top-left"), Place(0, 0));
  EXPECT_EQ(stamp_place("bottom-right"), Place(100, 100));
  EXPECT_EQ(stamp_place("bottom-left"), Place(0, 100));
  EXPECT_EQ(stamp_place("30,80"), Place(30, 80));
  for (const auto* bad : {"", "middle", "30", "30,", ",80", "101,0", "-1,0", "1,2,3", "a,b"})
    EXPECT_EQ(stamp_place(bad), std::nullopt) << bad;
}

TEST(ActeSettings, TakeNumbers) {
  FakeGateway gateway;
  const std::string path = "/v1/authorities/123456782/actes";
  gateway.answers("GET " + path, 200, R"({"authority":"123456782","departement":"034","stamp_down":0})");
  gateway.answers("PUT " + path, 200, R"({"authority":"123456782"})");
  auto session = gateway.session();
  ActeSettings wanted;
  wanted.siren = "123456782";
  wanted.numbers = {{"classification_days", 0}, {"stamp_down", 100}};
  EXPECT_EQ(authority_actes(session, wanted), Exit::ok);
  const auto body = gateway.body_of(gateway.requests.size() - 1);
  EXPECT_EQ(number_of(body, "classification_days"), 0);
  EXPECT_EQ(number_of(body, "stamp_down"), 100);
  EXPECT_EQ(text_of(body, "departement"), "034");
}

}  // namespace
}  // namespace demat::ctl
