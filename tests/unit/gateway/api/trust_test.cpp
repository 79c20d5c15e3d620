#include <filesystem>
#include <fstream>

#include "gateway/trust/fetcher.hpp"
#include "tests/unit/gateway/api/rig/api_fixture.hpp"

// Reports about signatures and the trust profiles: who may see them, what they look like.

namespace demat::api {
namespace {

namespace fs = std::filesystem;

class TrustTest : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    const fs::path profile = folder_.file("trust");
    for (const char* name : {"anchors", "issuers"}) {
      fs::create_directories(profile / name);
      fs::copy_file(pki_->file("ca.pem"), profile / name / "ca.pem");
    }
    config::Settings settings;
    settings.trusts = {{.name = "essai", .folder = profile, .level = "RGS *"}};
    settings.trusts[0].revocation = config::RevocationRule::warn;
    desk_ = trust_desk::TrustDesk::open(settings).value();
    services_->trust = [this] { return desk_; };
  }

  /// Keeps a report with the flow, as the check stage does.
  void keep_report(const FlowId& id, const std::string& bytes) {
    auto writer = store_->new_payload();
    ASSERT_TRUE((*writer)->append(bytes));
    store::Change change;
    change.flow = id;
    change.documents.push_back(
        {trust_desk::report_role, trust_desk::report_name, "application/json", (*writer)->finish().value()});
    const auto done = store_->apply(std::move(change));
    ASSERT_TRUE(done) << done.error().code << done.error().detail;
  }

  [[nodiscard]] std::string report() const {
    trust::SignatureInput signature;
    signature.covers = "/PES_Aller";
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now());
    const auto profile = desk_->find("essai");
    return trust::to_json(trust::judge_all(&*profile, {signature}, now, now));
  }

  static std::string question(const std::string& file, const std::string& at = {}) {
    std::ifstream in(pki_->file(file));
    const std::string pem{std::istreambuf_iterator<char>(in), {}};
    boost::json::object body{{"certificate", pem}};
    if (!at.empty()) body["at"] = at;
    return boost::json::serialize(body);
  }

  std::shared_ptr<trust_desk::TrustDesk> desk_;
};

TEST_F(TrustTest, TheLastReportIsShown) {
  const auto id = deposited();
  const std::string path = "/v1/flows/" + id.str() + "/signatures";
  expect_problem(call("transmitter", "GET", path), 404, "api.unknown");
  keep_report(id, "{}");
  keep_report(id, report());
  const auto reply = call("transmitter", "GET", path);
  ASSERT_EQ(reply.status, 200) << reply.body;
  expect_shape(json(reply), "SignatureReport");
  expect_shape(json(reply).at("signatures").at(0), "SignedPart");
  expect_shape(json(reply).at("signatures").at(0).at("checks").at(0), "SignatureCheck");
  EXPECT_EQ(json(reply).at("verdict").at("indication").as_string(), "failed");
}

TEST_F(TrustTest, TheReportReadsInTwoLanguages) {
  const auto id = deposited();
  const std::string path = "/v1/flows/" + id.str() + "/signatures";
  keep_report(id, report());
  const auto french = call("transmitter", "GET", path + "?text=fr");
  ASSERT_EQ(french.status, 200) << french.body;
  EXPECT_EQ(french.headers.at("content-type"), "text/plain; charset=utf-8");
  EXPECT_NE(french.body.find("NON VALABLE"), std::string::npos) << french.body;
  EXPECT_NE(call("transmitter", "GET", path + "?text=en").body.find("NOT VALID"), std::string::npos);
  expect_problem(call("transmitter", "GET", path + "?text=de"), 400, "api.parameter");
}

TEST_F(TrustTest, TheReportIsOfTheAuthorityAlone) {
  const auto id = deposited();
  keep_report(id, report());
  const std::string path = "/v1/flows/" + id.str() + "/signatures";
  expect_problem(call("other", "GET", path), 404, "flow.unknown");
}

TEST_F(TrustTest, EvidenceIsShownByItsDigest) {
  const auto id = deposited();
  const std::string bytes = "a revocation list", path = "/v1/flows/" + id.str() + "/signatures/evidence/";
  auto writer = store_->new_payload();
  ASSERT_TRUE((*writer)->append(bytes));
  store::Change change;
  change.flow = id;
  change.documents.push_back({trust_desk::evidence_role, sha256(bytes).str() + ".crl", "application/pkix-crl",
                              (*writer)->finish().value()});
  ASSERT_TRUE(store_->apply(std::move(change)));
  const auto reply = call("transmitter", "GET", path + sha256(bytes).str());
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.body, bytes);
  EXPECT_EQ(reply.headers.at("content-type"), "application/pkix-crl");
  expect_problem(call("other", "GET", path + sha256(bytes).str()), 404, "flow.unknown");
  // Other documents of the flow are no evidence.
  const auto original = store_->documents(id)->front().sha256.str();
  for (const auto& wrong : {original, sha256("nothing").str(), std::string("x")})
    expect_problem(call("transmitter", "GET", path + wrong), 404, "api.unknown");
}

