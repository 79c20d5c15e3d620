#include "protocols/pes/pj_source.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/support/pes_samples.hpp"

namespace demat::pes {
namespace {

std::string document() {
  std::string out;
  for (std::size_t i = 0; out.size() < 300'000; ++i)
    out += std::to_string(i * 2'654'435'761U % 1'000'000'007U);
  return out;
}

TEST(PjSource, GivesTheDocumentInAnyOrder) {
  const auto text = document();
  const auto half = text.size() / 2;
  const auto members =
      samples::gzip(text.substr(0, half)) + samples::gzip("") + samples::gzip(text.substr(half)) + "trailing";
  for (const auto& gzip : {samples::gzip(text), members}) {
    const PjSource source(gzip, text.size());
    EXPECT_EQ(source.size(), text.size());
    EXPECT_TRUE(source.view().empty());
    std::vector<char> buffer(70'001);
    for (const std::size_t offset : {0U, 0U, 140'000U, 149'990U, 200'000U, 5U}) {
      const auto got = source.read(offset, buffer);
      ASSERT_TRUE(got) << got.error().en;
      EXPECT_EQ(std::string_view(buffer.data(), *got),
                std::string_view(text).substr(offset, std::min(buffer.size(), text.size() - offset)))
          << offset;
    }
    EXPECT_EQ(source.read(text.size(), buffer).value(), 0U);
    EXPECT_EQ(source.read(text.size() + 1, buffer).value(), 0U);
  }
}

TEST(PjSource, SaysWhatIsDamaged) {
  const auto text = document();
  const auto gzip = samples::gzip(text);
  std::vector<char> buffer(text.size());
  for (const auto& broken : {gzip.substr(0, gzip.size() / 2), std::string("no gzip"), std::string()}) {
    const PjSource source(broken, text.size());
    const auto got = source.read(0, buffer);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, "pj.damaged");
  }
}

}  // namespace
}  // namespace demat::pes
