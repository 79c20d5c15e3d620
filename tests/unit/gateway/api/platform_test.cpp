#include "tests/unit/gateway/api/rig/api_fixture.hpp"

namespace demat::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(ApiTest, AdministersAuthoritiesAndRoutes) {
  const auto siret = samples::sample_siret(5);
  const auto path = "/v1/authorities/" + siret.substr(0, 9);
  expect_problem(call("platform", "GET", path), 404, "api.unknown");
  const auto put = call("platform", "PUT", path, R"({"name":"Valjoie","sirets":[")" + siret + R"("]})");
  ASSERT_EQ(put.status, 200) << put.body;
  expect_shape(json(put), "Authority");
  const auto route = call("platform", "PUT", path + "/routes/pes",
                          R"({"destination":"simu","p_dest":"ABC","signer":"mairie"})");
  ASSERT_EQ(route.status, 200) << route.body;
  expect_shape(json(route), "Route");
  const auto shown = json(call("platform", "GET", path));
  EXPECT_EQ(shown.at("routes").as_array().size(), 1U);
  EXPECT_EQ(json(call("platform", "GET", "/v1/authorities")).at("items").as_array().size(), 3U);
  EXPECT_TRUE(*store_->authority_of_siret(Siret{siret}));
}

TEST_F(ApiTest, RefusesWrongAdministration) {
  const auto siret = samples::sample_siret(5);
  const auto path = "/v1/authorities/" + siret.substr(0, 9);
  ASSERT_EQ(call("platform", "PUT", path, R"({"name":"Valjoie"})").status, 200);
  const std::string identity = "/v1/identities/" + std::string(64, 'a');
  const struct {
    std::string path;
    std::string body;
    int status;
    const char* code;
  } cases[] = {
      {"/v1/authorities/123456789", R"({"name":"x"})", 422, "api.field"},
      {path, R"({"sirets":[]})", 422, "api.field"},
      {path, R"({"name":"x","sirets":["12345678901234"]})", 422, "api.field"},
      {path, R"({"name":"x","sirets":[")" + samples::sample_siret(6) + R"("]})", 422, "api.field"},
      {path, R"({"name":"x","activ":true})", 422, "api.field"},
      {path + "/routes/pes", R"({"destination":"nowhere"})", 422, "api.field"},
      {path + "/routes/pes", R"({"destination":"simu","signer":"nobody"})", 422, "api.field"},
      {path + "/routes/pes", R"({"destination":"simu","p_dest":"a;b"})", 422, "api.field"},
      {path + "/routes/pes", R"({"destination":"simu","signer":"autre"})", 422, "route.signer_authority"},
      {path + "/routes/actes", R"({"destination":"simu","signer":"mairie"})", 422, "route.signer_protocol"},
      {path + "/routes/other", R"({"destination":"simu"})", 404, "api.unknown"},
      {"/v1/authorities/" + samples::sample_siret(8).substr(0, 9) + "/routes/pes",
       R"({"destination":"simu"})", 404, "api.unknown"},
      {"/v1/identities/ABC", R"({"name":"x","grants":[]})", 422, "api.field"},
      {identity, R"({"name":"x"})", 422, "api.field"},
      {identity, R"({"name":"x","grants":[{"role":"king"}]})", 422, "api.field"},
      {identity, R"({"name":"x","grants":[{"role":"reader"}]})", 422, "api.field"},
      {identity, R"({"name":"x","grants":[{"role":"platform_operator","authority":")" + siren_a_ + R"("}]})",
       422, "api.field"},
      {identity,
       R"({"name":"x","grants":[{"role":"reader","authority":")" + samples::sample_siret(8).substr(0, 9) +
           R"("}]})",
       422, "api.field"},
      {"/v1/identities/" + fingerprints_.at("platform"), R"({"name":"x","grants":[]})", 409,
       "identity.own_rights"},
      {"/v1/identities/" + fingerprints_.at("platform"),
       R"({"name":"x","active":false,"grants":[{"role":"platform_operator"}]})", 409, "identity.own_rights"},
  };
  for (const auto& one : cases) {
    SCOPED_TRACE(one.path + " " + one.body);
    expect_problem(call("platform", "PUT", one.path, one.body), one.status, one.code);
  }
}

