#include "protocols/base/file_name.hpp"

#include <gtest/gtest.h>

#include "protocols/base/utf8.hpp"

namespace demat {
namespace {

struct Named {
  const char* raw;
  const char* safe;
};

TEST(SafeFileName, IsNothingButAName) {
  for (const auto& [raw, safe] : {Named{"facture.pdf", "facture.pdf"},
                                  Named{"relevé n° 3.pdf", "relevé n° 3.pdf"},
                                  Named{"../../etc/passwd", "passwd"},
                                  Named{"/etc/passwd", "passwd"},
                                  Named{"C:\\Windows\\a.exe", "a.exe"},
                                  Named{"x\\y\\é.pdf", "é.pdf"},
                                  Named{"x/..pdf", "pdf"},
                                  Named{".ssh", "ssh"},
                                  Named{"-rf.pdf", "rf.pdf"},
                                  Named{"~root.pdf", "root.pdf"},
                                  Named{"a\nb\x1b[31m.pdf", "a b [31m.pdf"},
                                  Named{"fdp.\u202e.exe", "fdp. .exe"},
                                  Named{"fd\u00adp\u2060\ufeff\U000e0041.pdf", "fd p   .pdf"},
                                  Named{" a. ", "a"},
                                  Named{"a.pdf. . ", "a.pdf"},
                                  Named{"a:b?.xml", "a_b_.xml"},
                                  Named{"con.pdf", "_con.pdf"},
                                  Named{"NUL", "_NUL"},
                                  Named{"com1.xml", "_com1.xml"},
                                  Named{"COMMUNE.xml", "COMMUNE.xml"},
                                  Named{"$(x)`y`.pdf", "_(x)_y_.pdf"},
                                  Named{"", "piece-jointe-7"},
                                  Named{"...", "piece-jointe-7"},
                                  Named{"..", "piece-jointe-7"},
                                  Named{"x/", "piece-jointe-7"},
                                  Named{"///", "piece-jointe-7"},
                                  Named{"???", "piece-jointe-7"},
                                  Named{"\u202e\x01", "piece-jointe-7"},
                                  Named{"\xff\xfe.pdf", "\uFFFD\uFFFD.pdf"}}) {
    EXPECT_EQ(safe_file_name(raw, "piece-jointe-7"), safe) << raw;
  }
  EXPECT_EQ(safe_file_name("", "../"), "piece-jointe");
}

TEST(SafeFileName, IsBoundedAndKeepsItsExtension) {
  EXPECT_EQ(safe_file_name(std::string(300, 'a') + ".pdf", "x"), std::string(146, 'a') + ".pdf");
  EXPECT_EQ(safe_file_name("a." + std::string(300, 'b'), "x").size(), max_safe_name) << "no extension at all";
  std::string endless;
  for (int i = 0; i < 500; ++i)
    endless += "é";
  const std::string cut = safe_file_name(endless + ".pdf", "x");
  EXPECT_LE(cut.size(), max_safe_name);
  EXPECT_TRUE(cut.ends_with("é.pdf"));
  EXPECT_TRUE(is_utf8(cut));
}

}  // namespace
}  // namespace demat
