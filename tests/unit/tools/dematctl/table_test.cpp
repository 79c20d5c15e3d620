#include "tools/dematctl/table.hpp"

#include <gtest/gtest.h>

namespace demat::ctl {
namespace {

TEST(PrintableTest, DisarmsWhatDrivesATerminal) {
  struct Case {
    std::string text;
    std::string shown;
  };
  for (const Case& c :
       {Case{"réglé", "réglé"},
        Case{"a\x1b[31m"
             "b",
             "a [31mb"},
        Case{"a\nb\tc", "a b c"}, Case{"r\xE9gl\xE9", "r\xEF\xBF\xBDgl\xEF\xBF\xBD"}, Case{"\xC2\x9Bx", " x"},
        Case{"a\xE2\x80\xAE"
             "b",
             "a b"},
        Case{"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"}, Case{"", ""}})
    EXPECT_EQ(printable(c.text), c.shown);
}

TEST(DisplayWidthTest, CountsColumns) {
  EXPECT_EQ(display_width("réglé"), 5U);
  EXPECT_EQ(display_width("e\xCC\x81"), 1U) << "combining accent";
  EXPECT_EQ(display_width("\xE6\xBC\xA2"), 2U) << "wide character";
  EXPECT_EQ(display_width(""), 0U);
}

TEST(TableTest, AlignsAccentedText) {
  Table table({"état", "nom"});
  table.add({"réglé", "a"});
  table.add({"x", "b"});
  EXPECT_EQ(table.str(), "état   nom\n─────  ───\nréglé  a\nx      b\n");
}

TEST(TableTest, CutsOnlyTheLastColumn) {
  Table table({"id", "nom"});
  table.add({"0123456789", "abcdefghijklmnopqrstuvwxyz"});
  EXPECT_EQ(table.str(26), "id          nom\n──────────  ──────────────\n0123456789  abcdefghijklm…\n");
  EXPECT_NE(table.str(5).find("0123456789"), std::string::npos) << "a narrow terminal does not hide ids";
}

TEST(TableTest, ShortRowsAreFilled) {
  Table table({"a", "b"});
  EXPECT_TRUE(table.empty());
  table.add({"1"});
  EXPECT_EQ(table.str(), "a  b\n─  ─\n1\n");
}

}  // namespace
}  // namespace demat::ctl
