#include "protocols/archive/names.hpp"

#include <gtest/gtest.h>

namespace demat::archive {
namespace {

TEST(FoldedName, IgnoresCaseAccentsAndLigatures) {
  EXPECT_EQ(folded_name("Délibération N°1 ŒUVRE.PDF"), folded_name("deliberation n°1 oeuvre.pdf"));
  EXPECT_EQ(folded_name("ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸÆßØ"), "aaaceeeeiioouuuyaesso");
  EXPECT_EQ(folded_name("e\u0301\u0327"), "e");
  EXPECT_EQ(folded_name("Łódź Žižka Ǆ"), "lodz zizka Ǆ");
}

TEST(FoldedName, KeepsWhatDiffers) {
  EXPECT_NE(folded_name("a-1"), folded_name("a_1"));
  EXPECT_NE(folded_name("n°1"), folded_name("n1"));
  EXPECT_NE(folded_name("×"), folded_name("÷"));
}

}  // namespace
}  // namespace demat::archive
