#include "protocols/base/utf8.hpp"

#include <gtest/gtest.h>

namespace demat {
namespace {

TEST(Utf8, KnowsWhatIsWellFormed) {
  for (const auto* text : {"", "abc", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xEF\xBF\xBD"})
    EXPECT_TRUE(is_utf8(text)) << text;
  // Alone, cut off, overlong, surrogate, beyond the last code point.
  for (const auto* text : {"\xE9", "\x80", "\xC3", "\xE2\x82", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80",
                           "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "a\xFFz"})
    EXPECT_FALSE(is_utf8(text)) << text;
}

TEST(Utf8, ReplacesOnlyWhatIsWrong) {
  EXPECT_EQ(utf8_replaced("\xC3\xA9t\xC3\xA9"), "\xC3\xA9t\xC3\xA9");
  EXPECT_EQ(utf8_replaced("a\xE9z"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(utf8_replaced("\xF0\"}"), "\xEF\xBF\xBD\"}");  // never swallows what follows
}

TEST(Utf8, KnowsWhatCannotBeSeen) {
  for (const char32_t point :
       {U'\0', U'\n', U'\x1b', U'\x7f', U'\u0085', U'\u00ad', U'\u200b', U'\u200e', U'\u2028', U'\u202e',
        U'\u2060', U'\u2064', U'\u2066', U'\ufeff', U'\ufff9', U'\U000e0041'})
    EXPECT_TRUE(is_invisible(point)) << static_cast<unsigned>(point);
  for (const char32_t point : {U' ', U'~', U'\u00a0', U'é', U'œ', U'€', U'\ufffd', U'\U0001f600'})
    EXPECT_FALSE(is_invisible(point)) << static_cast<unsigned>(point);
  EXPECT_EQ(utf8_visible("é\xE2\x80\xAE\n\xC2\xADx\xFF€"), "é   x\xEF\xBF\xBD€");
}

TEST(Utf8, IsCutBetweenCharacters) {
  struct Case {
    const char* text;
    std::size_t bytes;
    const char* first;
  };
  for (const auto& [text, bytes, first] :
       {Case{"abc", 3, "abc"}, Case{"abc", 2, "ab"}, Case{"abc", 0, ""}, Case{"", 5, ""}, Case{"été", 1, ""},
        Case{"été", 2, "é"}, Case{"été", 3, "ét"}, Case{"été", 4, "ét"}, Case{"été", 5, "été"},
        Case{"€", 2, ""}, Case{"a\U0001f600b", 4, "a"}, Case{"a\U0001f600b", 5, "a\U0001f600"},
        Case{"\x80\x80\x80", 2, ""}}) {
    EXPECT_EQ(utf8_first(text, bytes), first) << text << " " << bytes;
    const bool cut = std::string_view(first).size() < std::string_view(text).size();
    EXPECT_EQ(utf8_shortened(text, bytes), std::string(first) + (cut ? "…" : "")) << text << " " << bytes;
  }
  EXPECT_EQ(utf8_characters("été €\U0001f600"), 6U);
  EXPECT_EQ(utf8_characters(""), 0U);
}

TEST(Utf8, ReadsLatin1) {
  EXPECT_EQ(utf8_from_latin1("\xE9t\xE9\xFF"), "\xC3\xA9t\xC3\xA9\xC3\xBF");
  EXPECT_EQ(utf8_from_latin1("a\x85z"), "az");
}

}  // namespace
}  // namespace demat
