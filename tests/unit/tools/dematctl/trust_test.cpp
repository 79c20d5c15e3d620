#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "fake_gateway.hpp"
#include "tools/dematctl/commands_trust.hpp"

// Reports about signatures and trust profiles on the command line.

namespace demat::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string report(const std::string& indication, const std::string& sentence = "Tout va bien.") {
  return R"({"verdict":{"indication":")" + indication +
         R"("},"judged_at":"2026-01-15T12:00:00Z","received_at":"2026-01-15T12:00:00Z",
           "every_bordereau_covered":true,"profile":{"name":"essai","version":"0123456789abcdef"},"findings":[],
           "signatures":[{"id":"S","covers":"/PES_Aller","element":"BORD1","global":false,
             "verdict":{"indication":")" +
         indication + R"("},"role":"","signed_at":"2026-01-15T10:30:00Z","certificate":null,
             "checks":[{"code":"trust.path.found","outcome":"pass","source":"s","fr":")" +
         sentence + R"(","en":"All is well."}],"findings":[]}]})";
}

const std::string path = "GET /v1/flows/F/signatures";

TEST(Signatures, EndAsTheVerdictSays) {
  struct Row {
    const char* indication;
    Exit exit;
    const char* said;
  };
  for (const auto& row :
       {Row{"passed", Exit::ok, "Résultat : VALABLE"}, Row{"failed", Exit::refused, "NON VALABLE"},
        Row{"indeterminate", Exit::unavailable, "INDÉTERMINÉ"}}) {
    FakeGateway gateway;
    gateway.answers(path, 200, report(row.indication));
    auto session = gateway.session();
    EXPECT_EQ(signatures(session, {"F", false}), row.exit) << row.indication;
    EXPECT_THAT(gateway.out.str(), HasSubstr(row.said));
    EXPECT_THAT(gateway.out.str(), HasSubstr("[oui] Tout va bien."));
  }
}

TEST(Signatures, BringTheirEvidence) {
  FakeGateway gateway;
  const std::string name(64, 'a');
  auto told = report("passed");
  told.insert(told.rfind('}'), R"(,"evidence":[{"kind":"crl","sha256":")" + name +
                                   R"(","size":4},{"kind":"crl","sha256":"../up","size":4}])");
  gateway.answers(path, 200, told);
  gateway.answers(path + "/evidence/" + name, 200, "list");
  auto session = gateway.session();
  const auto folder =
      std::filesystem::temp_directory_path() / ("demat-evidence-" + std::to_string(::getpid()));
  EXPECT_EQ(signatures(session, {"F", false, folder}), Exit::ok);
  EXPECT_TRUE(std::filesystem::exists(folder / "signatures.json"));
  EXPECT_FALSE(std::filesystem::exists(folder.parent_path() / "up.crl"));
  std::ifstream in(folder / (name + ".crl"));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "list");
  std::filesystem::remove_all(folder);
}

TEST(Signatures, SpeakEnglishWhenAsked) {
  FakeGateway gateway;
  gateway.answers(path, 200, report("passed"));
  auto session = gateway.session();
  EXPECT_EQ(signatures(session, {"F", true}), Exit::ok);
  EXPECT_THAT(gateway.out.str(), HasSubstr("[yes] All is well."));
  EXPECT_THAT(gateway.out.str(), Not(HasSubstr("Tout va bien")));
}

TEST(Signatures, CannotDriveATerminal) {
  FakeGateway gateway;
  gateway.answers(path, 200, report("passed", "\\u001b[2J Jeanne"));
  auto session = gateway.session();
  EXPECT_EQ(signatures(session, {"F", false}), Exit::ok);
  EXPECT_THAT(gateway.out.str(), Not(HasSubstr("\x1b")));
}

TEST(Signatures, WithoutAReportAreUnknown) {
  FakeGateway gateway;
  auto session = gateway.session();
  EXPECT_EQ(signatures(session, {"F", false}), Exit::not_found);
}

TEST(Certs, CheckEndsByWhatIsSerious) {
  struct Row {
    const char* findings;
    Exit exit;
    const char* said;
  };
  for (const auto& row :
       {Row{"[]", Exit::ok, "Rien à signaler"},
        Row{R"([{"code":"trust.authority_expires","severity":"warning","fr":"Bientôt.","en":"Soon."}])",
            Exit::ok, "trust.authority_expires"},
        Row{R"([{"code":"trust.crl_stale","severity":"error","fr":"Périmée.","en":"Stale."}])", Exit::refused,
            "trust.crl_stale"}}) {
    FakeGateway gateway;
    gateway.answers(
        "GET /v1/trust", 200,
        std::string(R"({"items":[{"name":"essai","version":"v","findings":)") + row.findings + "}]}");
    auto session = gateway.session();
    EXPECT_EQ(certs_check(session), row.exit) << row.findings;
    EXPECT_THAT(gateway.out.str(), HasSubstr(row.said));
  }
}

