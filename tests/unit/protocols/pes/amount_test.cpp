#include "protocols/pes/amount.hpp"

#include <gtest/gtest.h>

#include "protocols/rules/values.hpp"

namespace demat::pes {
namespace {

struct Written {
  const char* text;
  std::int64_t cents;
  const char* plain;
  const char* people;
};

TEST(AmountTest, IsReadAndWritten) {
  for (const auto& [text, cents, plain, people] :
       {Written{"0", 0, "0.00", "0,00\u00A0€"}, Written{"12", 1200, "12.00", "12,00\u00A0€"},
        Written{"12.5", 1250, "12.50", "12,50\u00A0€"}, Written{"+12.05", 1205, "12.05", "12,05\u00A0€"},
        Written{"-1234.5", -123450, "-1234.50", "-1\u00A0234,50\u00A0€"},
        Written{".07", 7, "0.07", "0,07\u00A0€"}, Written{"1.500000", 150, "1.50", "1,50\u00A0€"},
        Written{"999999999999.99", 99999999999999, "999999999999.99",
                "999\u00A0999\u00A0999\u00A0999,99\u00A0€"}}) {
    ASSERT_TRUE(rules::cents(text).has_value()) << text;
    EXPECT_EQ(*rules::cents(text), cents) << text;
    EXPECT_EQ(rules::decimal(cents), plain);
    EXPECT_EQ(amount_for_people(cents), people);
  }
}

TEST(AmountTest, WhatIsNoneIsNone) {
  for (const char* text :
       {"", "-", ".", "1,5", "12.345", "abc", "1 2", "1e3", "99999999999999999", "--1", "nc"})
    EXPECT_FALSE(rules::cents(text).has_value()) << text;
}

}  // namespace
}  // namespace demat::pes
