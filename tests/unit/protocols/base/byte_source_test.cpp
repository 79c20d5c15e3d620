#include "protocols/base/byte_source.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace demat {
namespace {

TEST(MemorySource, ReadsInAnyOrderAndNotBeyondTheEnd) {
  const std::string bytes = "0123456789";
  const MemorySource source{bytes};
  EXPECT_EQ(source.size(), 10U);
  EXPECT_EQ(source.view(), bytes);
  std::array<char, 4> buffer{};
  const auto at = [&](std::size_t offset) {
    const auto got = source.read(offset, buffer);
    EXPECT_TRUE(got);
    return std::string{buffer.data(), got.value_or(0)};
  };
  EXPECT_EQ(at(8), "89");
  EXPECT_EQ(at(0), "0123");
  EXPECT_EQ(at(10), "");
  EXPECT_EQ(at(1000), "");
}

}  // namespace
}  // namespace demat
