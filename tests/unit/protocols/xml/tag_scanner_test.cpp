#include "protocols/xml/tag_scanner.hpp"

#include <gtest/gtest.h>

namespace demat::xml {
namespace {

constexpr std::string_view text =
    "<?xml version='1.0'?><!-- <B> --><n:R a='<B>'><B x=\"1 > 0\"><B/></B\n><![CDATA[<B></B>]]><m:B/><?p <B> "
    "?>"
    "<C/><B></B></n:R>";

TEST(TagScanner, GivesTheBytesOfEachElement) {
  const std::string bytes = [] {
    auto copy = std::string{text};
    copy.replace(copy.find("a='<B>'"), 7, "a='b'");  // '<' is not allowed there
    return copy;
  }();
  const auto found = find_elements(bytes, "B", 2);
  ASSERT_TRUE(found);
  std::vector<std::string> pieces;
  for (const auto& span : *found)
    pieces.push_back(bytes.substr(span.begin, span.end - span.begin));
  EXPECT_EQ(pieces, (std::vector<std::string>{"<B x=\"1 > 0\"><B/></B\n>", "<m:B/>", "<B></B>"}));
  EXPECT_EQ(bytes.substr((*found)[0].start_end, (*found)[0].end_begin - (*found)[0].start_end), "<B/>");
  EXPECT_TRUE((*found)[1].self_closing);
  EXPECT_FALSE((*found)[2].self_closing);
  EXPECT_EQ((*found)[2].start_end, (*found)[2].end_begin);
}

TEST(TagScanner, DepthIsExact) {
  const auto root = find_elements("<B><B><B/></B></B>", "B", 1);
  ASSERT_TRUE(root);
  ASSERT_EQ(root->size(), 1U);
  EXPECT_EQ(root->front().end, 18U);
  EXPECT_EQ(find_elements("<B><B><B/></B></B>", "B", 3)->size(), 1U);
  EXPECT_TRUE(find_elements("<B/>", "B", 2)->empty());
}

TEST(TagScanner, RefusesAnUnfinishedElement) {
  const auto found = find_elements("<a><b>", "b", 2);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, "xml.malformed");
}

}  // namespace
}  // namespace demat::xml
