#include "protocols/pes/pj_content.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "protocols/base/digest.hpp"
#include "tests/support/pes_blocks.hpp"

/// Attachments unpacked piece by piece (helios 2.5, P10).
namespace demat::pes {
namespace {

using samples::gzip;

std::string coded(std::string_view bytes) {
  return base64(as_bytes(bytes));
}

struct Unpacked {
  std::string code;  ///< empty: read well
  std::string content;
  PjSizes sizes;
};

/// Feeds `text` in pieces of `step` bytes.
Unpacked unpack(std::string_view text, std::size_t step = std::string_view::npos,
                const PjLimits& limits = {}) {
  Unpacked out;
  PjContent content(limits, [&](std::string_view piece) {
    out.content += piece;
    return Status{};
  });
  Status status;
  for (std::size_t at = 0; at < text.size() && status; at += std::min(step, text.size()))
    status = content.add(text.substr(at, step));
  const Status end = content.finish();
  out.code = end ? std::string() : end.error().code;
  if (!status) {
    EXPECT_EQ(status.error().code, out.code) << "the first error stays";
  }
  out.sizes = content.sizes();
  return out;
}

std::string text_of(std::size_t bytes) {
  std::string out;
  while (out.size() < bytes)
    out += "mandat " + std::to_string(out.size()) + '\n';
  out.resize(bytes);
  return out;
}

TEST(PjContentTest, AnyPiecesGiveTheSameFile) {
  for (const std::size_t size : {1U, 2U, 3U, 100U, 65'535U, 65'536U, 65'537U, 300'000U}) {
    const std::string file = text_of(size);
    const std::string packed = gzip(file);
    std::string text = coded(packed);
    for (const std::size_t step : {1U, 3U, 77U, 4'096U, 1'000'000U}) {
      const auto whole = unpack(text, step);
      ASSERT_EQ(whole.code, "") << size << " in pieces of " << step;
      ASSERT_EQ(whole.content, file) << size << " in pieces of " << step;
      EXPECT_EQ(whole.sizes.packed, packed.size());
      EXPECT_EQ(whole.sizes.content, size);
      EXPECT_EQ(whole.sizes.members, 1U);
      EXPECT_EQ(whole.sizes.trailing, 0U);
    }
  }
}

TEST(PjContentTest, BlanksAndMissingPaddingAreAccepted) {
  for (std::size_t size = 1; size < 8; ++size) {
    const std::string file = text_of(size);
    std::string lines;
    for (const char c : coded(gzip(file)))
      lines += c == '=' ? std::string() : std::string(1, c) + "\r\n\t ";
    EXPECT_EQ(unpack(lines).content, file);
    EXPECT_EQ(unpack(lines).code, "");
  }
}

TEST(PjContentTest, SeveralMembersAreOneContent) {
  const auto two = unpack(coded(gzip("un ") + gzip("deux")));
  EXPECT_EQ(two.code, "");
  EXPECT_EQ(two.content, "un deux");
  EXPECT_EQ(two.sizes.members, 2U);
}

TEST(PjContentTest, WhatFollowsIsIgnoredAndCounted) {
  const auto read = unpack(coded(gzip("un") + "reste"));
  EXPECT_EQ(read.code, "");
  EXPECT_EQ(read.content, "un");
  EXPECT_EQ(read.sizes.trailing, 5U);
}

struct Wrong {
  const char* name;
  std::string text;
  const char* code;
};
void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.name;
}
class PjContentRefusalTest : public testing::TestWithParam<Wrong> {};

std::string damaged_gzip() {
  std::string packed = gzip(text_of(5'000));
  packed[packed.size() - 6] = static_cast<char>(packed[packed.size() - 6] ^ 0x55);  // in the checksum
  return packed;
}

TEST_P(PjContentRefusalTest, IsRefused) {
  for (const std::size_t step : {1U, 10U, 100'000U}) {
    const auto read = unpack(GetParam().text, step);
    EXPECT_EQ(read.code, GetParam().code) << "in pieces of " << step;
  }
}
INSTANTIATE_TEST_SUITE_P(
    Cases, PjContentRefusalTest,
    testing::Values(
        Wrong{"Nothing", "", "pj.empty"}, Wrong{"Blanks", " \n\t", "pj.empty"},
        Wrong{"EmptyFile", coded(gzip("")), "pj.empty_content"},
        Wrong{"ForeignCharacter", "H4sI!AAA", "pj.base64"}, Wrong{"UrlAlphabet", "H4sI-_AA", "pj.base64"},
        Wrong{"AfterPadding", "H4sIAA==AAAA", "pj.base64"}, Wrong{"PaddingAlone", "=", "pj.base64"},
        Wrong{"PaddingTooEarly", "H===", "pj.base64"}, Wrong{"ThreePaddings", "H4s===", "pj.base64"},
        Wrong{"LoneSymbol", coded(gzip("abc")) + "A", "pj.base64"},
        Wrong{"PlainPdf", coded("%PDF-1.4 not packed"), "pj.not_gzip"},
        Wrong{"Zip", coded("PK\x03\x04"), "pj.not_gzip"},
        Wrong{"Cut", coded(gzip(text_of(5'000)).substr(0, 100)), "pj.truncated"},
        Wrong{"NoTrailer", coded(gzip("abc").substr(0, gzip("abc").size() - 3)), "pj.truncated"},
        Wrong{"Checksum", coded(damaged_gzip()), "pj.damaged"},
        Wrong{"NoDeflate", coded(std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03\xff\xff\xff", 13)), "pj.damaged"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(PjContentTest, BombsEndEarly) {
  const std::string bomb = coded(gzip(std::string(64'000'000, '\0')));
  EXPECT_EQ(unpack(bomb).code, "pj.ratio");
  EXPECT_LT(unpack(bomb).sizes.content, 5'000'000U) << "not unpacked any further";
  PjLimits loose;
  loose.ratio = 100'000;
  loose.content = 10'000'000;
  EXPECT_EQ(unpack(bomb, 4'096, loose).code, "pj.too_large");
  EXPECT_LE(unpack(bomb, 4'096, loose).content.size(), 10'000'000U);
  std::string members;
  for (int i = 0; i < 65; ++i)
    members += gzip("x");
  EXPECT_EQ(unpack(coded(members)).code, "pj.members");
}

TEST(PjContentTest, TheSinkMayEndIt) {
  PjContent content({}, [](std::string_view) -> Status {
    return failure(waiting_error("disk.full", "Disque plein.", "Disk full."));
  });
  ASSERT_FALSE(content.add(coded(gzip("abc"))) && content.finish());
  EXPECT_EQ(content.finish().error().code, "disk.full");
}

TEST(PjContentTest, IsReadyForTheNextOneAfterAnError) {
  PjContent content;
  EXPECT_FALSE(content.add("????").has_value());
  content.restart();
  EXPECT_EQ(content.sizes().packed, 0U);
  ASSERT_TRUE(content.add(coded(gzip("encore"))).has_value());
  ASSERT_TRUE(content.finish().has_value());
  EXPECT_EQ(content.sizes().content, 6U);
  content.restart();
  ASSERT_TRUE(content.add(coded(gzip("et encore"))).has_value());
  ASSERT_TRUE(content.finish().has_value());
  EXPECT_EQ(content.sizes().content, 9U);
}

}  // namespace
}  // namespace demat::pes
