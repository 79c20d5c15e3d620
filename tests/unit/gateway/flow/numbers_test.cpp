#include "gateway/flow/numbers.hpp"

#include <gtest/gtest.h>

namespace demat::flow {
namespace {

Flow of_budget(const std::string& cod_bud) {
  Flow out;
  out.id_post = "034001";
  out.cod_col = "123";
  out.cod_bud = cod_bud;
  return out;
}

TEST(NumbersTest, ABordereauIsKnownByBudgetYearTypeAndNumber) {
  const BordereauNumber seven{"depense", "2026", "01", "7"};
  const auto key = bordereau_key(seven, of_budget("00"));
  EXPECT_EQ(bordereau_of(key), seven);
  EXPECT_EQ(bordereau_key({"depense", "2026", "01", "0007"}, of_budget("00")), key) << "zeros in front";
  for (const auto& other :
       {bordereau_key(seven, of_budget("01")), bordereau_key({"recette", "2026", "01", "7"}, of_budget("00")),
        bordereau_key({"depense", "2025", "01", "7"}, of_budget("00")),
        bordereau_key({"depense", "2026", "02", "7"}, of_budget("00")),
        bordereau_key({"depense", "2026", "01", "70"}, of_budget("00"))})
    EXPECT_NE(other, key);
}

TEST(NumbersTest, PartsNeverRunIntoEachOther) {
  EXPECT_NE(marche_key("20261", 2), marche_key("2026", 12));
  EXPECT_EQ(marche_of(marche_key("2026ABC", 12)).contrat, "2026ABC");
  EXPECT_EQ(marche_of(marche_key("2026ABC", 12)).sequence, 12U);
  EXPECT_EQ(marche_of("2026ABC").sequence, 0U) << "no such key";
  EXPECT_EQ(bordereau_of("2026ABC"), BordereauNumber{});
}

TEST(NumbersTest, ZerosAloneAreZero) {
  EXPECT_EQ(without_zeros("000"), "0");
  EXPECT_EQ(without_zeros(""), "");
  EXPECT_EQ(without_zeros("0100"), "100");
}

struct IdMarche {
  const char* text;
  const char* contrat;
  unsigned sequence;
};
class IdMarcheTest : public testing::TestWithParam<IdMarche> {};

TEST_P(IdMarcheTest, NamesContractAndSequence) {
  const auto read = read_id_marche(GetParam().text);
  EXPECT_EQ(read.contrat, GetParam().contrat);
  EXPECT_EQ(read.sequence, GetParam().sequence);
}
INSTANTIATE_TEST_SUITE_P(All, IdMarcheTest,
                         testing::Values(IdMarche{"2026ABCDEFGHIJ-002", "2026ABCDEFGHIJ", 2},
                                         IdMarche{"2026A-B-999", "2026A-B", 999},
                                         IdMarche{"2026ABC   -010", "2026ABC", 10},
                                         IdMarche{"2026ABC", "2026ABC", 0},
                                         IdMarche{"2026A-BC", "2026A-BC", 0},
                                         IdMarche{"2026ABC-000", "2026ABC-000", 0}, IdMarche{"", "", 0}));

TEST(NumbersTest, APaddedReferenceIsTheSameContract) {
  EXPECT_TRUE(same_contrat("2026ABC", "2026ABC"));
  EXPECT_TRUE(same_contrat("20260000000ABC", "2026ABC"));
  EXPECT_TRUE(same_contrat("2026ABC", "2026ABC "));
  EXPECT_FALSE(same_contrat("2025ABC", "2026ABC"));
  EXPECT_FALSE(same_contrat("2026ABD", "2026ABC"));
  EXPECT_FALSE(same_contrat("", "2026ABC"));
  EXPECT_FALSE(same_contrat("2026",
                            "2026"
                            "X"));
}

TEST(NumbersTest, WordsAreReadBack) {
  for (const auto kind :
       {NumberKind::pj, NumberKind::bordereau, NumberKind::signed_, NumberKind::marche, NumberKind::retour})
    EXPECT_EQ(number_kind_from(to_string(kind)), kind);
  for (const auto state :
       {MarcheState::pending, MarcheState::accepted, MarcheState::rejected, MarcheState::unnamed})
    EXPECT_EQ(marche_state_from(to_string(state)), state);
  EXPECT_EQ(retour_domaine_of(retour_key("13", Sha256{std::string(64, 'a')})), "13");
  EXPECT_FALSE(number_kind_from("autre"));
  EXPECT_FALSE(marche_state_from("autre"));
}

}  // namespace
}  // namespace demat::flow
