#include "protocols/xml/parser.hpp"

#include <gtest/gtest.h>

namespace demat::xml {
namespace {

TEST(Parser, ReadsAnElement) {
  const auto document = parse("<a Id='x'><b/><b V='1'/></a>");
  ASSERT_TRUE(document) << document.error().en;
  EXPECT_EQ(document->root().children()[1].path(), "/a/b[2]");
}

}  // namespace
}  // namespace demat::xml
