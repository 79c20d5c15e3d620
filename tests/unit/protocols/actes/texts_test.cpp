#include <gtest/gtest.h>

#include "protocols/actes/latin1.hpp"
#include "protocols/actes/media.hpp"

namespace demat::actes {
namespace {

using namespace std::string_literals;

TEST(Latin1, NamesWhatItDoesNotHave) {
  EXPECT_TRUE(not_latin1("Été à l'école, 100 % : « ÿ »\t\n").empty());
  EXPECT_EQ(not_latin1("l’œuvre de l’été €"), (std::vector<std::string>{"’", "œ", "€"}));
  EXPECT_EQ(not_latin1("a\x01z\x7F"), (std::vector<std::string>{"\x01", "\x7F"}));
  EXPECT_EQ(not_latin1("\xC2\x92"), (std::vector<std::string>{"\xC2\x92"})) << "a C1 control";
  EXPECT_EQ(not_latin1("\xE9t\xE9"), (std::vector<std::string>{"\xEF\xBF\xBD"}));
  EXPECT_EQ(not_latin1("😀"), (std::vector<std::string>{"😀"}));
}

struct Proposed {
  const char* text;
  const char* proposal;
};

TEST(Latin1, HasAProposal) {
  for (const auto& [text, proposal] :
       {Proposed{"l’œuvre “complète” – 10 €…", "l'oeuvre \"complète\" - 10 EUR..."},
        Proposed{"e\xCC\x81t\xC3\xA9, c\xCC\xA7"
                 "a",
                 "été, ça"},
        Proposed{"\xC2\x92"
                 "a",
                 "'a"},
        Proposed{"Çà et là", "Çà et là"}, Proposed{"Łódź Şişli", "Lódz Sisli"},
        Proposed{"a\xE2\x80\x8B"
                 "b\xE2\x80\xAF:",
                 "ab :"},
        Proposed{"😀 漢", "? ?"},
        Proposed{"a\x01"
                 "b",
                 "ab"},
        Proposed{"x\xCC\x88", "x"}, Proposed{"№ 5", "n° 5"}, Proposed{"ﬁn", "fin"}}) {
    EXPECT_EQ(latin1_proposal(text), proposal);
    EXPECT_TRUE(not_latin1(latin1_proposal(text)).empty()) << text;
  }
}

TEST(Latin1, EveryProposalFits) {
  for (std::uint32_t point = 0x80; point < 0x10000; ++point) {
    if (point >= 0xD800 && point < 0xE000) continue;
    std::string text;
    if (point < 0x800) {
      text = {static_cast<char>(0xC0U | point >> 6U), static_cast<char>(0x80U | (point & 0x3FU))};
    } else {
      text = {static_cast<char>(0xE0U | point >> 12U), static_cast<char>(0x80U | (point >> 6U & 0x3FU)),
              static_cast<char>(0x80U | (point & 0x3FU))};
    }
    ASSERT_TRUE(not_latin1(latin1_proposal(text)).empty()) << std::hex << point;
    ASSERT_EQ(not_latin1(text).empty(), point >= 0xA0 && point <= 0xFF) << std::hex << point;
  }
}

TEST(Latin1, GoesThereAndBack) {
  EXPECT_EQ(to_latin1("été"), "\xE9t\xE9");
  EXPECT_EQ(utf8_from_windows1252("\x93\xE9t\xE9\x94\x80"), "“été”€");
  EXPECT_EQ(characters("été"), 3U);
}

struct Sniffed {
  std::string bytes;
  Media media;
};

TEST(Media, AreSeenInTheFirstBytes) {
  const Sniffed cases[] = {
      {"%PDF-1.7\n", Media::pdf},
      {" %PDF-1.7\n", Media::other},
      {"\xFF\xD8\xFF\xE0", Media::jpeg},
      {"\xFF\xD8", Media::other},
      {"\x89PNG\r\n\x1A\n", Media::png},
      {"\x89PNG\n", Media::other},
      {"<?xml version=\"1.0\"?>", Media::xml},
      {"\xEF\xBB\xBF<?xml version=\"1.0\"?>", Media::xml},
      {"<DocumentBudgetaire xmlns=\"x\">", Media::xml},
      {"\n <a/>", Media::xml},
      {"<!-- a --><a/>", Media::xml},
      {"<html><body>", Media::other},
      {"<!DOCTYPE html>", Media::other},
      {"<1", Media::other},
      {"<", Media::other},
      {"", Media::other},
      {"texte", Media::other},
      {"PK\x03\x04", Media::other},
      {"GIF89a", Media::other},
      {"\0\0"s, Media::other},
  };
  for (const auto& c : cases)
    EXPECT_EQ(sniff(c.bytes), c.media) << c.bytes;
}

TEST(Media, HaveNames) {
  for (const auto media : {Media::pdf, Media::jpeg, Media::png, Media::xml, Media::other}) {
    EXPECT_EQ(media_of_mime(mime_type(media)), media);
    EXPECT_FALSE(extension(media).empty());
  }
  EXPECT_EQ(media_of_mime("text/xml; charset=utf-8"), Media::xml);
  EXPECT_EQ(media_of_mime("image/jpg"), Media::jpeg);
  EXPECT_FALSE(media_of_mime("text/plain"));
}

}  // namespace
}  // namespace demat::actes
