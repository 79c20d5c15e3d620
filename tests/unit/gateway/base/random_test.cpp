#include "gateway/base/random.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <set>

namespace demat {
namespace {

TEST(Uuid, IsAVersion7OfRfc9562) {
  const auto now = from_iso8601("2026-03-01T12:00:00.123Z").value();
  const std::string id = make_uuid_v7(now);
  EXPECT_THAT(id,
              testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  std::string stamp = id.substr(0, 8) + id.substr(9, 4);
  EXPECT_EQ(std::stoll(stamp, nullptr, 16),
            std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
}

TEST(Uuid, OrdersByTimeAndNeverRepeats) {
  Instant now = from_iso8601("2026-03-01").value();
  std::vector<std::string> ids;
  std::set<std::string> distinct;
  for (int i = 0; i < 1000; ++i) {
    ids.push_back(make_uuid_v7(now));
    distinct.insert(make_uuid_v7(now));
    distinct.insert(ids.back());
    now += std::chrono::milliseconds(1);
  }
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  EXPECT_EQ(distinct.size(), 2000U);
}

TEST(Random, FillsAndVaries) {
  std::array<std::uint8_t, 32> a{};
  std::array<std::uint8_t, 32> b{};
  random_bytes(a);
  random_bytes(b);
  EXPECT_NE(a, b);
}

TEST(Random, FractionsStayInTheirInterval) {
  double low = 1;
  double high = 0;
  for (int i = 0; i < 2000; ++i) {
    const double value = random_fraction();
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    low = std::min(low, value);
    high = std::max(high, value);
  }
  EXPECT_LT(low, 0.1);
  EXPECT_GT(high, 0.9);
}

}  // namespace
}  // namespace demat
