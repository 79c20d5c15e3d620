#include <set>

#include "tests/unit/gateway/api/rig/api_fixture.hpp"

namespace demat::api {
namespace {

TEST_F(ApiTest, DocumentAndTableOfRoutesAgreeBothWays) {
  std::set<std::string> table;
  const auto router = make_routes(*services_);
  for (const auto& route : router.routes())
    table.insert(route.method + " " + route.pattern);
  std::set<std::string> documented;
  for (const auto& [operation, statuses] : test::documented_operations()) {
    documented.insert(operation);
    EXPECT_FALSE(statuses.empty()) << operation;
  }
  EXPECT_EQ(documented, table);
}

TEST(OpenApi, EveryReferenceHasItsTarget) {
  const auto text = test::openapi_text();
  const std::string mark = "'#/components/";
  std::size_t references = 0;
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    const auto slash = text.find('/', at + mark.size());
    const auto end = text.find('\'', slash);
    const auto section = text.substr(at + mark.size(), slash - at - mark.size());
    const auto name = text.substr(slash + 1, end - slash - 1);
    const auto section_at = text.find("\n  " + section + ":\n");
    ASSERT_NE(section_at, std::string::npos) << section;
    EXPECT_NE(text.find("\n    " + name + ":\n", section_at), std::string::npos) << section << "/" << name;
    ++references;
  }
  EXPECT_GT(references, 100U);
}

}  // namespace
}  // namespace demat::api
