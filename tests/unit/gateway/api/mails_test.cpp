#include "gateway/store/actes.hpp"
#include "tests/unit/gateway/api/rig/api_fixture.hpp"

namespace demat::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class MailsTest : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    services_->wake_push = [this] { ++woken_; };
  }
  /// Two mails about a flow of the caller's authority.
  FlowId told() {
    const auto id = deposited("MAIL-1");
    store::MailSettlement told;
    store::NewReturn item;
    item.remote_name = "m";
    auto writer = store_->new_payload().value();
    EXPECT_TRUE(writer->append("mail"));
    told.item = store_->import_return(item, std::move(*writer->finish())).value();
    told.item.state = flow::ReturnState::matched;
    told.mails.push_back({store_->find(id).value()->authority,
                          id,
                          "actes_1_2",
                          "Objet",
                          "Texte caché",
                          "exemple.fr",
                          {"a@exemple.fr", "b@exemple.fr"}});
    told.tell = 0;
    EXPECT_TRUE(store_->actes().settle(std::move(told)));
    return id;
  }
  boost::json::array items(const std::string& who, const std::string& query = "") {
    return json(call(who, "GET", "/v1/mails" + query)).at("items").as_array();
  }
  int woken_ = 0;
};

TEST_F(MailsTest, ListsWhatBecameOfEachMailToItsOperators) {
  const auto id = told();
  const auto all = items("operator");
  ASSERT_EQ(all.size(), 2U);
  expect_shape(all[0], "Mail");
  EXPECT_EQ(all[0].at("flow").as_string(), id.str());
  EXPECT_EQ(all[0].at("state").as_string(), "waiting");
  EXPECT_THAT(call("operator", "GET", "/v1/mails").body, Not(HasSubstr("Texte")));
  EXPECT_EQ(items("platform").size(), 2U);
  EXPECT_EQ(items("other").size(), 0U);
  EXPECT_EQ(items("other", "?flow=" + id.str()).size(), 0U);
  EXPECT_EQ(items("operator", "?flow=" + id.str()).size(), 2U);
  EXPECT_EQ(items("operator", "?state=sent").size(), 0U);
  expect_problem(call("reader", "GET", "/v1/mails"), 403, "access.denied");
  expect_problem(call("operator", "GET", "/v1/mails?state=perdu"), 400, "api.parameter");
  const auto page = json(call("operator", "GET", "/v1/mails?limit=1"));
  EXPECT_EQ(page.at("items").as_array().size(), 1U);
  EXPECT_EQ(items("operator", "?limit=1&cursor=" + std::string(page.at("next").as_string())).size(), 1U);
}

TEST_F(MailsTest, AFailedOneIsSentAgainByItsOperator) {
  told();
  const store::MailId id{std::string(items("operator")[0].at("id").as_string())};
  ASSERT_TRUE(store_->mails().failed(id, {550, "mail.refused", "550 no", clock_.now(), true}));
  const auto failed = items("operator", "?state=failed");
  ASSERT_EQ(failed.size(), 1U);
  expect_shape(failed[0], "Mail");
  EXPECT_EQ(failed[0].at("reason").as_string(), "550 no");
  const auto path = "/v1/mails/" + id.str() + "/retry";
  expect_problem(call("other", "POST", path, "{}"), 404, "api.unknown");
  expect_problem(call("reader", "POST", path, "{}"), 403, "access.denied");
  expect_problem(call("operator", "POST", "/v1/mails/none/retry", "{}"), 404, "api.unknown");
  EXPECT_EQ(woken_, 0);
  const auto again = call("operator", "POST", path, "{}");
  ASSERT_EQ(again.status, 202) << again.body;
  EXPECT_EQ(text(again, "state"), "waiting");
  EXPECT_EQ(woken_, 1);
  ASSERT_TRUE(store_->mails().sent(id, 250));
  expect_problem(call("operator", "POST", path, "{}"), 409, "mail.already_sent");
}

}  // namespace
}  // namespace demat::api
