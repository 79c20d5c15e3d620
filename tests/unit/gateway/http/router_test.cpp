#include "gateway/http/router.hpp"

#include <gtest/gtest.h>

namespace demat::http {
namespace {

Router sample() {
  Router router;
  const Handler none = [](const Request&, const std::string&) { return Response{}; };
  for (const auto& [method, pattern] : {std::pair{"GET", "/v1/flows"},
                                        {"POST", "/v1/flows"},
                                        {"GET", "/v1/flows/{id}"},
                                        {"GET", "/v1/flows/{id}/documents/{n}"},
                                        {"POST", "/v1/flows/{id}/hold"}})
    router.add({method, pattern, none});
  return router;
}

TEST(Router, FindsTheRouteAndItsCaptures) {
  const auto router = sample();
  const auto match = router.match("GET", "/v1/flows/abc/documents/2");
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(match.route->pattern, "/v1/flows/{id}/documents/{n}");
  EXPECT_EQ(match.captures.at("id"), "abc");
  EXPECT_EQ(match.captures.at("n"), "2");
}

TEST(Router, HeadGoesWithGet) {
  EXPECT_NE(sample().match("HEAD", "/v1/flows").route, nullptr);
}

TEST(Router, TellsOtherMethodsFromUnknownPaths) {
  const auto router = sample();
  const auto wrong = router.match("DELETE", "/v1/flows");
  EXPECT_EQ(wrong.route, nullptr);
  EXPECT_EQ(wrong.allow, "GET, HEAD, POST");
  for (const auto* path : {"/", "/v1", "/v1/flows/a/b", "/v1/flows/a/documents", "/v2/flows"}) {
    const auto unknown = router.match("GET", path);
    EXPECT_EQ(unknown.route, nullptr) << path;
    EXPECT_TRUE(unknown.allow.empty()) << path;
  }
}

}  // namespace
}  // namespace demat::http
