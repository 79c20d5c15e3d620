#include "gateway/config/nearest.hpp"

#include <gtest/gtest.h>

#include <array>

namespace demat::config {
namespace {

TEST(EditDistanceTest, CountsChanges) {
  struct Case {
    const char* a;
    const char* b;
    std::size_t distance;
  };
  for (const Case& c : {Case{"", "", 0}, Case{"port", "port", 0}, Case{"", "abc", 3}, Case{"prot", "port", 1},
                        Case{"por", "port", 1}, Case{"ports", "port", 1}, Case{"pork", "port", 1},
                        Case{"kitten", "sitting", 3}}) {
    EXPECT_EQ(edit_distance(c.a, c.b), c.distance) << c.a << " " << c.b;
    EXPECT_EQ(edit_distance(c.b, c.a), c.distance) << c.b << " " << c.a;
  }
}

TEST(NearestTest, NamesTheClosestOrNothing) {
  constexpr std::array<std::string_view, 4> known{"listen", "port", "port_file", "certificate"};
  EXPECT_EQ(nearest("prot", known), "port");
  EXPECT_EQ(nearest("port_fiel", known), "port_file");
  EXPECT_EQ(nearest("certifcate", known), "certificate");
  EXPECT_EQ(nearest("zzzzzz", known), "");
  EXPECT_EQ(nearest("port", {}), "");
}

}  // namespace
}  // namespace demat::config
