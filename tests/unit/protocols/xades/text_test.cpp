#include "protocols/xades/text.hpp"

#include <gtest/gtest.h>

#include "protocols/xades/places.hpp"

using namespace demat::xades;

TEST(Text, EscapesForBothForms) {
  EXPECT_EQ(canonical_escaped("a & b < c > d\r\"'é"), "a &amp; b &lt; c &gt; d&#xD;\"'é");
  EXPECT_EQ(ascii_escaped("a & b < c > d\r\"'"), "a &amp; b &lt; c &gt; d&#xD;\"'");
  EXPECT_EQ(ascii_escaped("é œ € 𝄞"), "&#xE9; &#x153; &#x20AC; &#x1D11E;");
}

TEST(Text, KnowsWhatXmlAllows) {
  for (const auto* text : {"", "Maire", "é\t\r\n", "\xF0\x9D\x84\x9E", "\xEF\xBF\xBD", "\x7F"})
    EXPECT_TRUE(is_xml_text(text)) << text;
  for (const auto* text :
       {"\x01", "\x1F", "\xE9", "\xC0\x80", "\xED\xA0\x80", "\xEF\xBF\xBF", "\xF4\x90\x80\x80", "\xC3",
        "\xE2\x82", "\xF8\x88\x80\x80\x80", "\x80", "\xE0\x80\xAF"})
    EXPECT_FALSE(is_xml_text(text)) << static_cast<int>(static_cast<unsigned char>(text[0]));
  EXPECT_FALSE(is_xml_text(std::string_view("\0", 1)));
}

TEST(Text, TrimsAndSplitsOnXmlSpaces) {
  EXPECT_EQ(trimmed(" \t\r\n a b \n"), "a b");
  EXPECT_EQ(trimmed(" \n"), "");
  EXPECT_EQ(words("  n\tds\n xad "), (std::vector<std::string_view>{"n", "ds", "xad"}));
  EXPECT_TRUE(words(" ").empty());
}

TEST(Places, NcNamesAsXsIdAsks) {
  for (const auto* name : {"A", "_1", "BORD-1.2_x", "été"})
    EXPECT_TRUE(is_ncname(name)) << name;
  for (const auto* name : {"", "1A", "-A", ".A", "A:B", "A B", "A\n", "#A", "A'", "A)", "a&b"})
    EXPECT_FALSE(is_ncname(name)) << name;
}
