#include "protocols/marche/labels.hpp"

#include <gtest/gtest.h>

namespace demat::marche {
namespace {

TEST(MarcheLabels, of_every_list_are_complete_and_in_order) {
  for (int list = 0; list <= static_cast<int>(CodeList::type_tranche); ++list) {
    const auto rows = labels(static_cast<CodeList>(list));
    ASSERT_FALSE(rows.empty()) << list;
    std::string_view before;
    for (const auto& row : rows) {
      EXPECT_LT(before, row.code) << list;
      EXPECT_FALSE(row.fr.empty() || row.en.empty()) << list << " " << row.code;
      before = row.code;
    }
  }
}

TEST(MarcheLabels, of_unknown_codes_are_the_codes) {
  EXPECT_EQ(labelled(CodeList::procedure_marche, "02"), "appel d'offres ouvert");
  EXPECT_EQ(labelled(CodeList::procedure_marche, "77"), "77");
  EXPECT_EQ(labelled(CodeList::ccag, "07"), "maîtrise d'œuvre");
}

}  // namespace
}  // namespace demat::marche