TEST_F(TrustTest, ProfilesAreForThePlatform) {
  const auto reply = call("platform", "GET", "/v1/trust");
  ASSERT_EQ(reply.status, 200) << reply.body;
  expect_shape(json(reply), "TrustProfileList");
  const auto profile = json(reply).at("items").at(0);
  expect_shape(profile, "TrustProfile");
  EXPECT_EQ(profile.at("certificates").as_array().size(), 2U);
  EXPECT_NE(reply.body.find("trust.crl_missing"), std::string::npos) << reply.body;
  EXPECT_EQ(call("transmitter", "GET", "/v1/trust").status, 403);
}

TEST_F(TrustTest, PlacesAndCertificatesInUseAreListed) {
  trust_desk::PlaceState asked;
  asked.profile = "essai";
  asked.url = "http://crl.example.fr/a.crl";
  asked.last_try = std::chrono::floor<std::chrono::seconds>(clock_.now());
  asked.next_try = *asked.last_try + std::chrono::hours(1);
  asked.failures = 2;
  asked.error = "trust.fetch_status";
  auto barred = asked;
  barred.url = "http://elsewhere.example/a.crl";
  barred.error = "trust.fetch_host";
  auto other = asked;
  other.profile = "autre";
  services_->list_places = [=] { return std::vector{asked, barred, other}; };
  services_->certificates = [this] {
    return std::vector<CertificateInfo>{
        {"server", "", clock_.now() - std::chrono::hours(1)},
        {"trust", "essai/anchors/ca.pem", clock_.now() + std::chrono::hours(49)}};
  };
  const auto answer = json(call("platform", "GET", "/v1/trust"));
  const auto& places = answer.at("items").at(0).at("places").as_array();
  ASSERT_EQ(places.size(), 2U);
  expect_shape(places.at(0), "ListPlace");
  expect_shape(places.at(1), "ListPlace");
  EXPECT_TRUE(places.at(0).as_object().contains("next_try"));
  EXPECT_FALSE(places.at(1).as_object().contains("next_try")) << "it will never be asked";
  const auto& certificates = answer.at("certificates").as_array();
  ASSERT_EQ(certificates.size(), 2U);
  EXPECT_EQ(certificates.at(0).at("days_left").as_int64(), -1);
  EXPECT_EQ(certificates.at(1).at("days_left").as_int64(), 2);
}

TEST_F(TrustTest, ListsAreFetchedInTheBackground) {
  int asked = 0;
  services_->list_places = [] { return std::vector<trust_desk::PlaceState>(3); };
  services_->fetch_lists = [&asked] { ++asked; };
  const auto reply = call("platform", "POST", "/v1/trust/fetch", "{}");
  ASSERT_EQ(reply.status, 202) << reply.body;
  EXPECT_EQ(json(reply).at("places").as_int64(), 3);
  EXPECT_FALSE(json(reply).at("asked_at").as_string().empty());
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(call("transmitter", "POST", "/v1/trust/fetch", "{}").status, 403);
  EXPECT_EQ(asked, 1);
}

TEST_F(TrustTest, AProfileExplainsACertificate) {
  const auto reply = call("platform", "POST", "/v1/trust/essai/explain", question("server.pem"));
  ASSERT_EQ(reply.status, 200) << reply.body;
  expect_shape(json(reply), "SignatureReport");
  const auto answer = json(reply);
  for (const auto& check : answer.at("signatures").at(0).at("checks").as_array())
    EXPECT_NE(check.at("code").as_string(), "trust.signature.sound") << "there is no signature";
  const auto early =
      call("platform", "POST", "/v1/trust/essai/explain", question("server.pem", "2001-01-01T00:00:00Z"));
  EXPECT_EQ(json(early).at("verdict").at("sub_indication").as_string(), "NOT_YET_VALID");
}

TEST_F(TrustTest, AProfileExplainsAClient) {
  const auto ask = [&](const std::string& file, const char* use) {
    auto body = boost::json::parse(question(file)).as_object();
    body["use"] = use;
    return call("platform", "POST", "/v1/trust/essai/explain", boost::json::serialize(body));
  };
  const auto reply = ask("server.pem", "client");
  ASSERT_EQ(reply.status, 200) << reply.body;
  expect_shape(json(reply), "SignatureReport");
  EXPECT_EQ(json(reply).at("verdict").at("indication").as_string(), "failed");
  EXPECT_NE(reply.body.find("trust.usage.not_client"), std::string::npos) << reply.body;
  expect_problem(ask("server.pem", "both"), 400, "api.parameter");
}

TEST_F(TrustTest, WrongQuestionsAreRefused) {
  const std::string path = "/v1/trust/essai/explain";
  expect_problem(call("platform", "POST", "/v1/trust/nobody/explain", question("server.pem")), 404,
                 "api.unknown");
  expect_problem(call("platform", "POST", path, R"({"certificate":"nonsense"})"), 422,
                 "trust.certificate_unreadable");
  expect_problem(call("platform", "POST", path, question("server.pem", "yesterday")), 400, "api.parameter");
  EXPECT_EQ(call("transmitter", "POST", path, question("server.pem")).status, 403);
}

}  // namespace
}  // namespace demat::api
