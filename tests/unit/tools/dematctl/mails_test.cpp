#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_gateway.hpp"
#include "tools/dematctl/commands_mails.hpp"

namespace demat::ctl {
namespace {

using ::testing::HasSubstr;

TEST(Mails, AreListedByStateAndFlow) {
  FakeGateway gateway;
  gateway.answers("GET /v1/mails?state=failed&flow=f1&limit=50", 200,
                  R"({"items":[{"id":"m1","recipient":"a@exemple.fr","kind":"actes_1_2","state":"failed",)"
                  R"("tries":2,"reply":550,"error_code":"mail.refused"}]})");
  auto session = gateway.session();
  EXPECT_EQ(mail_list(session, {"failed", "f1", 50}), Exit::ok);
  EXPECT_THAT(gateway.out.str(), HasSubstr("a@exemple.fr"));
  EXPECT_THAT(gateway.out.str(), HasSubstr("mail.refused"));
}

TEST(Mails, AreRetriedEachAndTheWorstEndIsTold) {
  FakeGateway gateway;
  gateway.answers("POST /v1/mails/m2/retry", 202, R"({"id":"m2","state":"waiting"})");
  auto session = gateway.session();
  EXPECT_EQ(mail_retry(session, {"m1", "m2"}), Exit::not_found);
  EXPECT_THAT(gateway.out.str(), HasSubstr("m2  waiting"));
}

}  // namespace
}  // namespace demat::ctl
