#include "gateway/api/bearer.hpp"
#include "tests/unit/gateway/api/rig/api_fixture.hpp"

namespace demat::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> bearer(const std::string& token) {
  return {"-H", "Authorization: Bearer " + token};
}

std::string wanted(const std::string& siren, const std::string& role, int days = 30) {
  return R"({"name":"logiciel","grants":[{"authority":")" + siren + R"(","role":")" + role +
         R"("}],"days":)" + std::to_string(days) + "}";
}

TEST_F(ApiTest, ATokenNarrowsItsCertificate) {
  const auto made = call("both", "POST", "/v1/tokens", wanted(siren_a_, "transmitter"));
  ASSERT_EQ(made.status, 201) << made.body;
  expect_shape(json(made), "Token");
  const auto token = text(made, "token");
  EXPECT_EQ(as("both").call("/v1/flows?authority=" + siren_b_).status, 200);
  EXPECT_EQ(as("both").call("/v1/flows", bearer(token)).status, 200) << "one authority is left: no choice";
  expect_problem(as("both").call("/v1/flows?authority=" + siren_b_, bearer(token)), 403, "access.denied");
  EXPECT_EQ(as("both").post("/v1/flows", sample("TOKEN-1"), "application/xml", bearer(token)).status, 202);

  const auto list = call("both", "GET", "/v1/tokens");
  EXPECT_THAT(list.body, HasSubstr(text(made, "id")));
  EXPECT_THAT(list.body, Not(HasSubstr(token))) << "shown once";
  EXPECT_THAT(call("other", "GET", "/v1/tokens").body, Not(HasSubstr(text(made, "id"))));
  EXPECT_THAT(call("platform", "GET", "/v1/tokens").body, HasSubstr(text(made, "id")));
  logger_->flush();
  const auto log = test::read_file(folder_.file("log"));
  EXPECT_THAT(log, HasSubstr(text(made, "id")));
  EXPECT_THAT(log, Not(HasSubstr(token)));
}

TEST_F(ApiTest, ATokenIsNothingWithoutItsCertificate) {
  const auto made = call("transmitter", "POST", "/v1/tokens", wanted(siren_a_, "transmitter"));
  const auto token = text(made, "token");
  ASSERT_EQ(as("transmitter").call("/v1/whoami", bearer(token)).status, 200);
  auto forged = token;
  forged.back() = forged.back() == '0' ? '1' : '0';
  const struct {
    const char* who;
    std::vector<std::string> options;
  } cases[] = {{"operator", bearer(token)},
               {"platform", bearer(token)},
               {"transmitter", bearer(forged)},
               {"transmitter", bearer("demat_")},
               {"transmitter", {"-H", "Authorization: Basic " + token}}};
  for (const auto& one : cases) {
    const auto reply = as(one.who).call("/v1/whoami", one.options);
    expect_problem(reply, 401, "access.bad_token");
    EXPECT_THAT(reply.headers.at("www-authenticate"), HasSubstr("Bearer"));
  }
  expect_problem(as("").call("/v1/whoami", bearer(token)), 401, "access.no_certificate");
}

TEST_F(ApiTest, ATokenEndsWhenRevokedExpiredOrWithItsRights) {
  const auto made = call("transmitter", "POST", "/v1/tokens", wanted(siren_a_, "transmitter"));
  const auto token = text(made, "token");
  const std::string path = "/v1/tokens/" + text(made, "id");
  expect_problem(call("operator", "DELETE", path), 404, "api.unknown");
  expect_problem(call("transmitter", "DELETE", "/v1/tokens/00"), 404, "api.unknown");
  EXPECT_EQ(call("transmitter", "DELETE", path).status, 204);
  EXPECT_EQ(call("transmitter", "DELETE", path).status, 204);
  expect_problem(as("transmitter").call("/v1/whoami", bearer(token)), 401, "access.bad_token");

  store::StoredToken old;
  const auto secret = make_bearer();
  old.token.id = secret.id;
  old.token.identity = IdentityId{fingerprints_.at("transmitter")};
  old.token.grants = {{AuthorityId{siren_a_}, flow::Role::transmitter}};
  old.token.created_at = clock_.now() - std::chrono::hours(2);
  old.token.expires_at = clock_.now() - std::chrono::hours(1);
  old.secret = secret.digest;
  ASSERT_TRUE(store_->tickets().put_token(old, "test"));
  expect_problem(as("transmitter").call("/v1/whoami", bearer(secret.text)), 401, "access.bad_token");

  const auto next = text(call("transmitter", "POST", "/v1/tokens", wanted(siren_a_, "transmitter")), "token");
  ASSERT_TRUE(store_->put_identity({IdentityId{fingerprints_.at("transmitter")},
                                    "transmitter",
                                    {{AuthorityId{siren_a_}, flow::Role::reader}},
                                    true},
                                   "test"));
  EXPECT_EQ(as("transmitter").call("/v1/flows").status, 200);
  expect_problem(as("transmitter").call("/v1/flows", bearer(next)), 403, "access.denied");
}

TEST_F(ApiTest, ATokenNeverGivesMoreThanItsCertificate) {
  expect_problem(call("reader", "POST", "/v1/tokens", wanted(siren_a_, "transmitter")), 403,
                 "token.too_wide");
  expect_problem(call("reader", "POST", "/v1/tokens", wanted(siren_b_, "reader")), 403, "token.too_wide");
  expect_problem(call("reader", "POST", "/v1/tokens", wanted(siren_a_, "reader", 401)), 422, "api.field");
  expect_problem(call("reader", "POST", "/v1/tokens", wanted(siren_a_, "reader", 0)), 422, "api.field");
  expect_problem(call("reader", "POST", "/v1/tokens", R"({"name":"x","grants":[],"days":3})"), 422,
                 "api.field");
  const auto token = text(call("reader", "POST", "/v1/tokens", wanted(siren_a_, "reader")), "token");
  expect_problem(
      as("reader").post("/v1/tokens", wanted(siren_a_, "reader"), "application/json", bearer(token)), 403,
      "token.with_token");
}

}  // namespace
}  // namespace demat::api
