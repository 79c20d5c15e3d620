#include "gateway/http/message.hpp"

#include <gtest/gtest.h>

namespace demat::http {
namespace {

TEST(Target, DecodesPathAndQuery) {
  const auto target = parse_target("/v1/flows?state=sent&state=ready&nomfic=a%20b+c%26&empty=&flag");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/v1/flows");
  const decltype(target->query) wanted = {
      {"state", "sent"}, {"state", "ready"}, {"nomfic", "a b c&"}, {"empty", ""}, {"flag", ""}};
  EXPECT_EQ(target->query, wanted);
  EXPECT_EQ(parse_target("/")->path, "/");
}

TEST(Target, RefusesWhatCouldLeadElsewhere) {
  for (const auto* text : {"", "v1", "/v1/../flows", "/v1/%2e%2e/flows", "/v1//flows", "/v1/a%2Fb", "/v1/%00",
                           "/v1/%zz", "/v1/a b", "http://other/v1", "*", "/v1/flows/"})
    EXPECT_FALSE(parse_target(text)) << text;
}

TEST(Response, NoValueCanAddAHeader) {
  Response response;
  response.with("Location", "/a\r\nSet-Cookie: b\n");
  EXPECT_EQ(response.headers.at(0).second, "/a  Set-Cookie: b ");
}

TEST(Percent, GoesBothWays) {
  EXPECT_EQ(percent_encode("é/ a"), "%C3%A9%2F%20a");
  EXPECT_EQ(percent_decode("%C3%A9%2F%20a"), "é/ a");
  EXPECT_FALSE(percent_decode("%C"));
}

}  // namespace
}  // namespace demat::http
