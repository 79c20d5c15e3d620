#include "tests/unit/gateway/api/rig/api_fixture.hpp"

namespace demat::api {
namespace {

using flow::ReturnState;

TEST_F(ApiTest, ListsReturnsAndMarksThemReadOnlyWhenAsked) {
  const auto id = received("PES2R_1.xml", ReturnState::available, siren_a_);
  received("ack.xml", ReturnState::matched, siren_a_);
  const auto list = call("reader", "GET", "/v1/returns");
  ASSERT_EQ(list.status, 200) << list.body;
  expect_shape(json(list), "ReturnPage");
  const auto list_value = json(list);
  const auto& items = list_value.at("items").as_array();
  ASSERT_EQ(items.size(), 1U);
  expect_shape(items.at(0), "Return");
  const std::string path = "/v1/returns/" + id.str();
  const auto payload = call("reader", "GET", path + "/payload");
  EXPECT_EQ(payload.body, "<retour nom='PES2R_1.xml'/>");
  EXPECT_FALSE(json(call("reader", "GET", path)).at("read").as_bool());  // fetching is not reading
  const auto marked = call("reader", "POST", path + "/read", R"({"read":true})");
  ASSERT_EQ(marked.status, 200) << marked.body;
  EXPECT_TRUE(json(marked).at("read").as_bool());
  EXPECT_EQ(json(call("reader", "GET", "/v1/returns?read=false")).at("items").as_array().size(),
            1U);  // the acquit
  EXPECT_EQ(json(call("reader", "GET", "/v1/returns?read=true")).at("items").as_array().size(), 1U);
  EXPECT_EQ(json(call("reader", "GET", "/v1/returns?state=matched")).at("items").as_array().size(), 1U);
  EXPECT_EQ(json(call("reader", "GET", "/v1/returns?kind=PES_NonAcquit")).at("items").as_array().size(), 0U);
  EXPECT_EQ(call("reader", "GET", "/v1/returns?kind=actes_1-2").status, 200);
  for (const auto* none : {"acquit_v2", "actes_1_2", "actes_"})
    expect_problem(call("reader", "GET", "/v1/returns?kind=" + std::string(none)), 400, "api.parameter");
  expect_problem(call("reader", "GET", "/v1/returns?read=perhaps"), 400, "api.parameter");
  expect_problem(call("reader", "POST", path + "/read", R"({"read":"yes"})"), 422, "api.field");
}

TEST_F(ApiTest, ReturnsOfOthersAndOrphansLookLikeNone) {
  const auto theirs = received("PES2R_2.xml", ReturnState::available, siren_b_);
  const auto orphan = received("lost.xml", ReturnState::orphan, "");
  for (const auto& id : {theirs.str(), orphan.str(), std::string("none")}) {
    for (const auto* suffix : {"", "/payload"})
      expect_problem(call("reader", "GET", "/v1/returns/" + id + suffix), 404, "return.unknown");
    expect_problem(call("reader", "POST", "/v1/returns/" + id + "/read", R"({"read":true})"), 404,
                   "return.unknown");
  }
  EXPECT_EQ(json(call("reader", "GET", "/v1/returns")).at("items").as_array().size(), 0U);
}

TEST_F(ApiTest, AnAuditorLooksAtReturnsAndMarksNone) {
  const auto id = received("PES2R_4.xml", ReturnState::available, siren_a_);
  const std::string path = "/v1/returns/" + id.str();
  EXPECT_EQ(call("auditor", "GET", path).status, 200);
  expect_problem(call("auditor", "POST", path + "/read", R"({"read":true})"), 403, "access.denied");
  EXPECT_FALSE((*store_->find_return(id))->read);
  for (const auto* who : {"depositor", "transmitter", "reader", "operator", "platform"})
    EXPECT_EQ(call(who, "POST", path + "/read", R"({"read":true})").status, 200) << who;
}

TEST_F(ApiTest, OrphansAreForPlatformOperators) {
  const auto orphan = received("lost.xml", ReturnState::orphan, "");
  const auto mine = received("PES2R_3.xml", ReturnState::available, siren_a_);
  const auto list = call("platform", "GET", "/v1/orphans");
  ASSERT_EQ(list.status, 200) << list.body;
  EXPECT_EQ(json(list).at("items").as_array().size(), 1U);
  EXPECT_EQ(text(call("platform", "GET", "/v1/orphans/" + orphan.str()), "remote_name"), "lost.xml");
  EXPECT_EQ(call("platform", "GET", "/v1/orphans/" + orphan.str() + "/payload").body,
            "<retour nom='lost.xml'/>");
  expect_problem(call("platform", "GET", "/v1/orphans/" + mine.str()), 404, "return.unknown");
  for (const auto* path : {"/v1/orphans", "/v1/orphans/x", "/v1/orphans/x/payload"})
    expect_problem(call("operator", "GET", path), 403, "access.denied");
}

}  // namespace
}  // namespace demat::api