TEST_F(ApiTest, RegistersACertificateThatWorksAtOnce) {
  expect_problem(call("stranger", "GET", "/v1/whoami"), 403, "access.unknown_certificate");
  const auto put =
      call("platform", "PUT", "/v1/identities/" + fingerprints_.at("stranger"),
           R"({"name":"logiciel","grants":[{"authority":")" + siren_a_ + R"(","role":"reader"}]})");
  ASSERT_EQ(put.status, 200) << put.body;
  expect_shape(json(put), "Identity");
  const auto who = call("stranger", "GET", "/v1/whoami");
  ASSERT_EQ(who.status, 200);
  expect_shape(json(who), "Identity");
  EXPECT_EQ(text(who, "name"), "logiciel");
  EXPECT_EQ(text(who, "sha256"), fingerprints_.at("stranger"));
}

TEST_F(ApiTest, AdministrationIsForPlatformOperators) {
  const std::vector<std::pair<std::string, std::string>> routes = {
      {"GET", "/v1/authorities"},
      {"GET", "/v1/authorities/" + siren_a_},
      {"PUT", "/v1/authorities/" + siren_a_},
      {"PUT", "/v1/authorities/" + siren_a_ + "/routes/pes"},
      {"GET", "/v1/identities"},
      {"PUT", "/v1/identities/" + fingerprints_.at("operator")},
      {"GET", "/v1/destinations"},
      {"POST", "/v1/destinations/simu/probe"}};
  for (const auto* who : {"operator", "transmitter", "auditor"}) {
    for (const auto& [method, path] : routes)
      expect_problem(call(who, method, path, method == "PUT" ? "{}" : ""), 403, "access.denied");
  }
}

TEST_F(ApiTest, ProbesDestinations) {
  const auto list = json(call("platform", "GET", "/v1/destinations")).at("items").as_array();
  ASSERT_EQ(list.size(), 1U);
  expect_shape(list.at(0), "Destination");
  const auto probe = call("platform", "POST", "/v1/destinations/simu/probe");
  ASSERT_EQ(probe.status, 200) << probe.body;
  expect_shape(json(probe), "ProbeResult");
  EXPECT_FALSE(json(probe).at("ok").as_bool());
  EXPECT_EQ(text(probe, "code"), "transport.unreachable");
  expect_problem(call("platform", "POST", "/v1/destinations/other/probe"), 404, "api.unknown");
}

TEST_F(ApiTest, ShowsTheStateOfTheGateway) {
  deposited();
  const auto full = call("platform", "GET", "/v1/status");
  ASSERT_EQ(full.status, 200);
  expect_shape(json(full), "Status");
  EXPECT_EQ(text(full, "environment"), "test");
  EXPECT_EQ(text(full, "version"), "0.0-test");
  EXPECT_THAT(full.body, HasSubstr("\"received\""));
  const auto plain = call("reader", "GET", "/v1/status");
  EXPECT_FALSE(json(plain).as_object().contains("states"));  // volumes of others are nobody's business
  EXPECT_EQ(json(call("reader", "GET", "/v1/schemas")).at("items").as_array().size(), 1U);
}

TEST_F(ApiTest, AuditorsVerifyTheJournal) {
  deposited();
  for (const auto* who : {"auditor", "platform"}) {
    const auto check = call(who, "GET", "/v1/journal/verify");
    ASSERT_EQ(check.status, 200) << check.body;
    expect_shape(json(check), "JournalCheck");
    EXPECT_TRUE(json(check).at("intact").as_bool());
    // How much happens on the whole platform is not for one authority.
    EXPECT_EQ(json(check).as_object().contains("events"), std::string(who) == "platform");
  }
  expect_problem(call("reader", "GET", "/v1/journal/verify"), 403, "access.denied");
}

}  // namespace
}  // namespace demat::api
