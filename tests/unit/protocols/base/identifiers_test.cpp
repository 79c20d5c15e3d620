#include "protocols/base/identifiers.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <type_traits>
#include <unordered_set>

namespace demat {
namespace {

struct Case {
  const char* text;
  bool right;
};

TEST(Identifiers, Siren) {
  for (const auto& [text, right] :
       {Case{"732829320", true}, Case{"356000000", true}, Case{"000000000", true}, Case{"732829321", false},
        Case{"73282932", false}, Case{"7328293200", false}, Case{"73282932A", false},
        Case{" 32829320", false}, Case{"", false}})
    EXPECT_EQ(is_siren(text), right) << text;
}

TEST(Identifiers, Siret) {
  for (const auto& [text, right] :
       {Case{"73282932000074", true}, Case{"73282932000075", false}, Case{"7328293200007", false},
        Case{"35600000012345", true},   // La Poste: no Luhn key on the whole
        Case{"73282932100074", false},  // wrong SIREN
        Case{"7328293200007X", false}, Case{"", false}})
    EXPECT_EQ(is_siret(text), right) << text;
}

TEST(Identifiers, SirenOfASiret) {
  EXPECT_EQ(siren_of(Siret{"73282932000074"}), Siren{"732829320"});
  EXPECT_TRUE(siren_of(Siret{"7328"}).empty());
}

TEST(Strong, ComparesPrintsAndHashes) {
  static_assert(!std::is_convertible_v<std::string, Siren>);
  static_assert(!std::is_same_v<Siren, Siret>);
  EXPECT_LT(Siren{"1"}, Siren{"2"});
  EXPECT_NE(Siren{"1"}, Siren{});
  EXPECT_TRUE(Siren{}.empty());
  std::ostringstream out;
  out << NomFic{"PESALR1"};
  EXPECT_EQ(out.str(), "PESALR1");
  const std::unordered_set<Siren> set = {Siren{"1"}, Siren{"1"}, Siren{"2"}};
  EXPECT_EQ(set.size(), 2U);
}

}  // namespace
}  // namespace demat