TEST(Certs, ListShowsAuthoritiesAndLists) {
  FakeGateway gateway;
  gateway.answers("GET /v1/trust", 200,
                  R"({"items":[{"name":"essai","certificates":[{"part":"anchor","file":"anchors/a.pem",
                     "subject":"CN=Racine","not_after":"2030-01-01T00:00:00Z"}],
                     "revocation_lists":[{"file":"crls/a.crl","issuer":"CN=Racine","number":"7"}],
                     "ocsp_responses":[{"file":"ocsp/s.der","serial":"4D61","status":"good"}]}]})");
  auto session = gateway.session();
  EXPECT_EQ(certs_list(session), Exit::ok);
  for (const char* part : {"anchors/a.pem", "CN=Racine", "crl 7", "ocsp good", "4D61"})
    EXPECT_THAT(gateway.out.str(), HasSubstr(part));
}

TEST(Certs, ListShowsPlacesAndCertificates) {
  FakeGateway gateway;
  gateway.answers(
      "GET /v1/trust", 200,
      R"({"items":[{"name":"essai","places":[{"url":"http://crl.example.fr/a.crl","error":"trust.list_over"}]}],
                     "certificates":[{"role":"server","name":"","not_after":"2030-01-01T00:00:00Z","days_left":-3}]})");
  auto session = gateway.session();
  EXPECT_EQ(certs_list(session), Exit::ok);
  for (const char* part : {"http://crl.example.fr/a.crl", "trust.list_over", "server", "-3"})
    EXPECT_THAT(gateway.out.str(), HasSubstr(part));
}

TEST(Certs, FetchWaitsForEveryPlaceAndTellsWhatFailed) {
  struct Row {
    const char* place;
    Exit exit;
    const char* said;
  };
  for (
      const auto& row :
      {Row{R"("last_try":"2026-01-15T12:00:01Z","next_try":"2026-01-15T13:00:00Z","failures":0,"number":"8")",
           Exit::ok, "8"},
       Row{R"("last_try":"2026-01-15T12:00:00Z","next_try":"2026-01-15T12:01:00Z","failures":2,)"
           R"("error":"trust.fetch_status")",
           Exit::unavailable, "trust.fetch_status"},
       // Asked within the same second, by somebody else, and due again.
       Row{R"("last_try":"2026-01-15T12:00:00Z","next_try":"1970-01-01T00:00:00Z","failures":0)",
           Exit::unavailable, "Certaines listes"},
       Row{R"("last_try":null,"failures":0,"error":"trust.fetch_host")", Exit::ok, "trust.fetch_host"},
       Row{R"("last_try":"2026-01-15T11:59:59Z","failures":0)", Exit::unavailable, "Certaines listes"}}) {
    FakeGateway gateway;
    gateway.answers("POST /v1/trust/fetch", 202, R"({"places":1,"asked_at":"2026-01-15T12:00:00Z"})");
    gateway.answers(
        "GET /v1/trust", 200,
        std::string(R"({"items":[{"name":"essai","places":[{"url":"http://a/",)") + row.place + "}]}]}");
    auto session = gateway.session();
    EXPECT_EQ(certs_fetch(session), row.exit) << row.place;
    EXPECT_THAT(gateway.out.str(), HasSubstr(row.said));
  }
}

TEST(Certs, FetchSaysWhenThereIsNothingToFetch) {
  FakeGateway gateway;
  gateway.answers("POST /v1/trust/fetch", 202, R"({"places":0,"asked_at":"2026-01-15T12:00:00Z"})");
  gateway.answers("GET /v1/trust", 200, R"({"items":[{"name":"essai"}]})");
  auto session = gateway.session();
  EXPECT_EQ(certs_fetch(session), Exit::ok);
  EXPECT_THAT(gateway.out.str(), HasSubstr("Aucune liste"));
}

TEST(Certs, ExplainNeedsAFile) {
  FakeGateway gateway;
  auto session = gateway.session();
  EXPECT_EQ(certs_explain(session, {"nowhere.pem", "essai", "", false, false}), Exit::usage);
  EXPECT_TRUE(gateway.requests.empty());
}

}  // namespace
}  // namespace demat::ctl
